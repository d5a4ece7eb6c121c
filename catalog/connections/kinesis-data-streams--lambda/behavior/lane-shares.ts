import type { KeySpace } from '#engine/workload/keys.ts';

/** Keys that are weighed one by one; the rest of a larger key space is spread evenly. */
const WEIGHED = 200_000;

/** Which lane of a shard the keys of a stretch of the ring belong to, by share of their records. */
export class LaneShares {
  private readonly laneCount: number;
  private readonly laneOf: (key: number, load: number, lanes: number) => number;
  private readonly known = new Map<KeySpace, { from: number; to: number; shares: Float64Array }[]>();
  private readonly even: Float64Array;

  constructor(laneCount: number, laneOf: (key: number, load: number, lanes: number) => number) {
    this.laneCount = laneCount;
    this.laneOf = laneOf;
    this.even = new Float64Array(laneCount).fill(1);
  }

  /** Weights of the lanes for keys of a space at positions `from` <= x < `to`; even without keys. O(1) but for the first time. */
  of(space: KeySpace | undefined, load: number, from: number, to: number): Float64Array {
    if (space === undefined) return this.even;
    let stretches = this.known.get(space);
    if (stretches === undefined) {
      stretches = [];
      this.known.set(space, stretches);
    }
    let stretch = stretches.find((one) => one.from === from && one.to === to);
    if (stretch === undefined) {
      stretch = { from, to, shares: this.weigh(space, load, from, to) };
      stretches.push(stretch);
    }
    return stretch.shares;
  }

  private weigh(space: KeySpace, load: number, from: number, to: number): Float64Array {
    const shares = new Float64Array(this.laneCount);
    const weighed = Math.min(space.keyCount, WEIGHED);
    let sum = 0;
    for (let key = 0; key < weighed; key++) {
      const position = space.position(key);
      if (position < from || position >= to) continue;
      const share = space.share(key);
      shares[this.laneOf(key, load, this.laneCount)]! += share;
      sum += share;
    }
    const rest = Math.max(0, space.shareInRange(from, to) - sum);
    for (let lane = 0; lane < this.laneCount; lane++) shares[lane]! += rest / this.laneCount;
    return sum + rest > 0 ? shares : this.even;
  }
}
