/** What a change would cost: the month's bill of the design as it is and with the change, each from a run of its own. */
import { applyAssignments } from '#analysis/set-path.ts';
import { validateDocument } from '#analysis/validate.ts';
import * as catalog from '#catalog/specs.ts';
import type { CaudalDocument } from '#schema/document.ts';
import { InputError } from '#schema/errors.ts';
import type { PatchPrice } from '#schema/rpc.ts';
import { startRun } from './run-service.ts';

/** Longest pre-roll of such a run, seconds: it is about the bill, not about the first minutes. */
const PRE_ROLL_SECONDS = 60;

/**
 * One-off faults are left out: they are no part of a month. Throws InputError where the patch does not fit the document.
 * `document`: valid and complete, with its traces inlined.
 */
export async function pricePatch(
  document: CaudalDocument,
  patch: readonly { readonly path: string; readonly to?: unknown }[],
  horizonSeconds: number,
  signal?: AbortSignal,
): Promise<PatchPrice> {
  const changed = applyAssignments(
    document,
    patch.map(({ path, to }) => ({ path, value: to })),
  );
  if (changed.faults.length > 0) throw new InputError(changed.faults);
  const validated = validateDocument(changed.root, catalog);
  if ('faults' in validated) throw new InputError(validated.faults);
  const before = await perMonth(document, horizonSeconds, signal);
  const after = await perMonth(validated.document, horizonSeconds, signal);
  return { before, after };
}

async function perMonth(document: CaudalDocument, horizonSeconds: number, signal?: AbortSignal): Promise<number> {
  const preRollSeconds = Math.min(document.run.preRollSeconds, PRE_ROLL_SECONDS);
  const run = startRun({ ...document, faults: [], run: { ...document.run, horizonSeconds, preRollSeconds } });
  const cancel = (): void => run.cancel();
  signal?.addEventListener('abort', cancel);
  try {
    return (await run.finished).report.cost.perMonth;
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
}
