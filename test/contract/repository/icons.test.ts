import { describe, expect, it } from 'vitest';
import { embeddable, iconsText } from '#tools/write-icons.mjs';
import { read } from './files.ts';

describe('catalog/icons.ts', () => {
  it('is what `npm run icons` writes', () => {
    expect(read('catalog/icons.ts') === iconsText()).toBe(true);
  });
});

describe('an icon', () => {
  it('is embedded in one line without its title', () => {
    expect(embeddable('a', '<svg>\n  <title>ugly</title>\n  <path d="M0"/>\n</svg>\n')).toBe(
      '<svg><path d="M0"/></svg>',
    );
  });

  it.each([
    '<svg><script>1</script></svg>',
    '<svg onload="1"/>',
    '<svg><a href="https://x"/></svg>',
    '<svg><text>a</text></svg>',
  ])('fails when it holds more than shapes: %s', (svg) => {
    expect(() => embeddable('a', svg)).toThrow('plain shapes');
  });
});
