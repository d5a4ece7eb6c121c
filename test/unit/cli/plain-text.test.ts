import { describe, expect, it } from 'vitest';
import { oneLine, visible, wrapped } from '#cli/plain-text.ts';

describe('visible', () => {
  it('shows what would steer a terminal, and leaves the rest', () => {
    expect(visible('a\u001b[31mred\u0007\r\u009b2J\u202eabc\u2066')).toBe(
      'a\\u001b[31mred\\u0007\\u000d\\u009b2J\\u202eabc\\u2066',
    );
    expect(visible('Größe 流水 📈 ±\n\tend')).toBe('Größe 流水 📈 ±\n\tend');
  });

  it('leaves the meaning of JSON as it is', () => {
    const value = { name: '\u001b[31m \u009b \u202e \u007f \ufeff\n' };
    const text = visible(JSON.stringify(value));
    expect(text).toMatch(/^[ -~]*$/);
    expect(JSON.parse(text)).toEqual(value);
  });
});

describe('oneLine', () => {
  it('shows line feeds too', () => {
    expect(oneLine('a\nexit 0')).toBe('a\\u000aexit 0');
  });
});

describe('wrapped', () => {
  it('breaks between words and indents what follows', () => {
    expect(wrapped('  12:00 ', 'one two three', 4, 15)).toBe('  12:00 one two\n    three\n');
  });

  it('keeps a word that is longer than a line in one piece', () => {
    expect(wrapped('', `a ${'x'.repeat(30)} b`, 2, 10)).toBe(`a\n  ${'x'.repeat(30)}\n  b\n`);
  });
});
