/**
 * Partition keys. The keys of a workload are the texts `key-0`, `key-1`, ... `key-<n - 1>`; the lower the index, the heavier
 * the key. Where a key lies is the MD5 of its text as a fraction of 2^128, as Kinesis Data Streams routes it.
 */
import type { DrawStream } from '#engine/kernel/draws.ts';
import type { PartitionKey } from '#schema/workload.ts';
import { compileKeyWeights, type KeyWeights } from './key-weights.ts';
import { md5Fraction } from './md5.ts';

/** One key and the share of the records that carry it. */
export interface KeyShare {
  /** Index of the key; -1 where there is none. */
  readonly keyIndex: number;
  readonly share: number;
}

/** The keys of a workload: how often each occurs and where each hashes to. */
export interface KeySpace {
  readonly keyCount: number;
  /** Key index of the record with counter (cell, index). */
  sample(stream: DrawStream, cell: number, index: number): number;
  /** Share of the records that carry the key, 0..1. */
  share(keyIndex: number): number;
  /** MD5 of the key's text as a fraction, in [0, 1). */
  position(keyIndex: number): number;
  /**
   * Probability that a record's key hashes into [lo, hi), 0 <= lo <= hi <= 1: the sum over the keys there, for up to a million
   * keys (the heaviest, if there are more; the rest counts by the width of the range).
   */
  shareInRange(lo: number, hi: number): number;
  /**
   * Key index for a uniform draw `u` in (0, 1), of the keys that hash into [lo, hi), by their shares; -1 if there is none, or if there
   * are keys that are not counted one by one (see shareInRange).
   */
  pickInRange(u: number, lo: number, hi: number): number;
  /** The heaviest key that hashes into [lo, hi); index -1 and share 0 if none of the first million does. */
  heaviestIn(lo: number, hi: number): KeyShare;
}

/** Text of a key. */
export function keyName(keyIndex: number): string {
  return `key-${keyIndex}`;
}

/** Keys looked at one by one before the sorted table is built. */
const FIRST_LOOK = 4096;
const LOOK_LIMIT = 1_000_000;

/** Compiles a key law. Tables of a million keys take about half a second and 30 MB, and are built when first needed. */
export function compileKeyLaw(spec: PartitionKey): KeySpace {
  return new HashedKeys(compileKeyWeights(spec));
}

/** The same keys with a share of all records moved to key 0: what a hot-key fault does while it lasts. `shareRatio`: 0..1. */
export function withHotKey(keys: KeySpace, shareRatio: number): KeySpace {
  const rest = 1 - shareRatio;
  return {
    keyCount: keys.keyCount,
    // A counter of its own decides, so that the records that are not moved keep the keys they had.
    sample: (stream, cell, index) =>
      stream.uniformPair(cell, HOT_KEY_COUNTER + index) < shareRatio ? 0 : keys.sample(stream, cell, index),
    share: (keyIndex) => rest * keys.share(keyIndex) + (keyIndex === 0 ? shareRatio : 0),
    position: (keyIndex) => keys.position(keyIndex),
    shareInRange: (lo, hi) => {
      const hot = keys.position(0);
      return rest * keys.shareInRange(lo, hi) + (hot >= lo && hot < hi ? shareRatio : 0);
    },
    pickInRange: (u, lo, hi) => {
      const hot = keys.position(0);
      if (hot < lo || hot >= hi) return keys.pickInRange(u, lo, hi);
      const moved = shareRatio / (shareRatio + rest * keys.shareInRange(lo, hi));
      return u < moved ? 0 : keys.pickInRange((u - moved) / (1 - moved), lo, hi);
    },
    heaviestIn: (lo, hi) => {
      const heaviest = keys.heaviestIn(lo, hi);
      const share = rest * heaviest.share + (heaviest.keyIndex === 0 ? shareRatio : 0);
      return { keyIndex: heaviest.keyIndex, share };
    },
  };
}

/** Counters of the hot-key decision lie above every record index of a cell. */
const HOT_KEY_COUNTER = 0x80000000;

class HashedKeys implements KeySpace {
  readonly keyCount: number;
  private readonly weights: KeyWeights;
  private positions = new Float64Array(0);
  private table: RangeTable | undefined;

  constructor(weights: KeyWeights) {
    this.weights = weights;
    this.keyCount = weights.keyCount;
  }

  sample(stream: DrawStream, cell: number, index: number): number {
    return this.keyCount === 1 ? 0 : this.weights.pick(stream.uniformPair(cell, index));
  }

  share(keyIndex: number): number {
    return this.weights.share(keyIndex);
  }

  position(keyIndex: number): number {
    if (keyIndex >= LOOK_LIMIT) return md5Fraction(keyName(keyIndex));
    if (this.positions.length === 0) this.positions = new Float64Array(Math.min(this.keyCount, LOOK_LIMIT)).fill(-1);
    const known = this.positions[keyIndex];
    if (known >= 0) return known;
    const position = md5Fraction(keyName(keyIndex));
    this.positions[keyIndex] = position;
    return position;
  }

  shareInRange(lo: number, hi: number): number {
    const { singles, restShare } = this.weights;
    const spread = restShare * (hi - lo);
    if (singles === 0) return spread;
    this.table ??= new RangeTable(this, singles, restShare);
    return spread + this.table.shareInRange(lo, hi);
  }

  pickInRange(u: number, lo: number, hi: number): number {
    const { singles, restShare } = this.weights;
    if (restShare > 0) return -1;
    this.table ??= new RangeTable(this, singles, restShare);
    return this.table.pickInRange(u, lo, hi);
  }

  heaviestIn(lo: number, hi: number): KeyShare {
    const { keyCount } = this;
    const first = this.firstIn(lo, hi, 0, Math.min(keyCount, FIRST_LOOK));
    if (first >= 0) return { keyIndex: first, share: this.share(first) };
    const { singles, restShare } = this.weights;
    let keyIndex = -1;
    if (singles > FIRST_LOOK) {
      this.table ??= new RangeTable(this, singles, restShare);
      keyIndex = this.table.smallestIndexIn(lo, hi);
    } else if (keyCount > FIRST_LOOK) {
      keyIndex = this.firstIn(lo, hi, FIRST_LOOK, Math.min(keyCount, LOOK_LIMIT));
    }
    return { keyIndex, share: keyIndex < 0 ? 0 : this.share(keyIndex) };
  }

  private firstIn(lo: number, hi: number, from: number, until: number): number {
    for (let key = from; key < until; key += 1) {
      const position = this.position(key);
      if (position >= lo && position < hi) return key;
    }
    return -1;
  }
}

/** Keys sorted by position with running sums of their shares. A query costs O(log keys). */
class RangeTable {
  private readonly sortedPositions: Float64Array;
  private readonly sortedKeys: Uint32Array;
  private readonly shareBefore: Float64Array;
  /** By equal parts of all shares: the place of the key at which each begins, so that a draw looks at few keys. */
  private guide: Uint32Array | undefined;
  /** The range asked about last, and the keys in it: many are asked about again and again. */
  private lo = 0;
  private hi = 0;
  private from = 0;
  private until = 0;

  constructor(keys: KeySpace, singles: number, restShare: number) {
    this.sortedPositions = new Float64Array(singles);
    this.sortedKeys = new Uint32Array(singles);
    this.sort(keys, singles);
    this.shareBefore = new Float64Array(singles + 1);
    for (let i = 0; i < singles; i += 1) {
      this.shareBefore[i + 1] = this.shareBefore[i] + keys.share(this.sortedKeys[i]);
    }
    this.shareBefore[singles] = 1 - restShare;
  }

  shareInRange(lo: number, hi: number): number {
    this.find(lo, hi);
    const { from, until } = this;
    return until > from ? this.shareBefore[until] - this.shareBefore[from] : 0;
  }

  /** The key at which the running sum of the shares in the range passes `u` of their total; -1 if no key is there. */
  pickInRange(u: number, lo: number, hi: number): number {
    this.find(lo, hi);
    const { from, until, shareBefore } = this;
    if (until <= from) return -1;
    const sum = shareBefore[from] + u * (shareBefore[until] - shareBefore[from]);
    this.guide ??= this.guideOf(this.sortedKeys.length);
    let place = Math.max(from, this.guide[Math.min(this.guide.length - 1, Math.floor(sum * this.guide.length))]);
    while (place + 1 < until && shareBefore[place + 1] <= sum) place += 1;
    return this.sortedKeys[place];
  }

  smallestIndexIn(lo: number, hi: number): number {
    this.find(lo, hi);
    const { from, until } = this;
    let smallest = -1;
    for (let i = from; i < until; i += 1) {
      if (smallest < 0 || this.sortedKeys[i] < smallest) smallest = this.sortedKeys[i];
    }
    return smallest;
  }

  private guideOf(singles: number): Uint32Array {
    const guide = new Uint32Array(singles);
    let place = 0;
    for (let part = 0; part < singles; part += 1) {
      while (place + 1 < singles && this.shareBefore[place + 1] <= part / singles) place += 1;
      guide[part] = place;
    }
    return guide;
  }

  /** Hashes are evenly spread: one bucket a key puts nearly every key in its place, insertion does the rest. */
  private sort(keys: KeySpace, singles: number): void {
    const { sortedPositions, sortedKeys } = this;
    const next = new Uint32Array(singles + 1);
    for (let key = 0; key < singles; key += 1) next[Math.floor(keys.position(key) * singles) + 1] += 1;
    for (let bucket = 0; bucket < singles; bucket += 1) next[bucket + 1] += next[bucket];
    for (let key = 0; key < singles; key += 1) {
      const position = keys.position(key);
      const bucket = Math.floor(position * singles);
      const slot = next[bucket];
      next[bucket] += 1;
      sortedPositions[slot] = position;
      sortedKeys[slot] = key;
    }
    for (let i = 1; i < singles; i += 1) {
      const position = sortedPositions[i];
      const key = sortedKeys[i];
      let j = i - 1;
      while (j >= 0 && sortedPositions[j] > position) {
        sortedPositions[j + 1] = sortedPositions[j];
        sortedKeys[j + 1] = sortedKeys[j];
        j -= 1;
      }
      sortedPositions[j + 1] = position;
      sortedKeys[j + 1] = key;
    }
  }

  private find(lo: number, hi: number): void {
    if (lo === this.lo && hi === this.hi) return;
    this.lo = lo;
    this.hi = hi;
    this.from = this.lowerBound(lo);
    this.until = this.lowerBound(hi);
  }

  /** Number of keys below `position`. */
  private lowerBound(position: number): number {
    let low = 0;
    let high = this.sortedPositions.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.sortedPositions[middle] < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
