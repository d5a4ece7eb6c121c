/**
 * The three kinds of failure Caudal knows: the user's data is wrong (`InputError`), the surroundings failed
 * (`EnvironmentError`), or Caudal itself is wrong (`invariant`, a plain `Error`). Codes are listed in docs/errors.md.
 */

/** A place in a text file, both counted from 1. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

/** One thing that is wrong with the user's input: where, what was received, what is allowed, what to do. */
export interface Fault {
  /** Stable code such as `document/unknown-component`. */
  readonly code: string;
  /** Path in the one grammar of the product, e.g. `nodes.clicks.config.shardCount`; empty for the whole input. */
  readonly path: string;
  /** What was received, already shortened for display. */
  readonly received?: string | undefined;
  /** What is allowed instead. */
  readonly allowed?: string | undefined;
  /** One sentence that says what is wrong and what to do. */
  readonly message: string;
  readonly position?: TextPosition | undefined;
}

/** The user's data is wrong and the user can mend it. Carries every fault at once. */
export class InputError extends Error {
  readonly kind = 'input';
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[]) {
    super(faults.map(describeFault).join('\n'));
    this.name = 'InputError';
    this.faults = faults;
  }
}

/** Disk, network, AWS or a child process failed. */
export class EnvironmentError extends Error {
  readonly kind = 'environment';
  readonly code: string;

  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'EnvironmentError';
    this.code = code;
  }
}

/** A fault of Caudal itself: throws a plain `Error` unless the condition holds. */
export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`Caudal is at fault: ${message}`);
}

/** Thrown data as it crosses a thread or a socket. */
export interface SerializedError {
  readonly kind: 'input' | 'environment' | 'bug';
  readonly code?: string;
  readonly message: string;
  readonly faults?: readonly Fault[];
  readonly stack?: string;
}

/** Turns anything thrown into plain data. */
export function serializeError(error: unknown): SerializedError {
  if (error instanceof InputError) return { kind: 'input', message: error.message, faults: error.faults };
  if (error instanceof EnvironmentError) return { kind: 'environment', code: error.code, message: error.message };
  if (error instanceof Error) {
    return { kind: 'bug', message: error.message, ...(error.stack === undefined ? {} : { stack: error.stack }) };
  }
  return { kind: 'bug', message: String(error) };
}

/** Rebuilds an error on the other side of a thread or a socket. */
export function deserializeError(data: SerializedError): Error {
  if (data.kind === 'input') return new InputError(data.faults ?? []);
  if (data.kind === 'environment') return new EnvironmentError(data.code ?? 'environment/unknown', data.message);
  const error = new Error(data.message);
  if (data.stack !== undefined) error.stack = data.stack;
  return error;
}

/** One fault as one line: `path: message (got x; allowed y)` with the line and column where they are known. */
export function describeFault(fault: Fault): string {
  const where = fault.position ? `${fault.position.line}:${fault.position.column} ` : '';
  const path = fault.path === '' ? '' : `${fault.path}: `;
  const got = fault.received === undefined ? '' : ` (got ${fault.received})`;
  const allowed = fault.allowed === undefined ? '' : `; allowed: ${fault.allowed}`;
  return `${where}${path}${fault.message}${got}${allowed} [${fault.code}]`;
}

/** Shows a received value in at most 80 characters. */
export function showReceived(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : safeText(value);
  return text.length <= 80 ? text : `${text.slice(0, 77)}...`;
}

function safeText(value: unknown): string {
  if (typeof value === 'number' || value === undefined) return String(value);
  return JSON.stringify(value) ?? String(value);
}
