/** The typed calls of `schema/rpc.ts` as an oRPC router: every input parsed, every error plain data, streams cancellable. */
import { setImmediate } from 'node:timers/promises';
import { type AnyProcedure, ORPCError, os } from '@orpc/server';
import { RPCHandler } from '@orpc/server/message-port';
import { WindowSeat } from '#host/documents/window-seat.ts';
import { type SerializedError, serializeError } from '#schema/errors.ts';
import { type HostProcedures, procedures, rpcErrors } from '#schema/rpc.ts';
import { type PortLike, transferNothing } from '#schema/rpc-port.ts';

/** Hears of errors that are neither the user's nor the surroundings': they are faults of Caudal. */
export type BugListener = (error: unknown) => void;

export interface RpcServer {
  /** Serves one window until its port closes; closing it ends the streams that it reads. */
  upgrade(port: PortLike): WindowSeat;
}

/** `onLeave` hears of each window whose port has closed. */
export function createRpcServer(
  functions: HostFunctions,
  onBug: BugListener,
  onLeave: (seat: WindowSeat) => void,
): RpcServer {
  const handler = new RPCHandler<SeatContext>(routerOf(procedures, functions, onBug), {
    experimental_transfer: transferNothing,
  });
  return {
    upgrade(port) {
      const seat = new WindowSeat();
      port.addEventListener('close', () => onLeave(seat));
      handler.upgrade(port, { context: { seat } });
      return seat;
    },
  };
}

interface SeatContext {
  readonly [name: string]: unknown;
  readonly seat: WindowSeat;
}

/** What every function gets beside its input. */
export interface CallOptions {
  /** Aborted when the window gives up or its port closes. */
  readonly signal: AbortSignal;
  /** The window that calls. */
  readonly seat: WindowSeat;
}

export type HostFunctions = HostProcedures<CallOptions>;

type AnyCall = (input: unknown, options: CallOptions) => Promise<unknown>;
type AnyStream = (input: unknown, options: CallOptions) => AsyncGenerator<unknown, void, void>;
type AnyFunctions = { readonly [name: string]: AnyFunctions | AnyCall | AnyStream };
type AnySpec = { readonly kind: 'call' | 'stream'; readonly input: Parameters<typeof described.input>[0] } | AnyTable;
type AnyTable = { readonly [name: string]: AnySpec };
type AnyRouter = { [name: string]: AnyProcedure | AnyRouter };

const described = os.$context<SeatContext>().errors(rpcErrors);

/** The table and the functions have the same shape: `HostFunctions` is made of the table. */
function routerOf(table: object, functions: object, onBug: BugListener): AnyRouter {
  const router: AnyRouter = {};
  for (const [name, spec] of Object.entries(table as AnyTable)) {
    const run = (functions as AnyFunctions)[name];
    if (typeof run === 'function') router[name] = procedureOf(spec, run, onBug);
    else router[name] = routerOf(spec, run ?? {}, onBug);
  }
  return router;
}

function procedureOf(spec: AnySpec, run: AnyCall | AnyStream, onBug: BugListener): AnyProcedure {
  const procedure = described.input((spec as { input: Parameters<typeof described.input>[0] }).input);
  const optionsOf = (signal: AbortSignal | undefined, { seat }: SeatContext): CallOptions => ({
    signal: signal ?? new AbortController().signal,
    seat,
  });
  if (spec.kind === 'call') {
    return procedure.handler(async ({ input, signal, context }) => {
      try {
        return await (run as AnyCall)(input, optionsOf(signal, context));
      } catch (error) {
        throw rpcErrorOf(error, onBug);
      }
    });
  }
  return procedure.handler(async function* ({ input, signal, context }) {
    try {
      for await (const event of (run as AnyStream)(input, optionsOf(signal, context))) {
        yield event;
        // Nothing holds a stream back: without a turn of the event loop its own cancel message would starve.
        await setImmediate();
      }
    } catch (error) {
      throw rpcErrorOf(error, onBug);
    }
  });
}

const CODES = { input: 'INPUT', environment: 'ENVIRONMENT', bug: 'BUG' } as const satisfies Record<
  SerializedError['kind'],
  keyof typeof rpcErrors
>;

function rpcErrorOf(error: unknown, onBug: BugListener): Error {
  const { stack: _, ...data } = serializeError(error);
  if (data.kind === 'bug') onBug(error);
  const code = CODES[data.kind];
  return new ORPCError(code, { status: rpcErrors[code].status, message: data.message, data });
}
