/** How a table of calls between a window and the host is written, and the functions that each side has of it. */
import { z } from 'zod';

/** What our own code makes: typed, not parsed again. */
export function trusted<T>(): z.ZodType<T> {
  return z.custom<T>();
}

export interface CallSpec<Input extends z.ZodType, Output extends z.ZodType> {
  readonly kind: 'call';
  readonly input: Input;
  readonly output: Output;
}

export interface StreamSpec<Input extends z.ZodType, Event extends z.ZodType> {
  readonly kind: 'stream';
  readonly input: Input;
  readonly event: Event;
}

export function call<Input extends z.ZodType, Output extends z.ZodType>(
  input: Input,
  output: Output,
): CallSpec<Input, Output> {
  return { kind: 'call', input, output };
}

export function stream<Input extends z.ZodType, Event extends z.ZodType>(
  input: Input,
  event: Event,
): StreamSpec<Input, Event> {
  return { kind: 'stream', input, event };
}

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

/** Names a state of the open document, as `document.update` gave it. */
export const stateId = z.string().min(1).max(64);
