/** Writes what advice recommends into the design, as one step of undo, and runs it to show what that does. */
import { applyPatch } from '#analysis/set-path.ts';
import { setNotice } from '#renderer/state/app-store.ts';
import { currentDocument, edit } from '#renderer/state/document-store.ts';
import type { PatchStep } from '#schema/component.ts';
import type { CaudalDocument } from '#schema/document.ts';
import { patchWords } from './patch-words.ts';
import { runAndPlay } from './run-control.ts';

export async function applyAdvice(patch: readonly PatchStep[]): Promise<void> {
  const document = currentDocument();
  if (document === undefined) return;
  const changed = applyPatch(document, patch);
  if (changed.faults.length > 0) {
    setNotice(`The advice no longer fits the design: ${changed.faults.map(({ message }) => message).join('; ')}.`);
    return;
  }
  edit(patchWords(document, patch), () => changed.root as CaudalDocument);
  await runAndPlay();
}
