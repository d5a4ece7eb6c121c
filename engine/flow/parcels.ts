/**
 * Storage of parcels: a structure of typed arrays addressed by an integer handle.
 *
 * A parcel is a run of alike records that move together. In exact fidelity it is one record (`records` = `units` = 1), or
 * one unit that packs several records (`child` heads the chain of the packed ones; the unit itself is only a container).
 * In aggregated fidelity it may also be a run of `units` alike units (see runs.ts), available one after the other over `span`.
 * Guarantees: allocation and release in O(1); handles are reused; arrays double when full (about 130 bytes a parcel).
 * Trade-off: fields are read as `store.bytes[p]`, never as objects, so that hot loops allocate nothing.
 */

/** Bits of `flags`. */
export const FLAG_DUPLICATE = 1;
/** The parcel's identity has moved on with its first effect; what is left only matters if it takes effect again. */
export const FLAG_ECHO = 2;
/** Whatever processes the record fails. */
export const FLAG_POISON = 4;
/** Rests in a dead-letter queue. */
export const FLAG_DEAD_LETTERED = 8;
/** Offered before and refused: no longer tied to its arrival instant. */
export const FLAG_RETRIED = 16;
/** Carries an effect that its original had taken through the same outlet before. */
export const FLAG_REPEAT = 32;
/** Derived from others by an invocation that can still fail: `origin` is the effect it was made of. */
export const FLAG_DERIVED = 64;
/** Carries an effect that was on its way when recording began, or is the echo of one taken before. */
export const FLAG_CARRIED = 128;
/** The message itself was sent on elsewhere; what attempts still do with this is repetition. */
export const FLAG_DETACHED = 256;
/** Records derived from it were never accepted though others were: see Effects. */
export const FLAG_OWES = 512;
/** A run whose units come evenly spaced, not at random instants. */
export const FLAG_PACED = 1024;
/** A run that was refused before: older than what comes with it, so that it is not joined with that. */
export const FLAG_HELD_UP = 2048;

/** No parcel, end of a chain. */
export const NONE = -1;

/** Key of a run whose records have keys of their own, all at positions of the ring from `r0` to below `r1`. */
export const KEY_MIXED = -2;

export class ParcelStore {
  /** Records in the parcel. */
  records: Float64Array;
  /** Units of the hop (a Kinesis record, a message). */
  units: Float64Array;
  /** Payload bytes, keys excluded. */
  bytes: Float64Array;
  /** Event interval, microseconds: when its records were created. */
  e0: Float64Array;
  e1: Float64Array;
  /** Availability at the present station, microseconds. */
  a0: Float64Array;
  /** Time from `a0` over which the units of a run become available, microseconds; 0: all at once. */
  span: Float64Array;
  /** Stretch of the hash ring that the keys of a run lie in; only where `key` is KEY_MIXED. */
  r0: Float64Array;
  r1: Float64Array;
  /** Ordinal of the record within its workload (cell * 2^21 + index); keys every draw about it. */
  entity: Float64Array;
  /** Key index within the key space of its workload; -1 without a key; KEY_MIXED. */
  key: Int32Array;
  /** Index of the workload that created it. */
  load: Int16Array;
  /** Index of the node that holds it, for the ledger. */
  owner: Int16Array;
  /** Index of the node through which its identity has moved on, while it is an echo. */
  via: Int16Array;
  flags: Uint16Array;
  /** Attempts to hand it on (producer) or receive count, kept where the service keeps them. */
  attempts: Int32Array;
  /** Bit k: it has taken effect through outlet k of the node that works on it. */
  effects: Int32Array;
  /** Next parcel of the list it stands in. */
  next: Int32Array;
  /** First packed record of a unit; NONE for a plain record. */
  child: Int32Array;
  /** The parcel whose effect this one carries, while that one still stands; NONE otherwise. */
  origin: Int32Array;

  private freeHead = NONE;
  private top = 0;
  private live = 0;

  constructor(capacity = 1024) {
    this.records = new Float64Array(capacity);
    this.units = new Float64Array(capacity);
    this.bytes = new Float64Array(capacity);
    this.e0 = new Float64Array(capacity);
    this.e1 = new Float64Array(capacity);
    this.a0 = new Float64Array(capacity);
    this.span = new Float64Array(capacity);
    this.r0 = new Float64Array(capacity);
    this.r1 = new Float64Array(capacity);
    this.entity = new Float64Array(capacity);
    this.key = new Int32Array(capacity);
    this.load = new Int16Array(capacity);
    this.owner = new Int16Array(capacity);
    this.via = new Int16Array(capacity);
    this.flags = new Uint16Array(capacity);
    this.attempts = new Int32Array(capacity);
    this.effects = new Int32Array(capacity);
    this.next = new Int32Array(capacity);
    this.child = new Int32Array(capacity);
    this.origin = new Int32Array(capacity);
  }

  /** Parcels in use, containers included. */
  get liveCount(): number {
    return this.live;
  }

  /** One above the highest handle ever used. */
  get highWater(): number {
    return this.top;
  }

  /** Takes a handle; every field is reset except `records`, `bytes`, times and `entity`, which the caller sets. */
  allocate(): number {
    let p = this.freeHead;
    if (p === NONE) {
      if (this.top === this.records.length) this.grow();
      p = this.top++;
    } else {
      this.freeHead = this.next[p]!;
    }
    this.live++;
    this.units[p] = 1;
    this.span[p] = 0;
    this.key[p] = -1;
    this.flags[p] = 0;
    this.attempts[p] = 0;
    this.effects[p] = 0;
    this.next[p] = NONE;
    this.child[p] = NONE;
    this.origin[p] = NONE;
    return p;
  }

  /** Gives a handle back; its `records` becomes 0, which is how a walk over the store recognises free slots. */
  release(p: number): void {
    this.records[p] = 0;
    this.next[p] = this.freeHead;
    this.freeHead = p;
    this.live--;
  }

  /** A new parcel with the same content; attempts, effects and links are reset. */
  clone(p: number): number {
    const q = this.allocate();
    this.records[q] = this.records[p]!;
    this.units[q] = this.units[p]!;
    this.bytes[q] = this.bytes[p]!;
    this.e0[q] = this.e0[p]!;
    this.e1[q] = this.e1[p]!;
    this.a0[q] = this.a0[p]!;
    this.span[q] = this.span[p]!;
    this.r0[q] = this.r0[p]!;
    this.r1[q] = this.r1[p]!;
    this.entity[q] = this.entity[p]!;
    this.key[q] = this.key[p]!;
    this.load[q] = this.load[p]!;
    this.owner[q] = this.owner[p]!;
    this.flags[q] = this.flags[p]! & (FLAG_DUPLICATE | FLAG_POISON | FLAG_PACED | FLAG_HELD_UP);
    return q;
  }

  private grow(): void {
    const size = this.records.length * 2;
    const wide = (old: Float64Array): Float64Array => {
      const grown = new Float64Array(size);
      grown.set(old);
      return grown;
    };
    const whole = (old: Int32Array): Int32Array => {
      const grown = new Int32Array(size);
      grown.set(old);
      return grown;
    };
    const short = (old: Int16Array): Int16Array => {
      const grown = new Int16Array(size);
      grown.set(old);
      return grown;
    };
    this.records = wide(this.records);
    this.units = wide(this.units);
    this.bytes = wide(this.bytes);
    this.e0 = wide(this.e0);
    this.e1 = wide(this.e1);
    this.a0 = wide(this.a0);
    this.span = wide(this.span);
    this.r0 = wide(this.r0);
    this.r1 = wide(this.r1);
    this.entity = wide(this.entity);
    this.key = whole(this.key);
    this.load = short(this.load);
    this.owner = short(this.owner);
    this.via = short(this.via);
    const flags = new Uint16Array(size);
    flags.set(this.flags);
    this.flags = flags;
    this.attempts = whole(this.attempts);
    this.effects = whole(this.effects);
    this.next = whole(this.next);
    this.child = whole(this.child);
    this.origin = whole(this.origin);
  }
}

/**
 * A first-in first-out list of parcels, linked through `store.next`. A parcel stands in at most one list.
 * All operations O(1) except `clear`. Totals are kept so that limits can be checked without a walk.
 */
export class ParcelList {
  readonly store: ParcelStore;
  head = NONE;
  tail = NONE;
  /** Parcels in the list. */
  length = 0;
  records = 0;
  units = 0;
  bytes = 0;

  constructor(store: ParcelStore) {
    this.store = store;
  }

  push(p: number): void {
    const { store } = this;
    store.next[p] = NONE;
    if (this.tail === NONE) this.head = p;
    else store.next[this.tail] = p;
    this.tail = p;
    this.addTotals(p, 1);
  }

  pushFront(p: number): void {
    this.store.next[p] = this.head;
    this.head = p;
    if (this.tail === NONE) this.tail = p;
    this.addTotals(p, 1);
  }

  /** Removes and returns the first parcel; NONE when empty. */
  shift(): number {
    const p = this.head;
    if (p === NONE) return NONE;
    const { store } = this;
    this.head = store.next[p]!;
    if (this.head === NONE) this.tail = NONE;
    store.next[p] = NONE;
    this.addTotals(p, -1);
    return p;
  }

  /** Moves everything from another list to the end of this one; the other is left empty. */
  append(other: ParcelList): void {
    if (other.head === NONE) return;
    if (this.tail === NONE) this.head = other.head;
    else this.store.next[this.tail] = other.head;
    this.tail = other.tail;
    this.length += other.length;
    this.records += other.records;
    this.units += other.units;
    this.bytes += other.bytes;
    other.forget();
  }

  /** Empties the list without touching its parcels. */
  forget(): void {
    this.head = NONE;
    this.tail = NONE;
    this.length = 0;
    this.records = 0;
    this.units = 0;
    this.bytes = 0;
  }

  private addTotals(p: number, sign: number): void {
    const { store } = this;
    this.length += sign;
    this.records += sign * store.records[p]!;
    this.units += sign * store.units[p]!;
    this.bytes += sign * store.bytes[p]!;
  }
}
