/**
 * Every call between a window and the host, in one table: name -> input, output or event. The host makes its router of it
 * (`host/router/`), the window its client (`renderer/state/`), over whatever port joins the two. Inputs are parsed by the
 * host; outputs and events come from our own code and are typed, not parsed again.
 */
import { z } from 'zod';
import { type CaudalDocument, runSchema } from './document.ts';
import type { Fault, SerializedError } from './errors.ts';
import type { RawResult, RunReport } from './result.ts';

/** How a call fails: `SerializedError.kind` in capitals, as codes are written on the wire. */
export const rpcErrors = {
  INPUT: { status: 422, data: trusted<SerializedError>() },
  ENVIRONMENT: { status: 503, data: trusted<SerializedError>() },
  BUG: { status: 500, data: trusted<SerializedError>() },
} as const;

/** Where the WebSocket of the served window is. */
export const rpcPath = '/rpc';

function trusted<T>(): z.ZodType<T> {
  return z.custom<T>();
}

interface CallSpec<Input extends z.ZodType, Output extends z.ZodType> {
  readonly kind: 'call';
  readonly input: Input;
  readonly output: Output;
}

interface StreamSpec<Input extends z.ZodType, Event extends z.ZodType> {
  readonly kind: 'stream';
  readonly input: Input;
  readonly event: Event;
}

function call<Input extends z.ZodType, Output extends z.ZodType>(
  input: Input,
  output: Output,
): CallSpec<Input, Output> {
  return { kind: 'call', input, output };
}

function stream<Input extends z.ZodType, Event extends z.ZodType>(
  input: Input,
  event: Event,
): StreamSpec<Input, Event> {
  return { kind: 'stream', input, event };
}

export interface AppInfo {
  readonly version: string;
  readonly nodeVersion: string;
  /** Name of the folder in which files can be opened. */
  readonly folder: string;
}

/** A document as the host holds it: complete (defaults filled), or with everything that is wrong with it. */
export type OpenedDocument =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'valid';
      /** Names this state of the document in calls that use it. */
      readonly id: string;
      /** Relative to the start folder. */
      readonly path: string;
      readonly document: CaudalDocument;
      readonly warnings: readonly Fault[];
    }
  | { readonly kind: 'faulty'; readonly path: string; readonly faults: readonly Fault[] };

export interface FileEntry {
  readonly name: string;
  /** Relative to the start folder, with `/` between folders. */
  readonly path: string;
  readonly kind: 'folder' | 'document';
  readonly bytes: number;
  /** ISO date and time. */
  readonly modifiedAt: string;
}

export interface FolderListing {
  readonly path: string;
  readonly entries: readonly FileEntry[];
}

/** Faults and warnings of a document that is not saved. */
export interface Validation {
  readonly faults: readonly Fault[];
  readonly warnings: readonly Fault[];
}

/** What a run tells while it goes on. `started` comes first and `done` last. */
export type RunEvent =
  | { readonly kind: 'started'; readonly runId: string; readonly seed: number; readonly horizonSeconds: number }
  | {
      readonly kind: 'progress';
      /** Simulated seconds reached; negative during the pre-roll. */
      readonly simulatedSeconds: number;
      readonly horizonSeconds: number;
      readonly events: number;
      readonly wallSeconds: number;
    }
  | { readonly kind: 'partial'; readonly simulatedSeconds: number; readonly result: RawResult }
  /** A cancelled run tells what it reached. */
  | { readonly kind: 'done'; readonly report: RunReport; readonly cancelled: boolean };

const nothing = z.strictObject({}).default({});
const pathInFolder = z.string().max(4096);
const runIdInput = z.strictObject({ runId: z.string().min(1).max(64) });
const done = trusted<{ readonly ok: true }>();

const runInput = z.strictObject({
  /** `id` of the opened document. */
  document: z.string().min(1).max(64),
  seed: runSchema.shape.seed.unwrap().optional(),
  fidelity: runSchema.shape.fidelity.unwrap().optional(),
  horizonSeconds: runSchema.shape.horizonSeconds.unwrap().optional(),
  preRollSeconds: runSchema.shape.preRollSeconds.unwrap().optional(),
});

export const procedures = {
  app: {
    info: call(nothing, trusted<AppInfo>()),
  },
  document: {
    /** The document of this host, as it is now. */
    current: call(nothing, trusted<OpenedDocument>()),
    /** Opens another file of the start folder in place of the current one. */
    open: call(z.strictObject({ path: pathInFolder.min(1) }), trusted<OpenedDocument>()),
    /** Checks a document without opening it. */
    validate: call(z.strictObject({ document: z.unknown() }), trusted<Validation>()),
  },
  files: {
    /** Folders and documents in a folder of the start folder; empty path for the start folder itself. */
    list: call(z.strictObject({ path: pathInFolder.default('') }), trusted<FolderListing>()),
  },
  run: {
    start: stream(runInput, trusted<RunEvent>()),
    pause: call(runIdInput, done),
    resume: call(runIdInput, done),
    cancel: call(runIdInput, done),
  },
} as const;

export type Procedures = typeof procedures;
export type RunInput = z.input<typeof runInput>;

/** Makes, of the table, the functions that one side has: `Rest` is what each takes after its input. */
export type FunctionsOf<Table, Side extends 'host' | 'window', Rest extends readonly unknown[]> = {
  readonly [Name in keyof Table]: Table[Name] extends CallSpec<infer Input, infer Output>
    ? (input: InputOn<Side, Input>, ...rest: Rest) => Promise<z.output<Output>>
    : Table[Name] extends StreamSpec<infer Input, infer Event>
      ? (input: InputOn<Side, Input>, ...rest: Rest) => StreamOn<Side, z.output<Event>>
      : FunctionsOf<Table[Name], Side, Rest>;
};

type InputOn<Side, Input extends z.ZodType> = Side extends 'host' ? z.output<Input> : z.input<Input>;
type StreamOn<Side, Event> = Side extends 'host'
  ? AsyncGenerator<Event, void, void>
  : Promise<AsyncIterableIterator<Event>>;

/** What the host implements: a missing or mistyped procedure does not compile. */
export type HostProcedures<Options> = FunctionsOf<Procedures, 'host', [options: Options]>;

/** What a window calls. */
export type WindowProcedures<Options> = FunctionsOf<Procedures, 'window', [options?: Options]>;
