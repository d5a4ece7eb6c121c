/** How often each key occurs: never rising with the index, so the smallest index of a set is its heaviest key. */
import type { PartitionKey } from '#schema/workload.ts';

/** Keys whose shares are tabulated one by one; what lies beyond is treated as evenly spread over the hash range. */
const MOST_SINGLES = 1_000_000;

/** Shares of the keys of a law. */
export interface KeyWeights {
  readonly keyCount: number;
  /** Keys, from index 0, that are counted one by one in a range of hashes. */
  readonly singles: number;
  /** Share of all keys after those. */
  readonly restShare: number;
  /** Share of the records that carry the key. */
  share(keyIndex: number): number;
  /** Key index for a uniform draw `u` in (0, 1); rises with `u`. */
  pick(u: number): number;
}

/** Shares of a key law. */
export function compileKeyWeights(spec: PartitionKey): KeyWeights {
  switch (spec.kind) {
    case 'single':
      return uniformWeights(1);
    case 'uniform':
      return uniformWeights(spec.keys);
    case 'zipf':
      return spec.exponent === 0 ? uniformWeights(spec.keys) : new ZipfWeights(spec.keys, spec.exponent);
    case 'hotKey':
      return hotKeyWeights(spec.keys, spec.hotShareRatio);
  }
}

function uniformWeights(keys: number): KeyWeights {
  const counted = keys <= MOST_SINGLES;
  return {
    keyCount: keys,
    singles: counted ? keys : 0,
    restShare: counted ? 0 : 1,
    share: () => 1 / keys,
    pick: (u) => Math.min(keys - 1, Math.floor(u * keys)),
  };
}

/** Key 0 has `hot`, the others share the rest evenly. */
function hotKeyWeights(keys: number, hot: number): KeyWeights {
  const others = keys - 1;
  const counted = keys <= MOST_SINGLES;
  return {
    keyCount: keys,
    singles: counted ? keys : 1,
    restShare: counted ? 0 : 1 - hot,
    share: (keyIndex) => (keyIndex === 0 ? hot : (1 - hot) / others),
    pick: (u) => (u < hot ? 0 : 1 + Math.min(others - 1, Math.floor(((u - hot) / (1 - hot)) * others))),
  };
}

/**
 * Key of rank r (index r - 1) in proportion to r^-exponent, drawn by inversion of one uniform: a table of running sums with a
 * guide for up to a million ranks (12 bytes a rank, O(1) a draw), beyond them the inverse of the integral of x^-exponent from
 * r - 1/2 to r + 1/2, which differs from r^-exponent by less than one part in 10^11 there. Inversion was preferred to
 * rejection (Hoermann and Derflinger 1996) because it takes exactly one draw a record and keeps draws of variants aligned.
 */
class ZipfWeights implements KeyWeights {
  readonly keyCount: number;
  readonly singles: number;
  readonly restShare: number;
  private readonly exponent: number;
  private readonly total: number;
  private readonly shareUntil: Float64Array;
  private readonly guide: Uint32Array;

  constructor(keys: number, exponent: number) {
    this.keyCount = keys;
    this.exponent = exponent;
    this.singles = Math.min(keys, MOST_SINGLES);
    this.shareUntil = new Float64Array(this.singles);
    let sum = 0;
    for (let i = 0; i < this.singles; i += 1) {
      sum += Math.exp(-exponent * Math.log(i + 1));
      this.shareUntil[i] = sum;
    }
    const rest = keys > this.singles ? this.powerArea(this.singles + 0.5, keys + 0.5) : 0;
    this.total = sum + rest;
    this.restShare = rest / this.total;
    for (let i = 0; i < this.singles; i += 1) this.shareUntil[i] /= this.total;
    this.shareUntil[this.singles - 1] = 1 - this.restShare;
    this.guide = this.buildGuide();
  }

  share(keyIndex: number): number {
    return Math.exp(-this.exponent * Math.log(keyIndex + 1)) / this.total;
  }

  pick(u: number): number {
    const { shareUntil, singles } = this;
    if (u >= shareUntil[singles - 1]) return this.pickRest((u - shareUntil[singles - 1]) / this.restShare);
    let key = this.guide[Math.floor(u * singles)];
    while (shareUntil[key] <= u) key += 1;
    return key;
  }

  /** For each of `singles` equal slices of (0, 1): the first key whose running share passes the start of the slice. */
  private buildGuide(): Uint32Array {
    const guide = new Uint32Array(this.singles);
    let key = 0;
    for (let slice = 0; slice < this.singles; slice += 1) {
      while (key < this.singles - 1 && this.shareUntil[key] <= slice / this.singles) key += 1;
      guide[slice] = key;
    }
    return guide;
  }

  /** Integral of x^-exponent from a to b. */
  private powerArea(a: number, b: number): number {
    const power = 1 - this.exponent;
    if (Math.abs(power) < 1e-9) return Math.log(b / a);
    return (Math.exp(power * Math.log(b)) - Math.exp(power * Math.log(a))) / power;
  }

  private pickRest(v: number): number {
    const power = 1 - this.exponent;
    const a = this.singles + 0.5;
    const b = this.keyCount + 0.5;
    let rank = 0;
    if (Math.abs(power) < 1e-9) {
      rank = a * Math.exp(v * Math.log(b / a));
    } else {
      const low = Math.exp(power * Math.log(a));
      const high = Math.exp(power * Math.log(b));
      rank = Math.exp(Math.log(low + v * (high - low)) / power);
    }
    return Math.min(this.keyCount, Math.max(this.singles + 1, Math.round(rank))) - 1;
  }
}
