/**
 * What the `client.ts` facets give to those who send records to a deployed resource or look for them there: the driver and the
 * handlers; and how a record is written on its way.
 */

/** One unit as the target counts it: a Kinesis record, a message, an object. */
export interface Entry {
  /** UTF-8 text; records of one unit stand on lines of their own. */
  readonly body: string;
  /** Partition key or message group. */
  readonly key: string;
}

/** An entry that the target refused, by its place in the call, with the service's own error code. */
export interface Refusal {
  readonly index: number;
  readonly code: string;
}

export interface TargetClient {
  /** Most entries of one call. */
  readonly maxEntries: number;
  /** Most bytes of one call, keys included. */
  readonly maxBytes: number;
  /** Sends one call; resolves with what was refused, rejects when the whole call failed. */
  send(address: string, entries: readonly Entry[]): Promise<readonly Refusal[]>;
  /** Releases sockets. */
  close(): void;
}

/** How a client finds its service. Left out: AWS's own default chain of the process. */
export interface ClientSettings {
  /** Tries of one call by the SDK itself; 1 where the caller counts and repeats them. */
  readonly maxAttempts?: number;
  readonly region?: string;
  readonly endpoint?: string;
  readonly credentials?: () => Promise<{
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  }>;
}

export type ClientFactory = (settings: ClientSettings) => TargetClient;

/** A service that code asks before it goes on, and tells when it is done: a cache that says which records are new. */
export interface AskedClient {
  /** Whether each key was there. */
  has(address: string, keys: readonly string[]): Promise<readonly boolean[]>;
  /** Puts each key there for some time; which of them were not there before. `onlyNew` leaves those alone that were. */
  put(address: string, keys: readonly string[], mark: Mark): Promise<readonly boolean[]>;
  close(): void;
}

export interface Mark {
  readonly value: string;
  readonly timeToLiveSeconds: number;
  readonly onlyNew: boolean;
}

export type AskedClientFactory = (settings: ClientSettings) => AskedClient;

/** What is polled, and how; see HandlerInput in schema/deployment.ts. */
export interface ReaderInput {
  readonly address: string;
  readonly maxEntries: number;
  readonly waitSeconds: number;
  readonly idleMs: number;
  readonly readers: number;
  readonly maxAttempts: number;
  readonly backoffMs: number;
}

/** What a reader is given by the process that it runs in. */
export interface Reading {
  /** Works on bodies of units, and rejects when that failed. */
  readonly work: (bodies: readonly string[]) => Promise<void>;
  readonly isStopped: () => boolean;
  readonly wait: (ms: number) => Promise<void>;
}

/** Polls a source until it is stopped. Rejects when the source itself cannot be read. */
export type Reader = (input: ReaderInput, reading: Reading) => Promise<void>;

export type ReaderFactory = (settings: ClientSettings) => Reader;

/** What lies at the end of a pipeline, one object or message at a time. */
export interface SinkUnit {
  /** Text as it was put there. */
  readonly body: string;
  /** When it arrived by AWS's clock, Unix milliseconds. */
  readonly arrivedMs: number;
}

export interface SinkLook {
  readonly address: string;
  /** What arrived earlier is passed over, Unix milliseconds. */
  readonly sinceMs: number;
  /** Takes what it reads away, as the consumer would that is not deployed; otherwise it stays. */
  readonly removes: boolean;
}

/** Looks once and gives what it has not given before; call it again for what came since. */
export interface SinkReader {
  look(give: (unit: SinkUnit) => void): Promise<void>;
  close(): void;
}

export type SinkReaderFactory = (settings: ClientSettings, look: SinkLook) => SinkReader;

/** A record as it travels through a deployed pipeline. */
export interface WireRecord {
  /** Names it for good. */
  readonly id: string;
  /** Event time, Unix milliseconds; 0 of a line that is none of ours. */
  readonly t: number;
  /** Key. */
  readonly k: string;
  /** Padding to the size that was drawn. */
  readonly p: string;
}

const FNV_START = 2_166_136_261;
const FNV_PRIME = 16_777_619;
const UINT32 = 4_294_967_296;

/** Text as a number in [0, 1), the same everywhere (FNV-1a, mixed). */
export function fraction(text: string): number {
  let hash = FNV_START;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), FNV_PRIME);
  hash = Math.imul(hash ^ (hash >>> 15), 2_246_822_507);
  hash = Math.imul(hash ^ (hash >>> 13), 3_266_489_909);
  return ((hash ^ (hash >>> 16)) >>> 0) / UINT32;
}

/** Records of a message: one on each line. A line that is none of ours becomes a record of its own, named by its text. */
export function parseRecords(body: string): WireRecord[] {
  const records: WireRecord[] = [];
  for (const line of body.split('\n')) {
    if (line === '') continue;
    records.push(recordOf(line));
  }
  return records;
}

function recordOf(line: string): WireRecord {
  try {
    const { id, t, k, p } = JSON.parse(line) as Partial<WireRecord>;
    if (typeof id === 'string' && typeof t === 'number') return { id, t, k: k ?? id, p: p ?? '' };
  } catch {
    // Not JSON: a line that somebody else put in.
  }
  const id = fraction(line).toString(36).slice(2);
  return { id, t: 0, k: id, p: line };
}

/** A record as a line, padded to so many bytes; the envelope is the least it can have. */
export function wireLine({ id, t, k }: Omit<WireRecord, 'p'>, bytes: number): string {
  const bare = JSON.stringify({ id, t: Math.round(t), k, p: '' });
  const missing = bytes - Buffer.byteLength(bare);
  return missing <= 0 ? bare : `${bare.slice(0, -2)}${'x'.repeat(missing)}"}`;
}
