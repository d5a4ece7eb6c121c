import { invariant } from '#engine/kernel/invariant.ts';

/** Parts of a token that are told apart: 10^-8 of one. */
const PARTS = 100_000_000;
/** Parts per microsecond that a refill of one token a second makes. */
const RATE_PARTS = PARTS / 1_000_000;
/** Largest bucket: its parts stay a third below 2^53, so that sums are exact. */
const MOST_TOKENS = 60_000_000;

/**
 * A bucket of tokens, refilled continuously: the limiter behind "so many a second, with bursts".
 *
 * Arithmetic is exact: the level is a whole number of 10^-8 tokens and the refill a whole number of them per microsecond, so
 * nothing drifts however often it is asked (adding `rate x elapsed` in fractions of tokens would let through or refuse one
 * more after some million calls). The price: rates are rounded to 0.01 token/s, capacities reach 60,000,000 tokens.
 * Every operation O(1), no allocation. Times in whole microseconds, never falling from call to call.
 */
export class TokenBucket {
  private capacityParts = 0;
  /** Parts per microsecond. */
  private rate = 0;
  private level: number;
  private lastUs: number;

  /**
   * `capacity`: most tokens it holds, 0..60,000,000. `refillPerSecond`: tokens/s, >= 0, rounded to 0.01. Starts full unless
   * `level` says otherwise. Breaks an invariant when a number is out of range.
   */
  constructor(capacity: number, refillPerSecond: number, nowUs: number, level = capacity) {
    this.lastUs = nowUs;
    this.level = level * PARTS;
    this.configure(capacity, refillPerSecond, nowUs);
  }

  /** Most tokens it holds. */
  get capacity(): number {
    return this.capacityParts / PARTS;
  }

  /** Tokens per second, rounded to 0.01. */
  get refillPerSecond(): number {
    return this.rate / RATE_PARTS;
  }

  /** Changes capacity and refill from now on; what it holds above the new capacity is lost. */
  configure(capacity: number, refillPerSecond: number, nowUs: number): void {
    invariant(capacity >= 0 && capacity <= MOST_TOKENS, `a bucket holds 0..${MOST_TOKENS} tokens, got ${capacity}`);
    invariant(refillPerSecond >= 0 && refillPerSecond <= MOST_TOKENS, `a refill of ${refillPerSecond} tokens/s`);
    this.refresh(nowUs);
    this.capacityParts = Math.floor(capacity * PARTS);
    this.rate = Math.round(refillPerSecond * RATE_PARTS);
    if (this.level > this.capacityParts) this.level = this.capacityParts;
  }

  /** Takes `n` whole tokens if they are there; false, and nothing taken, if not. */
  take(n: number, nowUs: number): boolean {
    this.refresh(nowUs);
    const parts = n * PARTS;
    if (this.level < parts) return false;
    this.level -= parts;
    return true;
  }

  /** Takes `n` whole tokens whether or not they are there; the level may fall below zero and must be earned back. */
  spend(n: number, nowUs: number): void {
    this.refresh(nowUs);
    this.level -= n * PARTS;
  }

  /** Empties it and owes `n` whole tokens: nothing can be taken until they are earned back. */
  owe(n: number, nowUs: number): void {
    this.refresh(nowUs);
    this.level = -n * PARTS;
  }

  /** Tokens there now; below zero after an overdraft. */
  available(nowUs: number): number {
    this.refresh(nowUs);
    return this.level / PARTS;
  }

  /** Whole microseconds until `n` tokens can be taken, if nobody takes any before: 0 now, Infinity never. */
  timeUntilUs(n: number, nowUs: number): number {
    this.refresh(nowUs);
    const missing = n * PARTS - this.level;
    if (missing <= 0) return 0;
    if (this.rate === 0 || n * PARTS > this.capacityParts) return Number.POSITIVE_INFINITY;
    const wait = Math.ceil(missing / this.rate);
    return wait * this.rate < missing ? wait + 1 : wait;
  }

  private refresh(nowUs: number): void {
    const elapsedUs = nowUs - this.lastUs;
    if (elapsedUs <= 0) return;
    this.lastUs = nowUs;
    const level = this.level + elapsedUs * this.rate;
    this.level = level < this.capacityParts ? level : this.capacityParts;
  }
}
