import { afterAll, describe, expect, it } from 'vitest';
import { plantTree } from './planted-tree.ts';
import { compile } from './run-guard.ts';

const use = (specifier: string): string =>
  `import { thing } from '${specifier}';\nexport const held: number = thing;\n`;

/** What is imported wrongly: a file of each layer, lawful in itself. */
const LAYERS: Readonly<Record<string, string>> = Object.fromEntries(
  [
    'schema/a.ts',
    'engine/kernel/a.ts',
    'engine/worker/a.ts',
    'catalog/components/c/config.ts',
    'catalog/components/c/behavior.ts',
    'analysis/a.ts',
    'host/a.ts',
    'renderer/state/a.ts',
  ].map((path) => [path, 'export const thing = 1;\nexport interface Thing {\n  a?: number;\n}\n']),
);

const VIOLATIONS = [
  { rule: 'schema does not see the engine', path: 'schema/up.ts', text: use('#engine/kernel/a.ts'), code: 'TS6307' },
  { rule: 'the engine does not see the host', path: 'engine/kernel/up.ts', text: use('#host/a.ts'), code: 'TS6307' },
  {
    rule: 'the engine does not see its worker',
    path: 'engine/flow/up.ts',
    text: use('#engine/worker/a.ts'),
    code: 'TS6307',
  },
  {
    rule: 'config does not see a behaviour',
    path: 'catalog/components/d/config.ts',
    text: use('#catalog/components/c/behavior.ts'),
    code: 'TS6307',
  },
  { rule: 'analysis does not see the host', path: 'analysis/up.ts', text: use('#host/a.ts'), code: 'TS6307' },
  { rule: 'the renderer does not see the host', path: 'renderer/state/up.ts', text: use('#host/a.ts'), code: 'TS6307' },
  { rule: 'the host does not see the renderer', path: 'host/up.ts', text: use('#renderer/state/a.ts'), code: 'TS6307' },
  {
    rule: 'no process in the engine',
    path: 'engine/kernel/process.ts',
    text: 'export const held: number = process.pid;\n',
    code: 'TS2591',
  },
  {
    rule: 'no window in the engine',
    path: 'engine/kernel/window.ts',
    text: 'export const held: number = window.innerWidth;\n',
    code: 'TS2304',
  },
  {
    rule: 'no Node module in the engine',
    path: 'engine/kernel/fs.ts',
    text: "import { rmSync } from 'node:fs';\nrmSync('x');\n",
    code: 'TS2591',
  },
  {
    rule: 'no window in the host',
    path: 'host/window.ts',
    text: 'export const held: number = window.innerWidth;\n',
    code: 'TS2304',
  },
  { rule: 'no enum', path: 'host/enum.ts', text: 'export enum Held {\n  A,\n}\n', code: 'TS1294' },
  {
    rule: 'no namespace',
    path: 'host/namespace.ts',
    text: 'export namespace Held {\n  export const a = 1;\n}\n',
    code: 'TS1294',
  },
  {
    rule: 'no parameter property',
    path: 'host/property.ts',
    text: 'export class Held {\n  constructor(readonly a: number) {}\n}\n',
    code: 'TS1294',
  },
  {
    rule: 'types are imported as types',
    path: 'host/type.ts',
    text: "import { Thing } from './a.ts';\nexport type Held = Thing;\n",
    code: 'TS1484',
  },
  {
    rule: 'optional is not undefined',
    path: 'schema/optional.ts',
    text: "import type { Thing } from './a.ts';\nexport const held: Thing = { a: undefined };\n",
    code: 'TS2375',
  },
  {
    rule: 'an element may be missing',
    path: 'host/element.ts',
    text: 'export const held = (list: number[]): number => list[0];\n',
    code: 'TS2322',
  },
] as const;

const planted = plantTree({ ...LAYERS, ...Object.fromEntries(VIOLATIONS.map(({ path, text }) => [path, text])) });
const lawful = plantTree({
  ...LAYERS,
  'host/lawful.ts': use('#analysis/a.ts'),
  'engine/kernel/lawful.ts': 'export const held = (list: Float64Array): number => list[0];\n',
});
const broken = plantTree({ ...LAYERS, 'host/lawful.ts': 'export const held: string = 1;\n' });
afterAll(() => {
  for (const tree of [planted, lawful, broken]) tree.remove();
});

const errors = compile(planted.folder);

describe('planted violations', () => {
  it.each(VIOLATIONS)('are reported: $rule', ({ path, code }) => {
    expect(errors.filter((line) => line.startsWith(`${path}(`)).join('\n')).toContain(code);
  });
});

describe('lawful code', () => {
  it('passes', () => {
    expect(compile(lawful.folder)).toEqual([]);
  });

  it('is looked at: the same tree with one wrong type fails', () => {
    expect(compile(broken.folder).join('\n')).toContain('host/lawful.ts(1,14): error TS2322');
  });
});
