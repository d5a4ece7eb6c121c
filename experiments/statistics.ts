/** Merges the numbers of several replications: each becomes a mean with its 95 % confidence interval. */
import { meanInterval } from '#engine/stats/intervals.ts';

/** A number over replications: `mean` +- `halfWidth95`, Student-t. `halfWidth95` is null where one value is all there is. */
export interface Stat {
  readonly mean: number;
  readonly halfWidth95: number | null;
  readonly n: number;
}

/** The same data with every number replaced by its statistic. */
export type Stats<T> = T extends number
  ? Stat
  : T extends readonly (infer Item)[]
    ? Stats<Item>[]
    : T extends object
      ? { [Key in keyof T]: Stats<T[Key]> }
      : T;

const CONFIDENCE = 0.95;

export function statOf(values: readonly number[]): Stat {
  const { mean, halfWidth, n } = meanInterval(values, CONFIDENCE);
  return { mean, halfWidth95: Number.isFinite(halfWidth) ? halfWidth : null, n };
}

/**
 * Merges equal-shaped data: numbers into statistics, all else as in the first. A number that one replication lacks
 * (a metric without samples) is averaged over those that have it, unless `absentIsZero`.
 */
export function mergeStats<T>(samples: readonly T[], absentIsZero = false): Stats<T> {
  return merged(samples, absentIsZero, samples.length) as Stats<T>;
}

function merged(samples: readonly unknown[], absentIsZero: boolean, n: number): unknown {
  const present = samples.filter((sample) => sample !== undefined);
  const [first] = present;
  if (typeof first === 'number') {
    const values = present.filter((value) => typeof value === 'number');
    const missing = absentIsZero ? n - values.length : 0;
    return statOf([...values, ...Array.from({ length: missing }, () => 0)]);
  }
  if (Array.isArray(first))
    return first.map((_, index) =>
      merged(
        present.map((list) => (list as unknown[])[index]),
        absentIsZero,
        n,
      ),
    );
  if (typeof first !== 'object' || first === null) return first;
  const keys = new Set(present.flatMap((object) => Object.keys(object as object)));
  return Object.fromEntries(
    [...keys].map((key) => {
      const values = present.map((object) => (object as Readonly<Record<string, unknown>>)[key]);
      return [key, merged(values, absentIsZero, n)];
    }),
  );
}

/** Rows of several replications by a key, in order of first appearance. */
export function rowsByKey<T>(lists: readonly (readonly T[])[], keyOf: (row: T) => string): ReadonlyMap<string, T[]> {
  const rows = new Map<string, T[]>();
  for (const list of lists) {
    for (const row of list) {
      const key = keyOf(row);
      const known = rows.get(key);
      if (known) known.push(row);
      else rows.set(key, [row]);
    }
  }
  return rows;
}
