import { invariant } from './invariant.ts';
import { threefry2x32, threefryKeyParity, threefryWords } from './threefry.ts';

const TWO_32 = 4_294_967_296;
const TWO_MINUS_32 = 1 / TWO_32;
/** 2^-52. */
const TWO_MINUS_52 = 1 / 4_503_599_627_370_496;
/** Pairs draw under another key than single indices, so that uniform(i) and uniformPair(i, 0) are independent. */
const PAIR_KEY = 0x9e3779b9;

/**
 * Named, counter-based random draws: draw number `index` of (seed, owner, purpose) is a pure function of these four, whatever
 * else is drawn and in whatever order. So one draw more shifts nothing, and variants of a design that use the same names
 * see the same chance (common random numbers).
 *
 * `seed`: whole number, 0..2^53 - 1. `owner`: workload or node id. `purpose`: what is drawn (`arrivals`, `serviceTime`).
 * The 64-bit key is a MurmurHash3-like hash of the seed's two words and of both strings' lengths and UTF-16 code units;
 * two names share a key with probability 2^-64.
 * Index: an entity, a time cell or an ordinal within a lane; never the global order of calls.
 * Cost: one Threefry-2x32-13 block a draw; no allocation, no state.
 */
export class DrawStream {
  /** Key words (int32): k0, k1 and their parity; then k1 and the parity of the key of pairs. */
  readonly key: Int32Array;

  constructor(seed: number, owner: string, purpose: string) {
    invariant(Number.isSafeInteger(seed) && seed >= 0, `a seed is a whole number 0..2^53 - 1, got ${seed}`);
    const { k0, k1 } = streamKey(seed, owner, purpose);
    const pairK1 = k1 ^ PAIR_KEY;
    this.key = Int32Array.of(k0, k1, threefryKeyParity(k0, k1), pairK1, threefryKeyParity(k0, pairK1));
  }

  /** Uniform draw in (0, 1): an odd multiple of 2^-53, never 0 or 1; 1 - u is exact. `index`: whole, 0..2^53 - 1. */
  uniform(index: number): number {
    // threefry2x32 written out: a call would cost a third more. The unit test holds the two together.
    const k0 = this.key[0];
    const k1 = this.key[1];
    const k2 = this.key[2];
    let x = ((index | 0) + k0) | 0;
    let y = ((index < TWO_32 ? 0 : highWord(index)) + k1) | 0;
    x = (x + y) | 0;
    y = ((y << 13) | (y >>> 19)) ^ x;
    x = (x + y) | 0;
    y = ((y << 15) | (y >>> 17)) ^ x;
    x = (x + y) | 0;
    y = ((y << 26) | (y >>> 6)) ^ x;
    x = (x + y) | 0;
    y = ((y << 6) | (y >>> 26)) ^ x;
    x = (x + k1) | 0;
    y = (y + k2 + 1) | 0;
    x = (x + y) | 0;
    y = ((y << 17) | (y >>> 15)) ^ x;
    x = (x + y) | 0;
    y = ((y << 29) | (y >>> 3)) ^ x;
    x = (x + y) | 0;
    y = ((y << 16) | (y >>> 16)) ^ x;
    x = (x + y) | 0;
    y = ((y << 24) | (y >>> 8)) ^ x;
    x = (x + k2) | 0;
    y = (y + k0 + 2) | 0;
    x = (x + y) | 0;
    y = ((y << 13) | (y >>> 19)) ^ x;
    x = (x + y) | 0;
    y = ((y << 15) | (y >>> 17)) ^ x;
    x = (x + y) | 0;
    y = ((y << 26) | (y >>> 6)) ^ x;
    x = (x + y) | 0;
    y = ((y << 6) | (y >>> 26)) ^ x;
    x = (x + k0) | 0;
    y = (y + k1 + 3) | 0;
    x = (x + y) | 0;
    y = ((y << 17) | (y >>> 15)) ^ x;
    threefryWords[0] = x;
    threefryWords[1] = y;
    return ((x >>> 6) * 67_108_864 + (y >>> 6) + 0.5) * TWO_MINUS_52;
  }

  /**
   * Uniform draw in (0, 1) with a counter of two dimensions, for whatever takes several draws per index.
   * `i`: whole, 0..2^53 - 1; `j`: whole, 0..2^32 - 1 (0..2047 where i may pass 2^32). Independent of `uniform`.
   */
  uniformPair(i: number, j: number): number {
    const k0 = this.key[0];
    const k1 = this.key[3];
    const k2 = this.key[4];
    let x = ((i | 0) + k0) | 0;
    let y = ((i < TWO_32 ? j | 0 : j ^ (highWord(i) << 11)) + k1) | 0;
    x = (x + y) | 0;
    y = ((y << 13) | (y >>> 19)) ^ x;
    x = (x + y) | 0;
    y = ((y << 15) | (y >>> 17)) ^ x;
    x = (x + y) | 0;
    y = ((y << 26) | (y >>> 6)) ^ x;
    x = (x + y) | 0;
    y = ((y << 6) | (y >>> 26)) ^ x;
    x = (x + k1) | 0;
    y = (y + k2 + 1) | 0;
    x = (x + y) | 0;
    y = ((y << 17) | (y >>> 15)) ^ x;
    x = (x + y) | 0;
    y = ((y << 29) | (y >>> 3)) ^ x;
    x = (x + y) | 0;
    y = ((y << 16) | (y >>> 16)) ^ x;
    x = (x + y) | 0;
    y = ((y << 24) | (y >>> 8)) ^ x;
    x = (x + k2) | 0;
    y = (y + k0 + 2) | 0;
    x = (x + y) | 0;
    y = ((y << 13) | (y >>> 19)) ^ x;
    x = (x + y) | 0;
    y = ((y << 15) | (y >>> 17)) ^ x;
    x = (x + y) | 0;
    y = ((y << 26) | (y >>> 6)) ^ x;
    x = (x + y) | 0;
    y = ((y << 6) | (y >>> 26)) ^ x;
    x = (x + k0) | 0;
    y = (y + k1 + 3) | 0;
    x = (x + y) | 0;
    y = ((y << 17) | (y >>> 15)) ^ x;
    threefryWords[0] = x;
    threefryWords[1] = y;
    return ((x >>> 6) * 67_108_864 + (y >>> 6) + 0.5) * TWO_MINUS_52;
  }

  /** Writes `uniform(first)`, `uniform(first + 1)` ... into the first `count` places of `out`: quicker than one by one. */
  fill(first: number, count: number, out: Float64Array): void {
    if (first + count > TWO_32) for (let i = 0; i < count; i += 1) out[i] = this.uniform(first + i);
    else fillBlocks(first, 1, 0, 0, this.key[0], this.key[1], this.key[2], count, out);
  }

  /** Writes `uniformPair(i, first)`, `uniformPair(i, first + 1)` ... into the first `count` places of `out`. */
  fillPairs(i: number, first: number, count: number, out: Float64Array): void {
    if (i >= TWO_32) for (let k = 0; k < count; k += 1) out[k] = this.uniformPair(i, first + k);
    else fillBlocks(i, 0, first, 1, this.key[0], this.key[3], this.key[4], count, out);
  }

  /** 32 random bits (uint32), 32 more in `spare`. The same block as `uniform(index)`. */
  bits(index: number): number {
    threefry2x32(index | 0, highWord(index), this.key[0], this.key[1], this.key[2]);
    return threefryWords[0] >>> 0;
  }

  /** 32 random bits (uint32), 32 more in `spare`. The same block as `uniformPair(i, j)`. */
  bitsPair(i: number, j: number): number {
    threefry2x32(i | 0, j ^ (highWord(i) << 11), this.key[0], this.key[3], this.key[4]);
    return threefryWords[0] >>> 0;
  }

  /**
   * Second word (uint32) of the last block drawn, by whichever stream: read it before the next draw. After `bits` and `bitsPair`
   * it is independent of the value returned.
   */
  get spare(): number {
    return threefryWords[1] >>> 0;
  }
}

/**
 * Uniform draws of `count` counters, the first (c0, c1), each `step0`, `step1` on from the one before. threefry2x32 is written out
 * here too: the cipher of one draw runs while that of the next has begun.
 */
function fillBlocks(
  c0: number,
  step0: number,
  c1: number,
  step1: number,
  k0: number,
  k1: number,
  k2: number,
  count: number,
  out: Float64Array,
): void {
  let first = ((c0 | 0) + k0) | 0;
  let second = ((c1 | 0) + k1) | 0;
  for (let i = 0; i < count; i += 1) {
    let x = first;
    let y = second;
    first = (first + step0) | 0;
    second = (second + step1) | 0;
    x = (x + y) | 0;
    y = ((y << 13) | (y >>> 19)) ^ x;
    x = (x + y) | 0;
    y = ((y << 15) | (y >>> 17)) ^ x;
    x = (x + y) | 0;
    y = ((y << 26) | (y >>> 6)) ^ x;
    x = (x + y) | 0;
    y = ((y << 6) | (y >>> 26)) ^ x;
    x = (x + k1) | 0;
    y = (y + k2 + 1) | 0;
    x = (x + y) | 0;
    y = ((y << 17) | (y >>> 15)) ^ x;
    x = (x + y) | 0;
    y = ((y << 29) | (y >>> 3)) ^ x;
    x = (x + y) | 0;
    y = ((y << 16) | (y >>> 16)) ^ x;
    x = (x + y) | 0;
    y = ((y << 24) | (y >>> 8)) ^ x;
    x = (x + k2) | 0;
    y = (y + k0 + 2) | 0;
    x = (x + y) | 0;
    y = ((y << 13) | (y >>> 19)) ^ x;
    x = (x + y) | 0;
    y = ((y << 15) | (y >>> 17)) ^ x;
    x = (x + y) | 0;
    y = ((y << 26) | (y >>> 6)) ^ x;
    x = (x + y) | 0;
    y = ((y << 6) | (y >>> 26)) ^ x;
    x = (x + k0) | 0;
    y = (y + k1 + 3) | 0;
    x = (x + y) | 0;
    y = ((y << 17) | (y >>> 15)) ^ x;
    out[i] = ((x >>> 6) * 67_108_864 + (y >>> 6) + 0.5) * TWO_MINUS_52;
  }
}

/** The bits of a whole number above the lowest 32. */
function highWord(index: number): number {
  return Math.floor(index * TWO_MINUS_32) | 0;
}

/** 64-bit key of a stream: two 32-bit lanes, mixed into each other at every step, finished as MurmurHash3 does. */
function streamKey(seed: number, owner: string, purpose: string): { k0: number; k1: number } {
  let h0 = 0x243f6a88;
  let h1 = 0x85a308d3;
  const take = (word: number): void => {
    const w0 = Math.imul(word, 0xcc9e2d51);
    const w1 = Math.imul(word, 0x1b873593);
    h0 = (Math.imul(rotate(h0 ^ Math.imul(rotate(w0, 15), 0x239b961b), 13), 5) + h1) | 0;
    h1 = (Math.imul(rotate(h1 ^ Math.imul(rotate(w1, 17), 0xab0e9789), 19), 5) + h0 + 0x38b34ae5) | 0;
  };
  take(seed | 0);
  take(highWord(seed));
  for (const name of [owner, purpose]) {
    take(name.length);
    for (let i = 0; i < name.length; i += 1) take(name.charCodeAt(i));
  }
  h0 = (h0 + h1) | 0;
  h1 = (h1 + h0) | 0;
  h0 = finished(h0);
  h1 = finished(h1);
  h0 = (h0 + h1) | 0;
  h1 = (h1 + h0) | 0;
  return { k0: h0, k1: h1 };
}

function rotate(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}

function finished(word: number): number {
  let h = word;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
