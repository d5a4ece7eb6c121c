/** Checks that both fidelities say the same of a pipeline, and notes what was found for the accuracy report. */
import { expect, type TestContext } from 'vitest';
import type { CaudalDocument } from '#schema/document.ts';
import { type Comparison, compareFidelities } from './fidelity.ts';
import { isFull, thoroughness } from './fidelity-plan.ts';

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

/** Percent of a shard's limit from which a key counts as hot. */
const HOT_PERCENT = 10;

/** Why a number may differ, if it may. */
function reasonFor({ number, exact }: Comparison, known: KnownDifferences): string | undefined {
  if (number.startsWith('mean HottestKeyLoad of ') && exact < HOT_PERCENT) {
    return 'the largest estimate of each minute, of a key that is not hot: it is chance that makes it the largest';
  }
  return known[number];
}

/** Runs pairs; every headline number and metric must agree unless it is named in `known`. */
export function checkFidelity({ task }: TestContext, document: CaudalDocument, known: KnownDifferences = {}): void {
  const { pairs, comparisons } = compareFidelities(document, thoroughness);
  // Read by tools/accuracy.mjs.
  Object.assign(task.meta, { fidelity: claimsOf(comparisons, known), pairs, isFull });
  const apart = comparisons.filter((one) => one.verdict === 'apart' && reasonFor(one, known) === undefined);
  expect(apart.map(inWords)).toEqual([]);
}

/** The headline number that comes closest to what is allowed, all that are apart and, of a full comparison, all intervals too wide. */
function claimsOf(comparisons: readonly Comparison[], known: KnownDifferences): readonly FidelityClaim[] {
  const headlines = comparisons.filter(({ kind }) => kind !== 'metric');
  const worst = headlines.reduce((found, one) => (one.use > found.use ? one : found));
  return comparisons
    .filter((one) => one === worst || one.verdict === 'apart' || (isFull && one.isWide))
    .map((one) => {
      const { number, exact, auto, difference, halfWidth } = one;
      return {
        number,
        exact,
        auto,
        differenceRatio: exact === 0 ? difference : difference / exact,
        halfWidthRatio: exact === 0 ? halfWidth : halfWidth / exact,
        verdict: verdictOf(one, reasonFor(one, known)),
      };
    });
}

function verdictOf({ verdict, isWide }: Comparison, reason: string | undefined): string {
  const found = verdict === 'apart' ? `apart: ${reason ?? 'not explained'}` : verdict;
  return isWide ? `${found}; interval too wide` : found;
}

function inWords({ number, exact, auto, difference, halfWidth }: Comparison): string {
  return `${number}: exact ${exact}, auto ${auto}, difference ${difference} +/- ${halfWidth}`;
}
