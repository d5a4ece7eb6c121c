/** Checks that both fidelities say the same of a pipeline, and notes what was found for the accuracy report. */
import { expect, type TestContext } from 'vitest';
import type { CaudalDocument } from '#schema/document.ts';
import { type Comparison, compareFidelities } from './fidelity.ts';

/** A row of the accuracy report. */
export interface FidelityClaim {
  readonly number: string;
  readonly exact: number;
  readonly auto: number;
  /** Of the exact value; the plain difference where that is 0. */
  readonly differenceRatio: number;
  readonly halfWidthRatio: number;
  readonly verdict: string;
}

/** What may differ, by the number's name, and why. */
export type KnownDifferences = Readonly<Record<string, string>>;

/** Runs `pairs` pairs; every headline number must agree unless it is named in `known`. */
export function checkFidelity(
  { task }: TestContext,
  document: CaudalDocument,
  pairs: number,
  known: KnownDifferences = {},
): void {
  const comparisons = compareFidelities(document, pairs);
  // Read by tools/accuracy.mjs.
  Object.assign(task.meta, { fidelity: claimsOf(comparisons, known), pairs });
  const apart = comparisons.filter(({ number, verdict }) => verdict === 'apart' && known[number] === undefined);
  expect(apart.map(inWords)).toEqual([]);
}

/** The number that comes closest to what is allowed, and all that are apart. */
function claimsOf(comparisons: readonly Comparison[], known: KnownDifferences): readonly FidelityClaim[] {
  const worst = comparisons.reduce((found, one) => (one.use > found.use ? one : found));
  return comparisons
    .filter((one) => one === worst || one.verdict === 'apart')
    .map(({ number, exact, auto, difference, halfWidth, verdict }) => ({
      number,
      exact,
      auto,
      differenceRatio: exact === 0 ? difference : difference / exact,
      halfWidthRatio: exact === 0 ? halfWidth : halfWidth / exact,
      verdict: verdict === 'apart' ? `apart: ${known[number] ?? 'not explained'}` : verdict,
    }));
}

function inWords({ number, exact, auto, difference, halfWidth }: Comparison): string {
  return `${number}: exact ${exact}, auto ${auto}, difference ${difference} +/- ${halfWidth}`;
}
