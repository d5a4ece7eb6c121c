/** What the `client.ts` facets give to those who send records to a deployed resource: the driver and the handlers. */

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
