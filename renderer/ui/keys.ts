/** Which key does what. Keys are written as on the keyboard: `Ctrl+Shift+Z`; Ctrl is Cmd on a Mac. */

export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

/** `Ctrl+Shift+Z` of a key press. A letter is its capital; a sign is itself, however it is typed. */
export function keyOf({ key, ctrlKey, metaKey, shiftKey, altKey }: KeyPress): string {
  const name = key === ' ' ? 'Space' : key.length === 1 ? key.toUpperCase() : key;
  const isSign = key.length === 1 && key !== ' ' && key.toUpperCase() === key.toLowerCase();
  return [
    ...(ctrlKey || metaKey ? ['Ctrl'] : []),
    ...(altKey ? ['Alt'] : []),
    ...(shiftKey && !isSign ? ['Shift'] : []),
    name,
  ].join('+');
}

/** The key as this computer's keyboard has it. */
export function keyWords(key: string, isMac: boolean): string {
  const words = key.replace('Arrow', '').replace('Delete', 'Del').replace('Escape', 'Esc').replaceAll('+', ' ');
  return isMac ? words.replace('Ctrl', '⌘').replace('Shift', '⇧').replace('Alt', '⌥') : words;
}

/** Fields take every key but those with Ctrl that they have no use for. */
export function isTakenByField(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest('[role="dialog"]') !== null) return true;
  // What is moved and removed by keys of its own, such as a fault on the timeline.
  if (target.closest('[data-takes-keys]') !== null) return !key.startsWith('Ctrl+');
  const isText = target.closest('input:not([type="checkbox"]):not([type="radio"]), textarea, [contenteditable="true"]');
  if (isText !== null) return !KEYS_OVER_FIELDS.has(key);
  // Buttons, tabs and lists have Space, Enter and the arrows for themselves.
  const isControl = target.closest(
    'button, a, select, summary, [role="tab"], [role="option"], [role="menuitem"], [role="slider"], [role="separator"], [role="listbox"], [role="combobox"]',
  );
  return (
    isControl !== null &&
    (key === 'Space' || key === 'Enter' || key.includes('Arrow') || key === 'Home' || key === 'End')
  );
}

const KEYS_OVER_FIELDS = new Set(['Ctrl+S', 'Ctrl+Shift+S', 'Ctrl+O', 'Ctrl+K', 'Ctrl+E', 'F1']);
