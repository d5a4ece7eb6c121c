import { describe, expect, it } from 'vitest';
import { readPreferences, writePreferences } from '#renderer/state/preferences.ts';

function storage(text: string | null): {
  text: string | null;
  getItem(): string | null;
  setItem(key: string, value: string): void;
} {
  return {
    text,
    getItem() {
      return this.text;
    },
    setItem(_key, value) {
      this.text = value;
    },
  };
}

const defaults = {
  theme: 'system',
  ratePeriod: 'second',
  isPanelOpen: true,
  panelHeight: 250,
  isPaletteOpen: true,
  paletteWidth: 208,
  isInspectorOpen: true,
  inspectorWidth: 320,
  aws: { isReadOnly: false },
  stackNames: {},
} as const;

describe('preferences', () => {
  it('come back as they were written', () => {
    const own = storage(null);
    const chosen = {
      ...defaults,
      theme: 'dark',
      isPanelOpen: false,
      paletteWidth: 300,
      aws: { profile: 'sandbox', region: 'eu-west-1', isReadOnly: true },
      stackNames: { 'shop.caudal.json': 'shop-test' },
    } as const;
    writePreferences(own, chosen);
    expect(readPreferences(own)).toEqual(chosen);
  });

  it('are the defaults where there are none, or none that can be read', () => {
    for (const text of [null, '', '{', '7', '{"theme":"blue"}', '[]']) {
      expect(readPreferences(storage(text))).toEqual(defaults);
    }
  });

  it('are only forgotten where nothing can be kept', () => {
    const full = {
      setItem() {
        throw new Error('quota exceeded');
      },
    };
    expect(() => writePreferences(full, { ...defaults, theme: 'dark' })).not.toThrow();
  });
});
