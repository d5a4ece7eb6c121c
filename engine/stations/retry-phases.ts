import type { DrawStream } from '#engine/kernel/draws.ts';
import { invariant } from '#engine/kernel/invariant.ts';

/** A run of retries whose waits go from the first to the last: in equal steps (linear) or equal ratios (exponential). */
export interface RetryPhase {
  /** Number of retries, >= 0. */
  readonly retries: number;
  readonly growth: 'linear' | 'exponential';
  /** Wait before its first retry, microseconds, >= 0; above 0 where it grows exponentially. 0 throughout: immediate retries. */
  readonly firstWaitUs: number;
  /** Wait before its last retry, microseconds. */
  readonly lastWaitUs: number;
}

/**
 * Retries in phases: say three at once, two after a second each, ten with waits growing from one second to twenty, and so on.
 * `waitUs` is O(phases). Waits of a phase that grows are computed when it is built.
 */
export class RetryPhases {
  /** Retries of all phases together; an attempt more is made. */
  readonly retries: number;
  private readonly phases: readonly RetryPhase[];
  private readonly growing: readonly (Float64Array | undefined)[];
  private readonly jitterRatio: number;

  /** `jitterRatio`, 0..1: each wait is spread evenly between 1 - r and 1 + r of itself, so that its mean stays. */
  constructor(phases: readonly RetryPhase[], jitterRatio: number) {
    invariant(jitterRatio >= 0 && jitterRatio <= 1, `jitter is a share of the wait, got ${jitterRatio}`);
    for (const { retries, firstWaitUs, lastWaitUs, growth } of phases) {
      invariant(retries >= 0 && firstWaitUs >= 0 && lastWaitUs >= 0, 'a phase has retries and waits of 0 or more');
      const isFlat = firstWaitUs === lastWaitUs;
      invariant(isFlat || growth === 'linear' || firstWaitUs * lastWaitUs > 0, 'exponential waits are above 0');
    }
    this.phases = phases;
    this.jitterRatio = jitterRatio;
    this.growing = phases.map((phase) => (phase.firstWaitUs === phase.lastWaitUs ? undefined : waits(phase)));
    this.retries = phases.reduce((sum, { retries }) => sum + retries, 0);
  }

  /** Mean wait before retry number `retry` (1, 2, ...), microseconds; -1 when there is no such retry. */
  waitUs(retry: number): number {
    let rest = retry - 1;
    for (let i = 0; i < this.phases.length; i++) {
      const phase = this.phases[i];
      if (rest < phase.retries) return this.growing[i]?.[rest] ?? phase.firstWaitUs;
      rest -= phase.retries;
    }
    return -1;
  }

  /** The same with jitter; `index` and the retry key the draw. */
  jitteredUs(retry: number, draw: DrawStream, index: number): number {
    const waitUs = this.waitUs(retry);
    if (waitUs <= 0 || this.jitterRatio === 0) return waitUs;
    // A counter of two dimensions has room for 2,047 retries of a late index; the draws of later ones come round again.
    return waitUs * (1 + this.jitterRatio * (2 * draw.uniformPair(index, retry % 2048) - 1));
  }
}

function waits({ retries, growth, firstWaitUs, lastWaitUs }: RetryPhase): Float64Array {
  const step = Math.max(1, retries - 1);
  return Float64Array.from({ length: retries }, (_, i) => {
    if (growth === 'linear') return firstWaitUs + ((lastWaitUs - firstWaitUs) * i) / step;
    return firstWaitUs * Math.exp((Math.log(lastWaitUs / firstWaitUs) * i) / step);
  });
}
