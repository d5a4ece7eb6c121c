/** How components meet inside the engine: push, log, queue, invocation, call and query (design: "How components meet"). */
import type { ParcelList } from './parcels.ts';

/** Answer to one request. The caller owns it and passes it in; the callee fills every field. */
export interface Reply {
  /** Units taken; they have left the request's list. */
  accepted: number;
  /** Units refused by a limit (throttled); still in the list. */
  refused: number;
  /** Units that failed for another reason; still in the list. */
  failed: number;
  /** Microseconds until the caller has the answer. */
  latencyUs: number;
  /** Earliest sensible retry, microseconds from now; 0 when the callee does not say. */
  retryAfterUs: number;
}

/** A fresh reply that accepts nothing. */
export function newReply(): Reply {
  return { accepted: 0, refused: 0, failed: 0, latencyUs: 0, retryAfterUs: 0 };
}

/** Takes what others send. Accepted parcels move to the callee (also in the ledger); the upstream owns every retry. */
export interface Push {
  readonly meeting: 'push';
  /**
   * Offers one request. `isBatch` tells a batch call (PutRecords, SendMessageBatch) from a single one; without it a run is as many
   * single calls as it has units.
   * Must not call back into the caller; must set every field of `reply`.
   */
  offer(request: ParcelList, isBatch: boolean, reply: Reply): void;
  /**
   * Takes one free-standing unit now, as `offer` would, or answers false and has done nothing: then it is offered. For those who
   * send records one by one and wait for no answer. Always offered when left out.
   */
  takeOne?(parcel: number): boolean;
  /** The partition that a parcel would go to now, for clients that pack by partition; one partition when left out. */
  predictPartition?(parcel: number): number;
  /**
   * Whether runs (runs.ts) may be offered at this moment: each is taken or refused whole. Single units only when left out.
   */
  takesRuns?(): boolean;
  /**
   * Whether free-standing runs, which no invocation may take back, may be offered at this moment even so: what is not taken of them
   * is left as single units. As `takesRuns` when left out.
   */
  splitsRuns?(): boolean;
  /**
   * Offers runs that come over the time from now on (`span` > 0), one call for each unit. What cannot run into a limit, in whatever
   * order it comes, is taken, also in parts; the rest stays in the list and comes unit by unit. Nothing is taken when left out.
   */
  offerCell?(request: ParcelList, reply: Reply): void;
}

/** Answer to one read of a log partition. */
export interface ReadReply {
  /** A read limit refused the call; nothing was returned. */
  throttled: boolean;
  /** The log is out of order (outage); nothing was returned. */
  failed: boolean;
  /** The read was cut short by a limit or more is waiting. */
  more: boolean;
  /** The partition is closed and read to its end. */
  ended: boolean;
  /** Age of the last record returned, microseconds; 0 when caught up. */
  behindUs: number;
  /** Microseconds until the caller has the answer. */
  latencyUs: number;
}

/** A fresh reply to a read that returned nothing. */
export function newReadReply(): ReadReply {
  return { throttled: false, failed: false, more: false, ended: false, behindUs: 0, latencyUs: 0 };
}

/** A reader of a log, told when partitions appear (a reshard) and, with fan-out, when records arrive. */
export interface LogConsumer {
  /** Partition ids are never reused. `parents` must be drained before it is read. */
  onPartitionOpened(partition: number, parents: readonly number[]): void;
  /** Enhanced fan-out only: records are there; called at most once until the next read. */
  onRecords?(partition: number): void;
  /** Takes runs (runs.ts); single units only when left out. */
  readonly takesRuns?: boolean;
}

/** A partitioned log. Reading does not remove: what a consumer has read stays the log's until it settles it. */
export interface LogPort {
  readonly meeting: 'log';
  /** Microseconds after which a record is trimmed whether or not it was read. */
  readonly retentionUs: number;
  /** Registers a consumer while the model is built; returns its id. */
  subscribe(consumer: LogConsumer, fanOut: boolean): number;
  /** Reads up to `maxUnits` units and `maxBytes` bytes; they move to `into`, still owned by the log's node. */
  read(
    consumer: number,
    partition: number,
    maxUnits: number,
    maxBytes: number,
    into: ParcelList,
    reply: ReadReply,
  ): void;
}

/** A queue with visibility. Messages are addressed by receipts, valid until deleted or released. */
export interface QueuePort {
  readonly meeting: 'queue';
  readonly visibilityTimeoutUs: number;
  /** Mean round trip of one receive or delete at this moment, microseconds; the consumer waits it. 0 when left out. */
  readonly receiveLatencyUs?: number;
  /** Long-poll wait of a receive that names none, microseconds; 0 (short polling) when left out. */
  readonly defaultWaitUs?: number;
  /**
   * Receives up to `max` messages now; writes receipts and returns their number. 0 counts as an empty receive.
   * `visibilityUs` takes the place of the queue's own visibility timeout for these messages. With `takesRuns` a receipt may be for
   * several messages, whose number is `store.units` of its parcel; `max` counts messages.
   */
  receive(max: number, receipts: Int32Array, visibilityUs?: number, takesRuns?: boolean): number;
  /**
   * Long polling: calls `onMessages` once, as soon as a message is visible (at this instant if one is) or `waitUs` has
   * passed. `receive` is then called once by the waiter; both together are one request. A `wait` that follows an empty
   * `receive` at the same instant continues that request.
   */
  wait(waitUs: number, waiter: QueueWaiter, token: number): void;
  /** The parcel behind a receipt. */
  parcelOf(receipt: number): number;
  /** How often the message was received, this time included. */
  receiveCountOf(receipt: number): number;
  /** The work is done: deletes the message (also when another attempt runs on it). `batch` receipts in one request. */
  delete(receipts: Int32Array, from: number, count: number): void;
  /** Makes the message visible again after `delayUs` (ChangeMessageVisibility); -1 leaves its timeout to run out. */
  release(receipt: number, delayUs: number): void;
}

export interface QueueWaiter {
  onMessages(token: number): void;
}

/** One invocation's worth of records; pooled by its caller. */
export interface Batch {
  /** Units of the batch, in order, or runs of them; `count` of them are valid. */
  units: Int32Array;
  count: number;
  /** Units in the batch: `count`, or more where there are runs. */
  unitCount: number;
  records: number;
  bytes: number;
  /** Arbitrary number of the caller. */
  token: number;
  caller: InvocationCaller;
  /** Age of the last record when the batch is handed over, microseconds; -1 where the source keeps none. */
  ageUs: number;
  /**
   * How the caller understands failing units: `off` they fail the invocation; `first` the invocation succeeds and names the
   * first one, having stopped there; `each` it works on all units and names all that failed.
   */
  itemFailures: 'off' | 'first' | 'each';
  /** The units go back to the caller, who goes on with them: work on them is no delivery. */
  readonly isReturned: boolean;
  /** Set by the callee before `onSettled`: index of the first unit that failed, or -1. */
  failedAt: number;
  /** Set by the callee where `itemFailures` is `each`: indices of the units that failed, rising; `failureCount` are valid. */
  failures: Int32Array;
  failureCount: number;
}

export interface InvocationCaller {
  /** The invocation has ended. The caller settles, retries or releases the units. */
  onSettled(batch: Batch, succeeded: boolean): void;
}

export type InvokeAnswer = 'started' | 'throttled' | 'failed';

/** A function that is invoked with a batch; the answer says whether it has started. */
export interface InvocationCallee {
  readonly meeting: 'invoke';
  readonly timeoutUs: number;
  /** Whether a batch may hold runs at this moment; single units only when left out. */
  takesRuns?(): boolean;
  invoke(batch: Batch): InvokeAnswer;
}

/** What a call is to do: look keys up, store them, store those that are not there yet, or any other work. */
export type CallOperation = 'read' | 'write' | 'add' | 'compute';

/** One request about records that stay where they are. Its caller owns it and uses it again. */
export interface CallRequest {
  /** Plain records; the first `count` are asked about. */
  records: Int32Array;
  count: number;
  /** Requests that it stands for, sent without waiting for answers in between; 1 where one request names all records. */
  calls: number;
  /** Number of the invocation, where its records are asked about and worked on one after the other; -1 otherwise. */
  invocation: number;
  /** Before the caller's own work on the records, or after it has succeeded. */
  phase: 'before' | 'after';
  operation: CallOperation;
  /** Bytes of key and value of one record as they are stored; 0 where the callee sets them. */
  entryBytes: number;
  /** Time to live of what is stored, microseconds; Infinity for ever. */
  lifeUs: number;
  /** Keys of different callers are apart: 0..127. */
  space: number;
}

/** By record: done, or the key was not there. */
export const ANSWER_DONE = 0;
/** The key was there. */
export const ANSWER_FOUND = 1;
/** Refused by a limit; nothing was done. */
export const ANSWER_REFUSED = 2;
/** Failed for another reason. */
export const ANSWER_FAILED = 3;
/** The caller need not work on the record: it has been worked on before. */
export const ANSWER_LEAVE_OUT = 4;

/** Answer to one call. The caller owns it; the callee fills every field. */
export interface CallReply {
  /** By record of the request, one of ANSWER_*; the caller makes it long enough. */
  answers: Uint8Array;
  /** Records refused and failed; these may be asked about again. */
  refused: number;
  failed: number;
  /** Microseconds until the caller has the answer. */
  latencyUs: number;
  /** Earliest sensible retry, microseconds from now; 0 when the callee does not say. */
  retryAfterUs: number;
  /** Payload bytes sent and received. */
  bytes: number;
}

/** A request without records. */
export function newCallRequest(): CallRequest {
  return {
    records: new Int32Array(16),
    count: 0,
    calls: 1,
    invocation: -1,
    phase: 'before',
    operation: 'compute',
    entryBytes: 0,
    lifeUs: Number.POSITIVE_INFINITY,
    space: 0,
  };
}

/** An answer that says nothing yet. */
export function newCallReply(): CallReply {
  return { answers: new Uint8Array(16), refused: 0, failed: 0, latencyUs: 0, retryAfterUs: 0, bytes: 0 };
}

/** Answers requests about records that stay with the caller, who waits, and owns the retries. */
export interface Callee {
  readonly meeting: 'call';
  /** Also asked after the caller's work; only before it when left out. */
  readonly isAskedAfter?: boolean;
  /** What the request asks for is done now; the caller knows after the latency. Must not call back into the caller. */
  call(request: CallRequest, reply: CallReply): void;
  /**
   * The caller is done with a record it has asked about before its work: worked on it or left it out. `kept`: it will not be
   * handed to the caller again; otherwise the attempt has failed and the record comes back.
   */
  onEnded?(record: number, wasLeftOut: boolean, kept: boolean): void;
}

/** Answer to one query. The caller owns it; the callee fills every field. */
export interface QueryReply {
  /** A limit refused it: too many queries wait. */
  refused: boolean;
  /** It failed for another reason. */
  failed: boolean;
  /** Microseconds until the caller has the answer. */
  latencyUs: number;
}

/** A store that is asked what it holds; nothing moves. The caller owns every retry, the callee applies its own faults. */
export interface QueryPort {
  readonly meeting: 'query';
  query(reply: QueryReply): void;
}

export type ServedPort = QueryPort | Push | LogPort | QueuePort | InvocationCallee | Callee;
