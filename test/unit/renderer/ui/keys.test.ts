import { describe, expect, it } from 'vitest';
import { keyOf, keyWords } from '#renderer/ui/keys.ts';

function press(key: string, ...held: ('ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey')[]): string {
  const none = { ctrlKey: false, metaKey: false, shiftKey: false, altKey: false };
  return keyOf({ key, ...none, ...Object.fromEntries(held.map((name) => [name, true])) });
}

describe('keys', () => {
  it('have one name, whether Shift makes a capital or not', () => {
    expect(press('z', 'ctrlKey')).toBe('Ctrl+Z');
    expect(press('Z', 'ctrlKey', 'shiftKey')).toBe('Ctrl+Shift+Z');
    expect(press('l')).toBe('L');
    expect(press(' ')).toBe('Space');
    expect(press('ArrowDown', 'shiftKey')).toBe('Shift+ArrowDown');
  });

  it('take a sign as it is, however the keyboard types it', () => {
    expect(press('/', 'shiftKey')).toBe('/');
    expect(press('/')).toBe('/');
    expect(press('?', 'shiftKey')).toBe('?');
    expect(press('1')).toBe('1');
  });

  it('take Cmd on a Mac for Ctrl, and are written as the keyboard has them', () => {
    expect(press('k', 'metaKey')).toBe('Ctrl+K');
    expect(keyWords('Ctrl+Shift+Z', false)).toBe('Ctrl Shift Z');
    expect(keyWords('Ctrl+Shift+Z', true)).toBe('⌘ ⇧ Z');
    expect(keyWords('Delete', false)).toBe('Del');
  });
});
