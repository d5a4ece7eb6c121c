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
});
