/** What is said of a run that was read from a file. */
import type { SavedRunHead } from '#schema/saved-run.ts';

export function originTitle({ origin }: Pick<SavedRunHead, 'origin'>): string {
  return origin === 'measured' ? 'Measured run' : 'Saved run';
}

/** `Caudal 0.1.0, prices of 2026-10-08`. */
export function originDetails({ engineVersion, ratesDate }: Pick<SavedRunHead, 'engineVersion' | 'ratesDate'>): string {
  return `Caudal ${engineVersion}, prices of ${ratesDate}`;
}
