/** The host's functions over one connection: the window's side of `schema/rpc.ts`. */
import { createORPCClient, ORPCError } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import { deserializeError, EnvironmentError, InputError, type SerializedError } from '#schema/errors.ts';
import { portOfSocket, type SocketLike, transferNothing } from '#schema/rpc-port.ts';
import type { WindowProcedures } from '#schema/rpc.ts';

export type HostClient = WindowProcedures<{ readonly signal?: AbortSignal }>;

/** Calls fail once the socket closes. `onFault` hears of answers that could not be read. */
export function hostClient(socket: SocketLike, onFault: (error: unknown) => void): HostClient {
  return portClient(portOfSocket(socket, onFault) as Pick<MessagePort, 'addEventListener' | 'postMessage'>);
}

/** As `hostClient`, over a message port. */
export function portClient(port: Pick<MessagePort, 'addEventListener' | 'postMessage'>): HostClient {
  const link = new RPCLink({ port, experimental_transfer: transferNothing });
  // The functions are made of the names that are called; `WindowProcedures` is made of the table both sides share.
  return createORPCClient(link) as unknown as HostClient;
}

/** The error as it was thrown in the host; one of the connection stays as it is. */
export function hostError(error: unknown): Error {
  if (error instanceof ORPCError && isSerialized(error.data)) return deserializeError(error.data);
  return error instanceof Error ? error : new Error(String(error));
}

/** What an error says to a user: its sentences, without the codes that stand beside them on a command line. */
export function sentenceOf(error: Error): string {
  if (!(error instanceof InputError)) return error.message;
  return error.faults.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ');
}

/** The code of an error; of several faults, that of the first. */
export function codeOf(error: Error): string {
  if (error instanceof InputError) return error.faults[0]?.code ?? '';
  return error instanceof EnvironmentError ? error.code : '';
}

function isSerialized(data: unknown): data is SerializedError {
  return typeof data === 'object' && data !== null && 'kind' in data && 'message' in data;
}
