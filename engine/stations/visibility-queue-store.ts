/**
 * Storage of messages and receipts of a visibility queue: typed arrays addressed by slot and by receipt, doubled when full,
 * recycled in O(1). A receipt is one attempt at a message; attempts overlap once a visibility timeout has run out.
 */
import { NONE } from '#engine/flow/parcels.ts';

/** Not in use. */
export const FREE = 0;
/** Not yet available: the queue's delay runs. */
export const DELAYED = 1;
/** Can be received. */
export const VISIBLE = 2;
/** Received and not yet deleted: in flight. */
export const HIDDEN = 3;
/** No longer in the queue, but attempts still work on it. */
export const GONE = 4;

/** What becomes of the parcel when the last attempt at a message that is gone ends. */
export const OUTCOME_DONE = 0;
export const OUTCOME_EXPIRED = 1;
export const OUTCOME_MOVED = 2;

/** Its due time is that of its list. */
export const APART_NOT = 0;
/** Its visibility timeout is shorter than that of the messages received before it. */
export const APART_TIMEOUT = 1;
/** It was put off for a time of its own. */
export const APART_DELAY = 2;

const FIRST_CAPACITY = 256;

/** One column per property of a message. */
export class MessageStore {
  parcel = new Int32Array(FIRST_CAPACITY);
  /** When it was sent, microseconds; retention counts from here. */
  sentUs = new Float64Array(FIRST_CAPACITY);
  /** When it came into this queue, microseconds: later than `sentUs` after a redrive. */
  arrivedUs = new Float64Array(FIRST_CAPACITY);
  /** When its delay or its visibility timeout ends, microseconds. */
  dueUs = new Float64Array(FIRST_CAPACITY);
  /** Times it was received. */
  receives = new Int32Array(FIRST_CAPACITY);
  /** Attempts that have not ended. */
  holders = new Int32Array(FIRST_CAPACITY);
  /** Receipt of the latest receive. */
  latest = new Int32Array(FIRST_CAPACITY);
  state = new Uint8Array(FIRST_CAPACITY);
  outcome = new Uint8Array(FIRST_CAPACITY);
  /** APART_...: whether its due time has a timer of its own and it stands in no list. */
  apart = new Uint8Array(FIRST_CAPACITY);
  /** Rises with every use of the slot and every change of its own timer, so that a stale timer is recognised. */
  generation = new Int32Array(FIRST_CAPACITY);
  private freeSlots = new Int32Array(FIRST_CAPACITY);
  private freeCount = 0;
  private top = 0;

  /** Slots that fit at present; lists over slots must have as many. */
  get capacity(): number {
    return this.parcel.length;
  }

  allocate(parcel: number, sentUs: number, nowUs: number): number {
    if (this.freeCount === 0 && this.top === this.capacity) this.grow();
    const slot = this.freeCount > 0 ? this.freeSlots[--this.freeCount] : this.top++;
    this.parcel[slot] = parcel;
    this.sentUs[slot] = sentUs;
    this.arrivedUs[slot] = nowUs;
    this.dueUs[slot] = nowUs;
    this.receives[slot] = 0;
    this.holders[slot] = 0;
    this.latest[slot] = NONE;
    this.outcome[slot] = OUTCOME_DONE;
    this.apart[slot] = APART_NOT;
    this.generation[slot]++;
    return slot;
  }

  release(slot: number): void {
    this.state[slot] = FREE;
    this.generation[slot]++;
    this.freeSlots[this.freeCount++] = slot;
  }

  private grow(): void {
    const size = this.capacity * 2;
    this.parcel = grownInt32(this.parcel, size);
    this.sentUs = grownFloat64(this.sentUs, size);
    this.arrivedUs = grownFloat64(this.arrivedUs, size);
    this.dueUs = grownFloat64(this.dueUs, size);
    this.receives = grownInt32(this.receives, size);
    this.holders = grownInt32(this.holders, size);
    this.latest = grownInt32(this.latest, size);
    this.state = grownUint8(this.state, size);
    this.outcome = grownUint8(this.outcome, size);
    this.apart = grownUint8(this.apart, size);
    this.generation = grownInt32(this.generation, size);
    this.freeSlots = grownInt32(this.freeSlots, size);
  }
}

/** Receipts: which message, since when. */
export class ReceiptStore {
  slot = new Int32Array(FIRST_CAPACITY);
  /** When the message was received, microseconds. */
  openedUs = new Float64Array(FIRST_CAPACITY);
  private freeReceipts = new Int32Array(FIRST_CAPACITY);
  private freeCount = 0;
  private top = 0;

  /** Receipts that are open. */
  get openCount(): number {
    return this.top - this.freeCount;
  }

  open(slot: number, nowUs: number): number {
    if (this.freeCount === 0 && this.top === this.slot.length) this.grow();
    const receipt = this.freeCount > 0 ? this.freeReceipts[--this.freeCount] : this.top++;
    this.slot[receipt] = slot;
    this.openedUs[receipt] = nowUs;
    return receipt;
  }

  close(receipt: number): void {
    this.slot[receipt] = NONE;
    this.freeReceipts[this.freeCount++] = receipt;
  }

  private grow(): void {
    const size = this.slot.length * 2;
    this.slot = grownInt32(this.slot, size);
    this.openedUs = grownFloat64(this.openedUs, size);
    this.freeReceipts = grownInt32(this.freeReceipts, size);
  }
}

function grownInt32(old: Int32Array, size: number): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(size);
  grown.set(old);
  return grown;
}

function grownFloat64(old: Float64Array, size: number): Float64Array<ArrayBuffer> {
  const grown = new Float64Array(size);
  grown.set(old);
  return grown;
}

function grownUint8(old: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const grown = new Uint8Array(size);
  grown.set(old);
  return grown;
}
