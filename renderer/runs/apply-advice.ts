/** Writes what advice recommends into the design, as one step of undo, and runs it to show what that does. */
import { applyPatch } from '#analysis/set-path.ts';
import { setNotice } from '#renderer/state/app-store.ts';
import { currentDocument, edit } from '#renderer/state/document-store.ts';
import type { PatchStep } from '#schema/component.ts';
import type { CaudalDocument } from '#schema/document.ts';
import { runAndPlay } from './run-control.ts';

/** The words of a change: `Set reservedConcurrentExecutions 40 → 65`, or how many settings change. */
export function patchWords(patch: readonly PatchStep[]): string {
  const [first] = patch;
  if (first === undefined) return '';
  if (patch.length > 1) return `Change ${patch.length} settings`;
  const name = first.path.split('.').at(-1) ?? first.path;
  return `Set ${spaced(name)} ${valueWords(first.from)} → ${valueWords(first.to)}`;
}

/** A value of a setting as menus and tables show it. */
export function valueWords(value: unknown): string {
  if (value === undefined || value === null) return 'none';
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : JSON.stringify(value);
}

/** `reservedConcurrentExecutions` -> `reserved concurrent executions`. */
function spaced(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

export async function applyAdvice(patch: readonly PatchStep[]): Promise<void> {
  const document = currentDocument();
  if (document === undefined) return;
  const changed = applyPatch(document, patch);
  if (changed.faults.length > 0) {
    setNotice(`The advice no longer fits the design: ${changed.faults.map(({ message }) => message).join('; ')}.`);
    return;
  }
  edit(patchWords(patch), () => changed.root as CaudalDocument);
  await runAndPlay();
}
