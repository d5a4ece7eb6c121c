/**
 * How much is compared: little in `npm test`, to notice what breaks, and 20 pairs and longer slices in `npm run test:all`, from which
 * docs/accuracy.md is written.
 */
import process from 'node:process';
import type { CaudalDocument } from '#schema/document.ts';
import type { Thoroughness } from './fidelity.ts';

export const isFull = process.env['CAUDAL_ALL_SCENARIOS'] === '1';

/**
 * A quick look fails only on what stays apart over 16 pairs at 99 %, so that a change that merely draws anew does not. The full
 * comparison is the one of the budget, and goes on to 40 pairs where an interval is too wide or a number apart.
 */
export const thoroughness: Thoroughness = isFull
  ? { least: 20, most: 40, confidence: 0.95, narrows: true }
  : { least: 4, most: 16, confidence: 0.99, narrows: false };

/** Milliseconds that a comparison may take. */
export const timeoutMs = isFull ? 1_200_000 : 120_000;

/** The document, with a slice `factor` times as long in the full comparison. */
export function lengthened(document: CaudalDocument, factor: number): CaudalDocument {
  if (!isFull) return document;
  return { ...document, run: { ...document.run, horizonSeconds: document.run.horizonSeconds * factor } };
}
