import type { DrawStream } from '#engine/kernel/draws.ts';
import { normalQuantile } from '#engine/kernel/normal.ts';

/** Units at either end of a run whose places are drawn one by one. */
const FEW = 8;
/** First of the draws for these. */
const FIRST_ORDERED = 4;

/**
 * The k-th least of n independent uniform places, 0..1 (1 <= k <= n): drawn by `entity`, the same every time. Exact near either
 * end; a normal approximation of the beta distribution in between. O(1).
 */
export function orderedPlace(places: DrawStream, entity: number, k: number, n: number): number {
  // The greatest of n has the distribution x^n, the greatest of the others below it x^(n - 1) ...
  if (n - k < FEW) {
    let place = 1;
    for (let left = n; left >= k; left--) {
      place *= Math.exp(Math.log(1 - places.uniformPair(entity, FIRST_ORDERED + n - left)) / left);
    }
    return place;
  }
  if (k <= FEW) return 1 - orderedPlace(places, entity, n + 1 - k, n);
  // A beta distribution; for many, a normal one of the same mean and deviation.
  const mean = k / (n + 1);
  const deviation = Math.sqrt((mean * (1 - mean)) / (n + 2));
  const z = normalQuantile(places.uniformPair(entity, 2));
  return Math.min(1, Math.max(0, mean + z * deviation));
}
