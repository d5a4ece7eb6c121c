import { describe, expect, it } from 'vitest';
import { type JsonText, readJson } from '#host/files/json-text.ts';

function read(text: string): JsonText {
  const json = readJson(text);
  if ('faults' in json) throw new Error(JSON.stringify(json.faults));
  return json;
}

const text = ['{', '  "name": "x",', '  "nodes": [', '    { "id": "a", "config": { "n": 1 } }', '  ]', '}'].join('\n');

describe('readJson', () => {
  it('knows the line and column of every value', () => {
    const json = read(text);
    expect(json.positionOf(['nodes', 0, 'config', 'n'])).toEqual({ line: 4, column: 35 });
    expect(json.positionOfPath('nodes.a.config.n')).toEqual({ line: 4, column: 35 });
    expect(json.positionOf(['nodes', 0, 'config', 'n'], true)).toEqual({ line: 4, column: 30 });
  });

  it('falls back to what is around a value that is missing', () => {
    expect(read(text).positionOf(['nodes', 0, 'config', 'absent', 'deep'])).toEqual({ line: 4, column: 28 });
    expect(read(text).positionOf(['run', 'seed'])).toEqual({ line: 1, column: 1 });
  });

  it('counts lines whatever ends them, and ignores a byte order mark', () => {
    expect(read(`\uFEFF${text.replaceAll('\n', '\r\n')}`).positionOf(['nodes'])).toEqual({ line: 3, column: 12 });
  });

  it.each([
    ['{ "a": 1, }', 'comma too many'],
    ['{ "a": 1 // why\n}', 'comments'],
    ['{ "a": 1', 'closing brace'],
    ["{ 'a': 1 }", 'double quotes'],
    ['', 'empty'],
    ['{} {}', 'after the end'],
  ])('fails for %j', (broken, reason) => {
    const json = readJson(broken);
    if (!('faults' in json)) throw new Error('this is no JSON');
    expect(json.faults).toHaveLength(1);
    expect(json.faults[0]).toMatchObject({ code: 'document/not-json' });
    expect(json.faults[0]?.message).toContain(reason);
  });

  it('fails for a name that stands twice in one object', () => {
    const json = readJson('{\n "a": 1,\n "a": 2 }');
    expect('faults' in json && json.faults).toMatchObject([
      { code: 'document/duplicate-name', position: { line: 3, column: 2 } },
    ]);
  });

  it.each([
    ['[', ']'],
    ['{"a":', '}'],
    ['[', ''],
  ])('fails for %s nested 100,000 levels deep', (open, close) => {
    const json = readJson(`${open.repeat(100_000)}1${close.repeat(100_000)}`);
    expect('faults' in json && json.faults).toMatchObject([{ code: 'document/too-deep', position: { line: 1 } }]);
  });

  it('fails for more values or names than a document may have', () => {
    const many = readJson(`[\n${'1,'.repeat(1_600_000)}1]`);
    expect('faults' in many && many.faults).toMatchObject([{ code: 'document/too-large', position: { line: 2 } }]);
    const named = readJson(`{${'"a":1,'.repeat(500_001)}"b":1}`);
    expect('faults' in named && named.faults).toMatchObject([{ code: 'document/too-large' }]);
  });

  it('does not count brackets, commas and colons inside of text', () => {
    const inside = `${'['.repeat(200)}\\"${'{,:'.repeat(200)}\\\\`;
    expect(read(`{ "a": "${inside}", "b": 1 }`).positionOf(['b'])?.line).toBe(1);
  });

  it('fails for the name __proto__, wherever it stands', () => {
    const json = readJson('{ "a": { "__proto__": { "b": 1 } },\n "__proto__": 1 }');
    expect('faults' in json && json.faults.map(({ code, position }) => [code, position?.line])).toEqual([
      ['document/forbidden-name', 1],
      ['document/forbidden-name', 2],
    ]);
  });

  it('reads a list of a million numbers', () => {
    expect(read(`[${'1,'.repeat(999_999)}1]`).value).toHaveLength(1_000_000);
  });
});
