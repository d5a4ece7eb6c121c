import { fail, invariant } from './invariant.ts';

/** Handles are generation * 2^24 + slot: at most 16,777,216 events may be pending. */
const SLOT_LIMIT = 16_777_216;
/** A slot is retired after 2^29 - 1 uses, so that a handle is never given out twice. */
const LAST_GENERATION = 536_870_911;
/** tie = priority * 2^45 + sequence number: exact in float64 for 2^45 events (35 million million) of 256 priorities. */
const TIE_STEP = 35_184_372_088_832;
const INITIAL_CAPACITY = 64;

/**
 * Pending events in the order (time, priority, insertion).
 *
 * Order: earlier `timeUs` first; at equal times the lower priority (integer 0..255) first; at equal priorities the one
 * scheduled first. The order is total, so any two correct queues pop the same sequence.
 *
 * Structure: 4-ary heap on typed arrays. The two keys lie inside the heap arrays; what an event carries lies in a slot that
 * never moves. `pop` leaves the root empty: a `schedule` that follows (the usual case) fills it and sifts once, instead of
 * sifting the last event down and the new one up.
 * Cost: schedule and cancel O(log n), pop O(log n), peek O(1) amortised. No allocation but doubling when full.
 * Trade-off: positions are kept for every event (one more store per move) so that `cancel` takes an event out at once:
 * a model that sets and cancels a timeout per request never holds dead events.
 */
export class EventQueue {
  /** Time of the event last popped, microseconds. */
  timeUs = Number.NaN;
  /** Handler id of the event last popped. */
  handler = -1;
  /** First argument of the event last popped. */
  a = Number.NaN;
  /** Second argument of the event last popped. */
  b = Number.NaN;

  private times = new Float64Array(INITIAL_CAPACITY);
  private ties = new Float64Array(INITIAL_CAPACITY);
  private slots = new Int32Array(INITIAL_CAPACITY);
  /** Heap positions in use; position 0 is counted also while it is empty (`rootEmpty`). */
  private length = 0;
  private rootEmpty = false;
  private sequence = 0;

  /** Per slot: heap position while pending, else the next free slot (-1: none). */
  private positions = new Int32Array(INITIAL_CAPACITY);
  /** Per slot: generation of its present or next event; negative while free. */
  private generations = new Int32Array(INITIAL_CAPACITY);
  private handlers = new Int32Array(INITIAL_CAPACITY);
  private firstArguments = new Float64Array(INITIAL_CAPACITY);
  private secondArguments = new Float64Array(INITIAL_CAPACITY);
  private freeSlot = -1;
  private slotCount = 0;

  /** Number of pending events. */
  get size(): number {
    return this.rootEmpty ? this.length - 1 : this.length;
  }

  /** Time of the next event in microseconds, Infinity when there is none. */
  peekTimeUs(): number {
    if (this.rootEmpty) this.fillRoot();
    return this.length === 0 ? Number.POSITIVE_INFINITY : this.times[0];
  }

  /**
   * Adds an event and returns its handle (a non-negative integer, unique in this queue).
   * `timeUs` any finite number (the kernel passes whole microseconds), `priority` integer 0..255, `handler` int32;
   * `a` and `b` are kept as float64. Throws when 2^24 events are pending.
   */
  schedule(timeUs: number, priority: number, handler: number, a: number, b: number): number {
    let slot = this.freeSlot;
    if (slot >= 0) {
      this.freeSlot = this.positions[slot];
    } else {
      slot = this.slotCount;
      if (slot === this.positions.length) this.grow();
      this.slotCount = slot + 1;
      this.generations[slot] = -1;
    }
    const generation = -this.generations[slot];
    this.generations[slot] = generation;
    this.handlers[slot] = handler;
    this.firstArguments[slot] = a;
    this.secondArguments[slot] = b;
    const tie = priority * TIE_STEP + this.sequence;
    this.sequence += 1;
    if (this.rootEmpty) {
      this.rootEmpty = false;
      this.siftDown(0, timeUs, tie, slot);
    } else {
      const last = this.length;
      this.length = last + 1;
      this.siftUp(last, timeUs, tie, slot);
    }
    return generation * SLOT_LIMIT + slot;
  }

  /** Takes a pending event out. False, and no effect, when it was popped or cancelled before. */
  cancel(handle: number): boolean {
    const generation = Math.floor(handle / SLOT_LIMIT);
    const slot = handle - generation * SLOT_LIMIT;
    if (generation < 1 || !(slot < this.slotCount) || this.generations[slot] !== generation) return false;
    if (this.rootEmpty) this.fillRoot();
    const hole = this.positions[slot];
    const last = this.length - 1;
    this.length = last;
    this.release(slot);
    if (hole < last) {
      const time = this.times[last];
      const tie = this.ties[last];
      const moved = this.slots[last];
      const parent = (hole - 1) >> 2;
      if (hole > 0 && (time < this.times[parent] || (time === this.times[parent] && tie < this.ties[parent]))) {
        this.siftUp(hole, time, tie, moved);
      } else {
        this.siftDown(hole, time, tie, moved);
      }
    }
    return true;
  }

  /** Takes the next event and loads `timeUs`, `handler`, `a`, `b`. False when there is none (fields unchanged). */
  pop(): boolean {
    if (this.rootEmpty) this.fillRoot();
    if (this.length === 0) return false;
    const slot = this.slots[0];
    this.timeUs = this.times[0];
    this.handler = this.handlers[slot];
    this.a = this.firstArguments[slot];
    this.b = this.secondArguments[slot];
    this.release(slot);
    this.rootEmpty = true;
    return true;
  }

  private fillRoot(): void {
    this.rootEmpty = false;
    const last = this.length - 1;
    this.length = last;
    if (last > 0) this.siftDown(0, this.times[last], this.ties[last], this.slots[last]);
  }

  private release(slot: number): void {
    const generation = this.generations[slot];
    this.generations[slot] = -generation - 1;
    if (generation < LAST_GENERATION) {
      this.positions[slot] = this.freeSlot;
      this.freeSlot = slot;
    }
  }

  private siftUp(from: number, time: number, tie: number, slot: number): void {
    const { times, ties, slots, positions } = this;
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 2;
      const parentTime = times[parent];
      if (parentTime < time || (parentTime === time && ties[parent] < tie)) break;
      const moved = slots[parent];
      times[at] = parentTime;
      ties[at] = ties[parent];
      slots[at] = moved;
      positions[moved] = at;
      at = parent;
    }
    times[at] = time;
    ties[at] = tie;
    slots[at] = slot;
    positions[slot] = at;
  }

  private siftDown(from: number, time: number, tie: number, slot: number): void {
    const { times, ties, slots, positions, length } = this;
    let at = from;
    for (let child = 4 * at + 1; child < length; child = 4 * at + 1) {
      let best = child;
      let bestTime = times[child];
      const end = child + 4 < length ? child + 4 : length;
      for (let other = child + 1; other < end; other += 1) {
        const otherTime = times[other];
        if (otherTime < bestTime || (otherTime === bestTime && ties[other] < ties[best])) {
          best = other;
          bestTime = otherTime;
        }
      }
      if (time < bestTime || (time === bestTime && tie < ties[best])) break;
      const moved = slots[best];
      times[at] = bestTime;
      ties[at] = ties[best];
      slots[at] = moved;
      positions[moved] = at;
      at = best;
    }
    times[at] = time;
    ties[at] = tie;
    slots[at] = slot;
    positions[slot] = at;
  }

  private grow(): void {
    const capacity = this.positions.length * 2;
    if (capacity > SLOT_LIMIT) fail(`more than ${SLOT_LIMIT} events are pending`);
    this.times = enlarged(this.times, new Float64Array(capacity));
    this.ties = enlarged(this.ties, new Float64Array(capacity));
    this.slots = enlarged(this.slots, new Int32Array(capacity));
    this.positions = enlarged(this.positions, new Int32Array(capacity));
    this.generations = enlarged(this.generations, new Int32Array(capacity));
    this.handlers = enlarged(this.handlers, new Int32Array(capacity));
    this.firstArguments = enlarged(this.firstArguments, new Float64Array(capacity));
    this.secondArguments = enlarged(this.secondArguments, new Float64Array(capacity));
  }
}

function enlarged<T extends Float64Array | Int32Array>(from: T, into: T): T {
  invariant(into.length >= from.length, 'an enlarged array holds what it replaces');
  into.set(from);
  return into;
}
