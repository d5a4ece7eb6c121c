import { fail } from './invariant.ts';

/** Handles are generation * 2^24 + slot number: at most 16,777,216 events may be pending. */
const SLOT_LIMIT = 16_777_216;
/** A slot is retired after 2^29 - 1 uses, so that a handle is never given out twice. */
const LAST_GENERATION = 536_870_911;
/** tie = priority * 2^45 + sequence number: exact in float64 for 2^45 events (35 million million) of 256 priorities. */
const TIE_STEP = 35_184_372_088_832;
const INITIAL_CAPACITY = 64;

/** A heap longer than this is spread over a calendar; a calendar of fewer than half as many goes back into the heap. */
const LONG_HEAP = 512;
/** A long heap is spread (again) after this many schedules per pending event, so that the work stays O(1) per event. */
const PATIENCE = 4;
/** Events a bucket is meant to hold, and how many times their three-quarter span the calendar covers at that width. */
const BUCKET_EVENTS = 8;
const CALENDAR_REACH = 4;
/** Times looked at to choose the bucket width: their third quartile ignores a few far timers. */
const WIDTH_SAMPLE = 64;

/**
 * Columns of `reals` and `words`, four to a slot, so that one event's lie in one or two cache lines. Within this file a slot is
 * named by the index of its first column, a multiple of 4.
 */
const TIME = 0;
const TIE = 1;
const ARGUMENT_A = 2;
const ARGUMENT_B = 3;
/** Generation of the present event; while the slot is free the negative of the next one's. */
const GENERATION = 0;
const HANDLER = 1;
/** Heap position; or the next slot of the same bucket, or of the free list (-1: none). */
const PLACE = 2;
/** IN_HEAP; or the previous slot of the same bucket (-1: none). */
const PREVIOUS = 3;
const IN_HEAP = -2;

/**
 * Pending events in the order (time, priority, insertion).
 *
 * Order: earlier `timeUs` first; at equal times the lower priority (integer 0..255) first; at equal priorities the one
 * scheduled first. The order is total, so any two correct queues pop the same sequence.
 *
 * Structure: a 4-ary heap holds the near events, its keys inside typed arrays; what an event carries lies in a slot that
 * never moves. While many events are pending, only the heap's stretch of time is sorted: later ones lie in the unsorted buckets
 * of a calendar (doubly linked lists), one more list holds what lies beyond it, and a bucket enters the heap when its turn
 * comes. A time's bucket is a rising function of the time, so this cannot change the order; a badly chosen width costs speed
 * only, and never more than the heap alone would. `pop` leaves the root empty: the `schedule` that usually follows fills it and
 * sifts once, instead of sifting the last event down and the new one up.
 * Cost: amortised O(1) for schedule, pop and cancel of spread times, O(log n) at worst. No allocation but when growing.
 * Trade-off: positions and links are kept for every event, so that `cancel` takes it out at once: a model that sets and cancels
 * a timeout per request never holds dead events.
 */
export class EventQueue {
  /** Time of the event last popped, microseconds. */
  timeUs = Number.NaN;
  private times = new Float64Array(INITIAL_CAPACITY);
  private ties = new Float64Array(INITIAL_CAPACITY);
  private slots = new Int32Array(INITIAL_CAPACITY);
  /** Heap positions in use; position 0 is counted also while it is empty (`rootEmpty`). */
  private length = 0;
  private rootEmpty = false;
  private sequence = 0;

  private reals = new Float64Array(4 * INITIAL_CAPACITY);
  private words = new Int32Array(4 * INITIAL_CAPACITY);
  private freeSlot = -1;
  /** Slot of the event last popped: free again, but as it was until the next `add`. */
  private popped = 0;
  /** Columns given out: four times the number of slots ever in use. */
  private columnCount = 0;

  /** Bucket of a time: (time - originUs) * bucketsPerUs, whole part. */
  private originUs = 0;
  private bucketsPerUs = 0;
  /** Buckets below this one are in the heap. */
  private nextBucket = 1;
  /** 0: there is no calendar, all is in the heap. */
  private bucketCount = 0;
  /** First slot of each bucket (-1: none); entry `bucketCount` is the list of everything later. */
  private heads = new Int32Array(1).fill(-1);
  private farCount = 0;
  private schedulesWhileLong = 0;

  /** Handler id of the event last popped; read it, and the arguments, before the next one is scheduled. */
  get handler(): number {
    return this.words[this.popped + HANDLER];
  }

  /** First argument of the event last popped. */
  get a(): number {
    return this.reals[this.popped + ARGUMENT_A];
  }

  /** Second argument of the event last popped. */
  get b(): number {
    return this.reals[this.popped + ARGUMENT_B];
  }

  /** Number of pending events. */
  get size(): number {
    return this.length + this.farCount - (this.rootEmpty ? 1 : 0);
  }

  /** Time of the next event in microseconds, Infinity when there is none. */
  peekTimeUs(): number {
    if (this.rootEmpty) this.fillRoot();
    return this.length > 0 || this.loadNextBucket() ? this.times[0] : Number.POSITIVE_INFINITY;
  }

  /**
   * Adds an event and returns its handle (a positive integer, unique in this queue).
   * `timeUs` any finite number (the kernel passes whole microseconds), `priority` integer 0..255, `handler` int32;
   * `a` and `b` are kept as float64. Throws when 2^24 events are pending.
   */
  schedule(timeUs: number, priority: number, handler: number, a: number, b: number): number {
    const slot = this.add(timeUs, priority, handler, a, b);
    return this.words[slot + GENERATION] * SLOT_LIMIT + (slot >> 2);
  }

  /** As `schedule`, for an event that nobody will cancel: a handle is a float, and most callers would throw it away. */
  add(timeUs: number, priority: number, handler: number, a: number, b: number): number {
    const slot = this.freeSlot >= 0 ? this.freeSlot : this.addSlot();
    const { words, reals } = this;
    this.freeSlot = words[slot + PLACE];
    words[slot + GENERATION] = -words[slot + GENERATION];
    words[slot + HANDLER] = handler;
    reals[slot + ARGUMENT_A] = a;
    reals[slot + ARGUMENT_B] = b;
    const tie = priority * TIE_STEP + this.sequence;
    this.sequence += 1;
    if (this.bucketCount > 0) this.addToCalendar(slot, timeUs, tie);
    else this.addToHeap(slot, timeUs, tie);
    return slot;
  }

  private addToHeap(slot: number, timeUs: number, tie: number): void {
    this.words[slot + PREVIOUS] = IN_HEAP;
    if (this.rootEmpty) {
      this.rootEmpty = false;
      this.siftDown(0, timeUs, tie, slot);
    } else {
      this.length += 1;
      this.siftUp(this.length - 1, timeUs, tie, slot);
    }
    if (this.length > LONG_HEAP) this.countLongHeap();
  }

  private addToCalendar(slot: number, timeUs: number, tie: number): void {
    const bucket = (timeUs - this.originUs) * this.bucketsPerUs;
    if (bucket < this.nextBucket) this.addToHeap(slot, timeUs, tie);
    else this.scheduleFar(slot, timeUs, tie, bucket);
  }

  private scheduleFar(slot: number, timeUs: number, tie: number, bucket: number): void {
    this.reals[slot + TIME] = timeUs;
    this.reals[slot + TIE] = tie;
    this.link(bucket < this.bucketCount ? bucket | 0 : this.bucketCount, slot);
    this.farCount += 1;
  }

  /** Takes a pending event out. False, and no effect, when it was popped or cancelled before. */
  cancel(handle: number): boolean {
    const generation = Math.floor(handle / SLOT_LIMIT);
    const slot = 4 * (handle - generation * SLOT_LIMIT);
    const { words } = this;
    if (generation < 1 || !(slot < this.columnCount) || words[slot + GENERATION] !== generation) return false;
    if (words[slot + PREVIOUS] === IN_HEAP) {
      if (this.rootEmpty) this.fillRoot();
      this.removeFromHeap(words[slot + PLACE]);
    } else {
      this.unlink(slot);
    }
    this.release(slot);
    return true;
  }

  /** Takes the next event and makes it what `timeUs`, `handler`, `a` and `b` tell of. False when there is none (they stay). */
  pop(): boolean {
    return this.popUntil(Number.POSITIVE_INFINITY);
  }

  /** As `pop`, but false also when the next event is later than `lastUs`. */
  popUntil(lastUs: number): boolean {
    if (this.rootEmpty) this.fillRoot();
    if (this.length === 0 && !this.loadNextBucket()) return false;
    const timeUs = this.times[0];
    if (timeUs > lastUs) return false;
    const slot = this.slots[0];
    this.timeUs = timeUs;
    this.popped = slot;
    this.release(slot);
    this.rootEmpty = true;
    return true;
  }

  private release(slot: number): void {
    const { words } = this;
    const generation = words[slot + GENERATION];
    words[slot + GENERATION] = -generation - 1;
    if (generation < LAST_GENERATION) {
      words[slot + PLACE] = this.freeSlot;
      this.freeSlot = slot;
    }
  }

  private addSlot(): number {
    const slot = this.columnCount;
    if (slot === this.words.length) this.grow();
    this.columnCount = slot + 4;
    this.words[slot + GENERATION] = -1;
    this.words[slot + PLACE] = -1;
    return slot;
  }

  private grow(): void {
    const capacity = this.slots.length * 2;
    if (capacity > SLOT_LIMIT) fail(`more than ${SLOT_LIMIT} events are pending`);
    const { times, ties, slots, reals, words } = this;
    this.times = new Float64Array(capacity);
    this.times.set(times);
    this.ties = new Float64Array(capacity);
    this.ties.set(ties);
    this.slots = new Int32Array(capacity);
    this.slots.set(slots);
    this.reals = new Float64Array(4 * capacity);
    this.reals.set(reals);
    this.words = new Int32Array(4 * capacity);
    this.words.set(words);
  }

  private fillRoot(): void {
    this.rootEmpty = false;
    const last = this.length - 1;
    this.length = last;
    if (last > 0) this.siftDown(0, this.times[last], this.ties[last], this.slots[last]);
  }

  private removeFromHeap(hole: number): void {
    const { times, ties, slots } = this;
    const last = this.length - 1;
    this.length = last;
    if (hole === last) return;
    const time = times[last];
    const tie = ties[last];
    const parent = (hole - 1) >> 2;
    if (hole > 0 && (time < times[parent] || (time === times[parent] && tie < ties[parent]))) {
      this.siftUp(hole, time, tie, slots[last]);
    } else {
      this.siftDown(hole, time, tie, slots[last]);
    }
  }

  private siftUp(from: number, time: number, tie: number, slot: number): void {
    const { times, ties, slots, words } = this;
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 2;
      const parentTime = times[parent];
      if (parentTime < time || (parentTime === time && ties[parent] < tie)) break;
      const moved = slots[parent];
      times[at] = parentTime;
      ties[at] = ties[parent];
      slots[at] = moved;
      words[moved + PLACE] = at;
      at = parent;
    }
    times[at] = time;
    ties[at] = tie;
    slots[at] = slot;
    words[slot + PLACE] = at;
  }

  private siftDown(from: number, time: number, tie: number, slot: number): void {
    const { times, ties, slots, words, length } = this;
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
      words[moved + PLACE] = at;
      at = best;
    }
    times[at] = time;
    ties[at] = tie;
    slots[at] = slot;
    words[slot + PLACE] = at;
  }

  private link(bucket: number, slot: number): void {
    const { words, heads } = this;
    const next = heads[bucket];
    words[slot + PLACE] = next;
    words[slot + PREVIOUS] = -1;
    if (next >= 0) words[next + PREVIOUS] = slot;
    heads[bucket] = slot;
  }

  private unlink(slot: number): void {
    const { words } = this;
    const next = words[slot + PLACE];
    const previous = words[slot + PREVIOUS];
    if (next >= 0) words[next + PREVIOUS] = previous;
    if (previous >= 0) words[previous + PLACE] = next;
    else this.heads[this.bucketOf(slot)] = next;
    this.farCount -= 1;
  }

  private bucketOf(slot: number): number {
    const bucket = (this.reals[slot + TIME] - this.originUs) * this.bucketsPerUs;
    return bucket < this.bucketCount ? bucket | 0 : this.bucketCount;
  }

  /** Moves the next bucket that holds something into the empty heap; false when nothing is pending. */
  private loadNextBucket(): boolean {
    if (this.farCount === 0) return false;
    const { heads, bucketCount } = this;
    let bucket = this.nextBucket;
    while (bucket < bucketCount && heads[bucket] < 0) bucket += 1;
    const first = heads[bucket];
    heads[bucket] = -1;
    if (bucket < bucketCount) {
      this.nextBucket = bucket + 1;
      this.load(first);
    } else {
      this.spread(first);
    }
    return true;
  }

  /** Moves a list of far events into the empty heap. */
  private load(first: number): void {
    const { times, ties, slots, reals, words } = this;
    let length = 0;
    for (let slot = first; slot >= 0; length += 1) {
      const next = words[slot + PLACE];
      words[slot + PLACE] = length;
      words[slot + PREVIOUS] = IN_HEAP;
      times[length] = reals[slot + TIME];
      ties[length] = reals[slot + TIE];
      slots[length] = slot;
      slot = next;
    }
    this.length = length;
    this.farCount -= length;
    for (let at = (length - 2) >> 2; at >= 0; at -= 1) this.siftDown(at, times[at], ties[at], slots[at]);
  }

  /** Called by each schedule into a long heap: at times gathers all events and spreads them over a new calendar. */
  private countLongHeap(): void {
    this.schedulesWhileLong += 1;
    if (this.schedulesWhileLong < PATIENCE * this.size) return;
    const { times, ties, slots, reals, words, heads } = this;
    let first = -1;
    for (let at = 0; at < this.length; at += 1) {
      const slot = slots[at];
      reals[slot + TIME] = times[at];
      reals[slot + TIE] = ties[at];
      words[slot + PLACE] = first;
      first = slot;
    }
    this.farCount += this.length;
    this.length = 0;
    for (let bucket = 0; bucket <= this.bucketCount; bucket += 1) {
      for (let slot = heads[bucket]; slot >= 0; ) {
        const next = words[slot + PLACE];
        words[slot + PLACE] = first;
        first = slot;
        slot = next;
      }
      heads[bucket] = -1;
    }
    this.spread(first);
  }

  /**
   * Lays a calendar for the list of all pending events, none of them in the heap, and loads its first bucket; few events, or
   * events of one time, go into the heap and there is no calendar.
   */
  private spread(first: number): void {
    const { reals, words } = this;
    const count = this.farCount;
    const sample = new Float64Array(WIDTH_SAMPLE);
    const stride = Math.ceil(count / WIDTH_SAMPLE);
    let earliestUs = Number.POSITIVE_INFINITY;
    let seen = 0;
    for (let slot = first; slot >= 0; slot = words[slot + PLACE]) {
      const timeUs = reals[slot + TIME];
      if (timeUs < earliestUs) earliestUs = timeUs;
      if (seen % stride === 0) sample[seen / stride] = timeUs;
      seen += 1;
    }
    const sampled = sample.subarray(0, Math.ceil(count / stride)).sort();
    const spanUs = sampled[(3 * sampled.length) >> 2] - earliestUs;
    this.schedulesWhileLong = 0;
    if (count <= LONG_HEAP / 2 || spanUs <= 0) {
      this.nextBucket = 1;
      this.bucketCount = 0;
      this.load(first);
      return;
    }
    this.bucketCount = Math.ceil((CALENDAR_REACH * count) / BUCKET_EVENTS);
    if (this.heads.length <= this.bucketCount) this.heads = new Int32Array(2 * this.bucketCount).fill(-1);
    this.originUs = earliestUs;
    this.bucketsPerUs = (0.75 * count) / (BUCKET_EVENTS * spanUs);
    for (let slot = first; slot >= 0; ) {
      const next = words[slot + PLACE];
      this.link(this.bucketOf(slot), slot);
      slot = next;
    }
    this.nextBucket = 1;
    const head = this.heads[0];
    this.heads[0] = -1;
    this.load(head);
  }
}
