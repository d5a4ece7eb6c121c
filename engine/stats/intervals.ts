import { invariant } from '#engine/kernel/invariant.ts';
import { normalQuantile } from '#engine/kernel/normal.ts';
import { studentTQuantile } from './student-t.ts';

/** A mean with its confidence interval mean +- halfWidth. */
export interface MeanInterval {
  readonly mean: number;
  /** Infinity where n < 2: one value says nothing about its own error. */
  readonly halfWidth: number;
  readonly n: number;
}

/** A proportion with its confidence interval, all ratios 0..1. */
export interface ProportionInterval {
  readonly share: number;
  readonly low: number;
  readonly high: number;
  readonly n: number;
}

/**
 * Student-t interval of the mean of independent replications. `confidence`: ratio in (0, 1), 0.95 for the usual one.
 * No values: mean NaN.
 */
export function meanInterval(values: ArrayLike<number>, confidence: number): MeanInterval {
  checkConfidence(confidence);
  const n = values.length;
  let sum = 0;
  for (let i = 0; i < n; i += 1) sum += values[i];
  const mean = sum / n;
  if (n < 2) return { mean, halfWidth: Number.POSITIVE_INFINITY, n };
  let squares = 0;
  let drift = 0;
  for (let i = 0; i < n; i += 1) {
    const difference = values[i] - mean;
    squares += difference * difference;
    drift += difference;
  }
  const variance = Math.max(0, (squares - (drift * drift) / n) / (n - 1));
  const halfWidth = variance === 0 ? 0 : studentTQuantile((1 + confidence) / 2, n - 1) * Math.sqrt(variance / n);
  return { mean, halfWidth, n };
}

/**
 * Wilson score interval of a proportion: good also for few trials and for 0 or n successes. `successes` 0..n, whole.
 * E. B. Wilson, J. Amer. Statist. Assoc. 22 (1927) 209-212, https://doi.org/10.1080/01621459.1927.10502953.
 * No trials: share NaN, interval 0..1.
 */
export function wilsonInterval(successes: number, n: number, confidence: number): ProportionInterval {
  checkConfidence(confidence);
  invariant(successes >= 0 && successes <= n, `successes lie in 0..n, got ${successes} of ${n}`);
  if (n === 0) return { share: Number.NaN, low: 0, high: 1, n };
  const z = normalQuantile((1 + confidence) / 2);
  const share = successes / n;
  const scale = 1 + (z * z) / n;
  const centre = (share + (z * z) / (2 * n)) / scale;
  const reach = (z * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n))) / scale;
  const low = successes === 0 ? 0 : Math.max(0, centre - reach);
  const high = successes === n ? 1 : Math.min(1, centre + reach);
  return { share, low, high, n };
}

function checkConfidence(confidence: number): void {
  invariant(confidence > 0 && confidence < 1, `a confidence lies between 0 and 1, got ${confidence}`);
}
