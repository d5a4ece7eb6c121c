/** Holds what was measured against a formula, and notes the claim for the accuracy report. */
import { expect, type TestContext } from 'vitest';
import type { RawResult } from '#schema/result.ts';
import { agreement, openScenario, replicate } from './scenario.ts';

/**
 * Checks columns of replications, one value per replication, against expected means: the formula lies within the interval
 * (false-alarm rate 1e-4 a check), and the interval is narrower than `precision` to either side, as a share.
 */
export function checkMeans(
  { task }: TestContext,
  columns: Readonly<Record<string, readonly number[]>>,
  expected: Readonly<Record<string, number>>,
  precision: number,
): void {
  const claims: { quantity: string; errorRatio: number; halfWidthRatio: number }[] = [];
  // Read by tools/accuracy.mjs.
  Object.assign(task.meta, { claims });
  for (const [quantity, formula] of Object.entries(expected)) {
    const found = agreement(columns[quantity] ?? [], formula);
    claims.push({ quantity, errorRatio: Math.abs(found.mean - formula) / formula, halfWidthRatio: found.precision });
    expect(found.misfit, `${quantity} is ${found.mean}, the formula gives ${formula}`).toBeLessThanOrEqual(1);
    expect(found.precision, `the interval of ${quantity} is too wide to prove anything`).toBeLessThan(precision);
  }
}

/** Runs `measure` for seeds 1..n and collects the columns. */
export function columnsOf(
  n: number,
  measure: (seed: number) => Readonly<Record<string, number>>,
): Record<string, number[]> {
  const columns: Record<string, number[]> = {};
  for (let seed = 1; seed <= n; seed++) {
    for (const [name, value] of Object.entries(measure(seed))) (columns[name] ??= []).push(value);
  }
  return columns;
}

/** Replications of a scenario file. */
const replications = 10;

/** Runs a scenario of test/theory/scenarios ten times and checks what `measure` reads against formulas; see `checkMeans`. */
export function checkFormula(
  context: TestContext,
  name: string,
  measure: (result: RawResult) => Record<string, number>,
  expected: Readonly<Record<string, number>>,
  precision = 0.06,
): void {
  const document = openScenario(new URL(`../theory/scenarios/${name}.caudal.json`, import.meta.url));
  checkMeans(context, replicate(document, replications, measure), expected, precision);
}
