/** One place for a batch: it polls, collects, hands over, and begins again. */
import type { Batch } from '#engine/flow/ports.ts';

/** Not in use. */
export const OFF = 0;
/** Waits for messages. */
export const POLLING = 1;
/** Has received and waits for the answer to arrive, or for its turn to poll. */
export const RECEIVING = 2;
/** The function works on the batch. */
export const WORKING = 3;
/** The batch was throttled and waits for its next try. */
export const THROTTLED = 4;

/** Most messages of one receive. */
export const RECEIVE_MOST = 10;

export class Slot {
  readonly index: number;
  state = OFF;
  /** Messages collected, by receipt; `count` are valid. */
  readonly receipts: Int32Array;
  count = 0;
  /** Messages collected: more than `count` where a receipt is for several. */
  messages = 0;
  /** Payload collected. */
  bytes = 0;
  /** When the oldest of them was received, microseconds. */
  receivedUs = 0;
  /** When the window closes, microseconds. */
  windowEndsUs = 0;
  /** Receipts of the batch at work, the first of `receipts`. */
  atWork = 0;
  /** Tries in a row that were throttled. */
  tries = 0;
  batch: Batch | undefined;

  constructor(index: number, batchSize: number) {
    this.index = index;
    this.receipts = new Int32Array(batchSize + RECEIVE_MOST);
  }

  /** Forgets the first `n` receipts, which are for `messages`. */
  dropFirst(n: number, messages: number): void {
    this.messages -= messages;
    this.receipts.copyWithin(0, n, this.count);
    this.count -= n;
  }
}
