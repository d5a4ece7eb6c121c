/** What is typed into fields and not yet part of the document: taken on Enter, when the field is left, and before it is saved. */
import { useEffect, useRef, useState } from 'react';
import { redo, undo } from '#renderer/state/document-store.ts';

const open = new Set<() => void>();

/** Takes every draft into the document. */
export function takeDrafts(): void {
  for (const take of open) take();
}

interface KeyDetail {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
}

export interface Draft {
  readonly text: string;
  /** Why the text was not taken. */
  readonly fault: string | undefined;
  readonly type: (text: string) => void;
  readonly take: () => void;
  readonly onKeyDown: (event: CustomEvent<KeyDetail>) => void;
}

/** `take` returns what is wrong with a text, or undefined when it was taken. `isLong`: Enter begins a new line. */
export function useDraft(value: string, take: (text: string) => string | undefined, isLong = false): Draft {
  const [draft, setDraft] = useState<string>();
  const [fault, setFault] = useState<string>();
  const latest = useRef<() => void>(() => undefined);
  const finish = (): void => {
    if (draft === undefined) return;
    const refused = draft === value ? undefined : take(draft);
    setFault(refused);
    if (refused === undefined) setDraft(undefined);
  };
  useEffect(() => {
    latest.current = finish;
  });
  const isOpen = draft !== undefined;
  useEffect(() => {
    if (!isOpen) return undefined;
    const own = (): void => latest.current();
    open.add(own);
    return () => {
      open.delete(own);
    };
  }, [isOpen]);
  return {
    text: draft ?? value,
    fault,
    type: (text) => {
      setDraft(text);
      setFault(undefined);
    },
    take: finish,
    onKeyDown: (event) => {
      const { key, ctrlKey, metaKey, shiftKey } = event.detail;
      const isCommand = ctrlKey || metaKey;
      if (key === 'Enter' && (!isLong || isCommand)) finish();
      if (key === 'Escape' && isOpen) {
        event.preventDefault();
        setDraft(undefined);
        setFault(undefined);
      }
      if (isCommand && key.toLowerCase() === 'z' && !isOpen) {
        event.preventDefault();
        if (shiftKey) redo();
        else undo();
      }
    },
  };
}

/** Keys that act on the whole document act on what was typed as well. */
if (typeof window !== 'undefined') {
  window.addEventListener(
    'keydown',
    ({ key, ctrlKey, metaKey }) => {
      if ((ctrlKey || metaKey) && ['s', 'o', 'k', 'e'].includes(key.toLowerCase())) takeDrafts();
    },
    true,
  );
}
