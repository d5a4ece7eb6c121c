/** Writes what advice recommends into a document. */
import { applyPatch } from '#analysis/set-path.ts';
import { validateDocument } from '#analysis/validate.ts';
import * as catalog from '#catalog/specs.ts';
import type { AdviceResult } from '#schema/result.ts';
import { openDocument } from './open.ts';
import { saveDocument } from './save.ts';

export interface AppliedAdvice {
  readonly applied: readonly AdviceResult[];
  /** Findings whose patch a patch before them has overtaken, or that would make the document invalid. */
  readonly skipped: readonly AdviceResult[];
}

/**
 * Applies the patches of the findings, the first first, to the document in `from` and writes it to `to`.
 * A path that one finding has changed is not changed again by the next.
 */
export async function applyAdvice(from: string, to: string, advice: readonly AdviceResult[]): Promise<AppliedAdvice> {
  const { written } = await openDocument(from);
  let root: unknown = written;
  const applied: AdviceResult[] = [];
  const skipped: AdviceResult[] = [];
  const changedPaths = new Set<string>();
  for (const finding of advice.filter(({ patch }) => patch.length > 0)) {
    const changed = applyPatch(root, finding.patch);
    const isTaken = finding.patch.some(({ path }) => changedPaths.has(path));
    if (isTaken || changed.faults.length > 0 || 'faults' in validateDocument(changed.root, catalog)) {
      skipped.push(finding);
      continue;
    }
    root = changed.root;
    for (const { path } of finding.patch) changedPaths.add(path);
    applied.push(finding);
  }
  if (applied.length > 0 || to !== from) await saveDocument(to, root as Readonly<Record<string, unknown>>);
  return { applied, skipped };
}
