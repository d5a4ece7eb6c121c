/** The keyboard, joined to the commands. */
import { useEffect } from 'react';
import { followClipboard } from '#renderer/state/clipboard.ts';
import { commandOf } from './commands.ts';
import { isTakenByField, keyOf } from './keys.ts';

/** The browser sends these as events of their own, which may read and write the clipboard without asking. */
const CLIPBOARD = new Set(['Ctrl+C', 'Ctrl+X', 'Ctrl+V']);

export function useKeys(): void {
  useEffect(() => followClipboard(document), []);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const key = keyOf(event);
      if (event.defaultPrevented || CLIPBOARD.has(key) || isTakenByField(event.target, key)) return;
      const found = commandOf(key);
      // The run bar listens to its keys itself.
      if (found === undefined || found.group === 'Run') return;
      event.preventDefault();
      // React Flow would move what has the focus a second time.
      if (key.includes('Arrow')) event.stopPropagation();
      found.run();
    };
    window.addEventListener('keydown', onKey, true);
    return () => window.removeEventListener('keydown', onKey, true);
  }, []);
}
