import { describe, expect, it } from 'vitest';
import { CODE_FILES, read } from './files.ts';

const CODE = '[a-z][a-z0-9-]*/[a-z][a-z0-9-]*';
const documented = [...read('docs/errors.md').matchAll(new RegExp(`^\\| \`(${CODE})\` \\|`, 'gm'))].map(
  (match) => match[1] ?? '',
);
const areas = new Set(documented.map((code) => code.split('/')[0]));

/** What a run tells is no error: its sentences, in areas of their own, stand beside it. */
const told = new Set(
  [...read('analysis/messages.en.ts').matchAll(new RegExp(`^ *'(${CODE})':`, 'gm'))]
    .map((match) => match[1] ?? '')
    .filter((code) => !areas.has(code.split('/')[0])),
);

/** Faults of a component have their sentences beside it; rates have ids that look like codes. */
const sources = CODE_FILES.filter(
  (path) =>
    !/^(test|tools|scenarios|bin|drawing)\//.test(path) &&
    !/^catalog\/(components|connections|models|pricing\/rates)\//.test(path) &&
    path.includes('/'),
);

function codesIn(text: string): string[] {
  const literals = [...text.matchAll(new RegExp(`'(${CODE})'`, 'g'))].map((match) => match[1] ?? '');
  const thrown = [
    ...text.matchAll(new RegExp(`(?:EnvironmentError\\(\\s*|\\.(?:add|refuse)\\(\\s*|\\bcode: )'(${CODE})'`, 'g')),
  ].map((match) => match[1] ?? '');
  return [...literals.filter((code) => areas.has(code.split('/')[0])), ...thrown];
}

const used = new Set(sources.flatMap((path) => codesIn(read(path))));

describe('docs/errors.md', () => {
  it('lists every error code that the source uses', () => {
    expect(used.size).toBeGreaterThan(5);
    expect([...used].filter((code) => !documented.includes(code) && !told.has(code)).sort()).toEqual([]);
  });

  it('lists no code that the source does not use', () => {
    expect(documented.filter((code) => !used.has(code))).toEqual([]);
  });

  it('lists each code once', () => {
    expect(documented.filter((code, index) => documented.indexOf(code) !== index)).toEqual([]);
  });
});
