import type { LimitSummary } from '#schema/component.ts';

/** From this share of a capacity on, a limit is near. */
const NEAR_RATIO = 0.8;

/**
 * Something was near this limit, at it, or waited for it. What works on one thing at a time, such as one batch of a shard, is
 * fully used whenever it works: that alone is no pressure.
 */
export function isPressed({ capacity, peakRatio, refused, waiting }: LimitSummary): boolean {
  if (refused > 0) return true;
  return peakRatio >= NEAR_RATIO && (capacity > 1 || waiting > 0);
}
