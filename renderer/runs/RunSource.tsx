import type { ReactNode } from 'react';
import { originDetails, originTitle } from './run-origin.ts';
import { useResultsPart } from './run-results.ts';

/** Where numbers come from: one run and its seed, or as much of it as is done; of a saved run also which Caudal made it. */
export function RunSource(): ReactNode {
  const origin = useResultsPart((results) => results.origin);
  const seed = useResultsPart(({ report, partial }) => (report ?? partial)?.seed);
  const isWhole = useResultsPart(({ report }) => report !== undefined);
  if (seed === undefined) return null;
  if (origin !== undefined) return `${originTitle(origin)}, seed ${seed}, ${originDetails(origin)}`;
  return `${isWhole ? 'One run' : 'So far in this run'}, seed ${seed}`;
}
