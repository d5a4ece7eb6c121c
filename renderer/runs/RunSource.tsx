import type { ReactNode } from 'react';
import { useResultsPart } from './run-results.ts';

/** Where numbers come from: one run and its seed, or as much of it as is done. */
export function RunSource(): ReactNode {
  const seed = useResultsPart(({ report, partial }) => (report ?? partial)?.seed);
  const isWhole = useResultsPart(({ report }) => report !== undefined);
  if (seed === undefined) return null;
  return `${isWhole ? 'One run' : 'So far in this run'}, seed ${seed}`;
}
