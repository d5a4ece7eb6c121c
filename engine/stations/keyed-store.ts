import { invariant } from '#engine/kernel/invariant.ts';

export interface KeyedStoreLimits {
  /** Time to live of a key from its last `put`, microseconds, > 0, unless the put names another; Infinity for ever. */
  readonly ttlUs: number;
  /** Bytes that all keys together may take, > 0; Infinity for no bound. */
  readonly maxBytes: number;
  /** When full: make room by evicting the least recently used keys, or those whose life ends first, or refuse new ones. */
  readonly whenFull: 'evict' | 'evictEndingFirst' | 'refuse';
  /** Keys that live for ever are never evicted; false when left out. */
  readonly sparesLasting?: boolean;
}

/** End of a list, empty slot. */
const NONE = -1;
const FIRST_CAPACITY = 1024;
const TWO_32 = 4_294_967_296;

/**
 * Keys with a time to live and a bound of memory; the least recently used go first. No values: whoever asks knows what they are.
 *
 * A key is a whole number below 2^53 in a space (0..32,767), say a record's identity and its workload. Open addressing with
 * linear probing, at most half full, deletion by shifting back; entries in typed arrays, in two linked lists: by last use (a hit
 * or a put) and, for each time to live, by last put, which is the order of expiry. Every operation is O(times to live) amortised and
 * allocates nothing; the table doubles when it is full (about 60 bytes a key). Times never fall from call to call.
 * Trade-off: expired keys leave at once and the least recently used one is found exactly; real caches sample for both.
 */
export class KeyedStore {
  /** Times that `has` found its key; times it did not. */
  hits = 0;
  misses = 0;
  /** Keys that made room for others; keys whose time to live ended; puts that found no room. */
  evictions = 0;
  expired = 0;
  refusals = 0;
  private readonly limits: KeyedStoreLimits;
  private count = 0;
  private total = 0;
  /** Entry in each slot. The number of slots is a power of two, twice the number of entries. */
  private slots = new Int32Array(2 * FIRST_CAPACITY).fill(NONE);
  private shift = 32 - 11;
  private keys = new Float64Array(FIRST_CAPACITY);
  private spaces = new Int16Array(FIRST_CAPACITY);
  private sizes = new Float64Array(FIRST_CAPACITY);
  private putUs = new Float64Array(FIRST_CAPACITY);
  /** Times to live in use, and by entry the index of its own: one for all, in most stores. */
  private readonly lives: number[];
  private lifeOf = new Uint8Array(FIRST_CAPACITY);
  /** Without those that are never evicted. */
  private readonly byUse = new Order(FIRST_CAPACITY);
  /** By time to live. */
  private readonly byPut: Order[];
  private evictableBytes = 0;
  /** Chain of free entries through `byUse.next`; then those never used, from `fresh` on. */
  private free = NONE;
  private fresh = 0;

  constructor(limits: KeyedStoreLimits) {
    const { ttlUs, maxBytes } = limits;
    invariant(
      ttlUs > 0 && maxBytes > 0,
      `a store keeps keys for a time, in memory, got ${ttlUs} us, ${maxBytes} bytes`,
    );
    this.limits = limits;
    this.lives = [ttlUs];
    this.byPut = [new Order(FIRST_CAPACITY)];
  }

  /** Keys held, as of the last call. */
  get size(): number {
    return this.count;
  }

  /** Bytes held, as of the last call. */
  get bytes(): number {
    return this.total;
  }

  /** Whether the key is there. A hit makes it the most recently used; its time to live goes on. */
  has(key: number, nowUs: number, space = 0): boolean {
    this.expire(nowUs);
    const slot = this.find(key, space);
    const entry = this.slots[slot];
    if (entry === NONE) {
      this.misses += 1;
      return false;
    }
    this.hits += 1;
    if (this.isEvictable(entry)) {
      this.byUse.remove(entry);
      this.byUse.append(entry);
    }
    return true;
  }

  /** Bytes of a key that is there, -1 otherwise. Changes and counts nothing. */
  bytesOf(key: number, nowUs: number, space = 0): number {
    this.expire(nowUs);
    const entry = this.slots[this.find(key, space)];
    return entry === NONE ? -1 : this.sizes[entry];
  }

  /**
   * Writes a key of `bytes` >= 0, or writes it anew: its time to live starts again. False, and nothing changed, when there is
   * no room: it is larger than the store, or the store is full and refuses or has nothing that it may evict.
   */
  put(key: number, nowUs: number, bytes: number, space = 0, ttlUs = this.limits.ttlUs): boolean {
    this.expire(nowUs);
    let slot = this.find(key, space);
    let entry = this.slots[slot];
    if (!this.hasRoom(bytes, entry)) {
      this.refusals += 1;
      return false;
    }
    if (entry !== NONE) this.unlink(entry);
    else {
      if (this.count === this.keys.length) {
        this.grow();
        slot = this.find(key, space);
      }
      entry = this.takeEntry();
      this.slots[slot] = entry;
      this.keys[entry] = key;
      this.spaces[entry] = space;
      this.count += 1;
    }
    this.sizes[entry] = bytes;
    this.putUs[entry] = nowUs;
    this.lifeOf[entry] = this.lifeIndex(ttlUs);
    while (this.total + bytes > this.limits.maxBytes) {
      this.evictions += 1;
      this.drop(this.victim());
    }
    this.link(entry);
    return true;
  }

  /** Takes a key out; false when it was not there. Counts nothing. */
  remove(key: number, nowUs: number, space = 0): boolean {
    this.expire(nowUs);
    const slot = this.find(key, space);
    if (this.slots[slot] === NONE) return false;
    this.removeAt(slot);
    return true;
  }

  /** Takes out what was put at `sinceUs` or later: what a copy of the store that lags behind does not have. Counts nothing. */
  removeSince(sinceUs: number): void {
    for (const order of this.byPut) {
      for (let entry = order.last; entry !== NONE && this.putUs[entry] >= sinceUs; entry = order.last) this.drop(entry);
    }
  }

  /** Takes everything out: a restart without persistence. Counters stay. */
  clear(): void {
    this.slots.fill(NONE);
    this.byUse.clear();
    for (const order of this.byPut) order.clear();
    this.evictableBytes = 0;
    this.free = NONE;
    this.fresh = 0;
    this.count = 0;
    this.total = 0;
  }

  private expire(nowUs: number): void {
    const { lives, byPut, putUs } = this;
    for (let life = 0; life < lives.length; life++) {
      const ttlUs = lives[life];
      for (let entry = byPut[life].first; entry !== NONE; entry = byPut[life].first) {
        if (nowUs - putUs[entry] < ttlUs) break;
        this.expired += 1;
        this.drop(entry);
      }
    }
  }

  private lifeIndex(ttlUs: number): number {
    const known = this.lives.indexOf(ttlUs);
    if (known >= 0) return known;
    invariant(ttlUs > 0 && this.lives.length < 256, `one more time to live, ${ttlUs} us; a store tells 256 apart`);
    this.byPut.push(new Order(this.keys.length));
    return this.lives.push(ttlUs) - 1;
  }

  /** Whether a key of that size fits in place of `entry`, or can when others are evicted. */
  private hasRoom(bytes: number, entry: number): boolean {
    const { maxBytes, whenFull } = this.limits;
    const before = entry === NONE ? 0 : this.sizes[entry];
    const needed = this.total - before + bytes - maxBytes;
    if (needed <= 0) return true;
    if (bytes > maxBytes || whenFull === 'refuse') return false;
    return needed <= this.evictableBytes - (entry !== NONE && this.isEvictable(entry) ? before : 0);
  }

  private isEvictable(entry: number): boolean {
    return this.limits.sparesLasting !== true || this.lives[this.lifeOf[entry]] < Number.POSITIVE_INFINITY;
  }

  /** The key that goes to make room. */
  private victim(): number {
    if (this.limits.whenFull === 'evict') return this.byUse.first;
    let first = NONE;
    let endUs = Number.POSITIVE_INFINITY;
    for (let life = 0; life < this.lives.length; life++) {
      const entry = this.byPut[life].first;
      if (entry === NONE || this.putUs[entry] + this.lives[life] >= endUs) continue;
      first = entry;
      endUs = this.putUs[entry] + this.lives[life];
    }
    return first === NONE ? this.byUse.first : first;
  }

  /** Puts an entry at the end of its lists. */
  private link(entry: number): void {
    const bytes = this.sizes[entry];
    this.total += bytes;
    this.byPut[this.lifeOf[entry]].append(entry);
    if (!this.isEvictable(entry)) return;
    this.evictableBytes += bytes;
    this.byUse.append(entry);
  }

  private unlink(entry: number): void {
    const bytes = this.sizes[entry];
    this.total -= bytes;
    this.byPut[this.lifeOf[entry]].remove(entry);
    if (!this.isEvictable(entry)) return;
    this.evictableBytes -= bytes;
    this.byUse.remove(entry);
  }

  private drop(entry: number): void {
    this.removeAt(this.find(this.keys[entry], this.spaces[entry]));
  }

  /** Slot of the key, or the empty one where it would stand. */
  private find(key: number, space: number): number {
    const { slots, keys, spaces } = this;
    const mask = slots.length - 1;
    let slot = this.home(key, space);
    for (let entry = slots[slot]; entry !== NONE; entry = slots[slot]) {
      if (keys[entry] === key && spaces[entry] === space) return slot;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private home(key: number, space: number): number {
    let h = Math.imul((key | 0) ^ Math.imul(Math.floor(key / TWO_32) ^ (space << 16), 0x85ebca6b), 0xc2b2ae35);
    h = Math.imul(h ^ (h >>> 15), 0x9e3779b1);
    return (h ^ (h >>> 16)) >>> this.shift;
  }

  private takeEntry(): number {
    if (this.free === NONE) return this.fresh++;
    const entry = this.free;
    this.free = this.byUse.next[entry];
    return entry;
  }

  private removeAt(slot: number): void {
    const entry = this.slots[slot];
    this.count -= 1;
    this.unlink(entry);
    this.byUse.next[entry] = this.free;
    this.free = entry;
    this.closeGap(slot);
  }

  /** Shifts back whatever stands behind an emptied slot and would no longer be found. */
  private closeGap(emptied: number): void {
    const { slots, keys, spaces } = this;
    const mask = slots.length - 1;
    let gap = emptied;
    for (let slot = (gap + 1) & mask; slots[slot] !== NONE; slot = (slot + 1) & mask) {
      const entry = slots[slot];
      const home = this.home(keys[entry], spaces[entry]);
      // It may move when its home is not between the gap and where it stands, going round.
      if (((slot - home) & mask) >= ((slot - gap) & mask)) {
        slots[gap] = entry;
        gap = slot;
      }
    }
    slots[gap] = NONE;
  }

  private grow(): void {
    const size = this.keys.length * 2;
    this.keys = enlarged(this.keys, size);
    this.sizes = enlarged(this.sizes, size);
    this.putUs = enlarged(this.putUs, size);
    const spaces = new Int16Array(size);
    spaces.set(this.spaces);
    this.spaces = spaces;
    const lifeOf = new Uint8Array(size);
    lifeOf.set(this.lifeOf);
    this.lifeOf = lifeOf;
    this.byUse.grow(size);
    for (const order of this.byPut) order.grow(size);
    this.slots = new Int32Array(2 * size).fill(NONE);
    this.shift -= 1;
    for (const order of this.byPut) {
      for (let entry = order.first; entry !== NONE; entry = order.next[entry]) {
        this.slots[this.find(this.keys[entry], this.spaces[entry])] = entry;
      }
    }
  }
}

/** A doubly linked list of entries. */
class Order {
  first = NONE;
  next: Int32Array;
  last = NONE;
  private previous: Int32Array;

  constructor(capacity: number) {
    this.next = new Int32Array(capacity);
    this.previous = new Int32Array(capacity);
  }

  append(entry: number): void {
    this.previous[entry] = this.last;
    this.next[entry] = NONE;
    if (this.last === NONE) this.first = entry;
    else this.next[this.last] = entry;
    this.last = entry;
  }

  remove(entry: number): void {
    const before = this.previous[entry];
    const after = this.next[entry];
    if (before === NONE) this.first = after;
    else this.next[before] = after;
    if (after === NONE) this.last = before;
    else this.previous[after] = before;
  }

  clear(): void {
    this.first = NONE;
    this.last = NONE;
  }

  grow(size: number): void {
    const next = new Int32Array(size);
    next.set(this.next);
    this.next = next;
    const previous = new Int32Array(size);
    previous.set(this.previous);
    this.previous = previous;
  }
}

function enlarged(old: Float64Array, size: number): Float64Array<ArrayBuffer> {
  const grown = new Float64Array(size);
  grown.set(old);
  return grown;
}
