/**
 * The system's clipboard. Keys arrive as the browser's own copy and paste events, which need no permission; menus use the
 * asynchronous clipboard and, where that is refused, a memory of this window.
 */
import type { Place } from '#drawing/layered-layout.ts';
import { setNotice } from './app-store.ts';
import { copiedText, deleteSelection, pasteText } from './canvas-commands.ts';

let kept = '';

export function copyToClipboard(): void {
  const text = copiedText();
  if (text === undefined) return;
  kept = text;
  navigator.clipboard.writeText(text).catch(() => undefined);
}

export function cutToClipboard(): void {
  copyToClipboard();
  deleteSelection();
}

/** `at`: where the middle of the first card goes; under the pointer when left out. */
export async function pasteFromClipboard(at?: Place): Promise<void> {
  const text = await navigator.clipboard.readText().catch(() => kept);
  if (!pasteText(text, at) && !pasteText(kept, at)) setNotice('There is no part of a design on the clipboard.');
}

/** Answers Ctrl C, X and V wherever the browser sends them, unless text is selected or a field has the focus. */
export function followClipboard(target: Document): () => void {
  const onCopy = (event: ClipboardEvent): void => {
    const text = isTextWork(event) ? undefined : copiedText();
    if (text === undefined) return;
    kept = text;
    event.clipboardData?.setData('text/plain', text);
    event.preventDefault();
    if (event.type === 'cut') deleteSelection();
  };
  const onPaste = (event: ClipboardEvent): void => {
    if (isTextWork(event)) return;
    if (pasteText(event.clipboardData?.getData('text/plain') ?? '')) event.preventDefault();
  };
  target.addEventListener('copy', onCopy);
  target.addEventListener('cut', onCopy);
  target.addEventListener('paste', onPaste);
  return () => {
    target.removeEventListener('copy', onCopy);
    target.removeEventListener('cut', onCopy);
    target.removeEventListener('paste', onPaste);
  };
}

function isTextWork(event: ClipboardEvent): boolean {
  const { target } = event;
  if (
    target instanceof Element &&
    target.closest('input, textarea, [contenteditable="true"], [role="dialog"]') !== null
  )
    return true;
  return event.type !== 'paste' && (getSelection()?.toString() ?? '') !== '';
}
