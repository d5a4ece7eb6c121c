/** Runs scenario files in process, the way a user's run does: opened, validated, built, simulated. */
import { readFileSync } from 'node:fs';
import { validateDocument } from '#analysis/validate.ts';
import { components, connections } from '#catalog/specs.ts';
import { meanInterval } from '#engine/stats/intervals.ts';
import type { RunOptions, RunOutput } from '#schema/worker-messages.ts';
import { simulate } from '#engine/worker/simulate.ts';
import type { CaudalDocument } from '#schema/document.ts';
import { InputError } from '#schema/errors.ts';
import type { RawResult } from '#schema/result.ts';

/** Validates and completes a document given as plain data; throws an InputError with all faults. */
export function openDocument(input: unknown): CaudalDocument {
  const validated = validateDocument(input, { components, connections });
  if ('faults' in validated) throw new InputError(validated.faults);
  return validated.document;
}

/** Opens a scenario file by its URL. */
export function openScenario(url: URL): CaudalDocument {
  return openDocument(JSON.parse(readFileSync(url, 'utf8')));
}

/** Runs a document in this thread. */
export function runDocument(document: CaudalDocument, options: Partial<RunOptions> = {}): RunOutput {
  return simulate(
    {
      document,
      options: {
        seed: document.run.seed,
        horizonSeconds: document.run.horizonSeconds,
        preRollSeconds: document.run.preRollSeconds,
        fidelity: 'exact',
        ...options,
      },
      control: new SharedArrayBuffer(4),
    },
    () => undefined,
  );
}

/** Runs the document once per seed 1..n and returns what `measure` reads from each result. */
export function replicate(
  document: CaudalDocument,
  n: number,
  measure: (result: RawResult) => Record<string, number>,
): Record<string, number[]> {
  const columns: Record<string, number[]> = {};
  for (let seed = 1; seed <= n; seed += 1) {
    const row = measure(runDocument(document, { seed }).result);
    for (const [name, value] of Object.entries(row)) (columns[name] ??= []).push(value);
  }
  return columns;
}

/** Chance that a right simulator misses one formula: the confidence of every interval below is one minus this. */
export const falseAlarmRatio = 1e-4;

/** How far the mean of the replications lies from the formula, as a share of the half-width (<= 1 agrees), and that half-width. */
export function agreement(
  values: readonly number[],
  expected: number,
): { misfit: number; precision: number; mean: number } {
  const { mean, halfWidth } = meanInterval(values, 1 - falseAlarmRatio);
  return { misfit: Math.abs(mean - expected) / halfWidth, precision: halfWidth / Math.abs(expected), mean };
}
