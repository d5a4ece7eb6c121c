/** Waiting times between attempts: a base that doubles up to a longest wait. Pure arithmetic, no state, no allocation. */
import type { DrawStream } from '#engine/kernel/draws.ts';
import { invariant } from '#engine/kernel/invariant.ts';

export class RetryBackoff {
  /** Wait before the first retry, microseconds. */
  readonly baseUs: number;
  /** Longest wait, microseconds. */
  readonly maxUs: number;

  /** `baseUs` > 0; `maxUs` >= `baseUs` or else every wait is `maxUs`. */
  constructor(baseUs: number, maxUs: number) {
    invariant(baseUs > 0 && maxUs > 0, `a back-off has waits above 0, got ${baseUs}, ${maxUs}`);
    this.baseUs = baseUs;
    this.maxUs = maxUs;
  }

  /** Wait before retry number `retry` (1, 2, ...), microseconds, without jitter. */
  delayUs(retry: number): number {
    let delayUs = this.baseUs;
    for (let i = 1; i < retry && delayUs < this.maxUs; i++) delayUs *= 2;
    return Math.min(delayUs, this.maxUs);
  }

  /** The same with full jitter: uniform between 0 and the wait. `index` keys the draw. At least one microsecond. */
  jitteredUs(retry: number, draw: DrawStream, index: number): number {
    return Math.max(1, draw.uniformPair(index, retry) * this.delayUs(retry));
  }
}
