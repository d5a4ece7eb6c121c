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

/** A service that code asks before it goes on: a cache that says which records are new. */
export interface AskedClient {
  /** Which of the keys were not there before; they are there afterwards, for `timeToLiveSeconds`. */
  claim(address: string, keys: readonly string[], timeToLiveSeconds: number): Promise<readonly boolean[]>;
  close(): void;
}
