/** One tiny violation of each rule that oxlint guards, and a lawful twin where a wall must also let something through. */
export interface Planted {
  readonly rule: string;
  readonly path: string;
  readonly text: string;
  /** Code of the finding, and words that the finding must contain where one code guards several walls. */
  readonly code: string;
  readonly says?: string;
}

const WALL = 'eslint(no-restricted-imports)';
const use = (specifier: string): string => `import { thing } from '${specifier}';\nexport const held = thing;\n`;
const useType = (specifier: string): string =>
  `import type { Thing } from '${specifier}';\nexport type Held = Thing;\n`;

function wall(rule: string, path: string, specifier: string): Planted {
  return { rule, path, text: use(specifier), code: WALL, says: specifier };
}

const WALLS: readonly Planted[] = [
  wall('schema/ uses no layer', 'schema/a.ts', '#engine/kernel/clock.ts'),
  wall('schema/ uses only zod', 'schema/b.ts', 'react'),
  wall('schema/ uses no Node', 'schema/c.ts', 'node:fs'),
  wall('the engine uses no package', 'engine/kernel/a.ts', 'zod'),
  wall('the engine uses no Node', 'engine/kernel/b.ts', 'node:fs'),
  wall('the engine uses only types of schema/', 'engine/flow/a.ts', '#schema/document.ts'),
  wall('the engine does not see its worker', 'engine/stations/a.ts', '#engine/worker/entry.ts'),
  wall('the engine does not see the catalogue', 'engine/stations/b.ts', '#catalog/specs.ts'),
  wall('the worker does not reach past the lists', 'engine/worker/a.ts', '#catalog/components/a/behavior.ts'),
  wall('the worker does not see the host', 'engine/worker/b.ts', '#host/host.ts'),
  wall('pricing knows no component', 'catalog/pricing/a.ts', '#catalog/components/a/config.ts'),
  wall('config uses no other component', 'catalog/components/a/config.ts', '#catalog/components/b/config.ts'),
  wall('config uses no package but zod', 'catalog/components/b/config.ts', 'react'),
  wall('usage sees no behaviour of its own folder', 'catalog/components/a/usage.ts', './behavior.ts'),
  wall('price goes through pricing/, not the engine', 'catalog/components/a/price.ts', '#engine/stats/histogram.ts'),
  wall('metrics sees only config beside it', 'catalog/components/a/metrics.ts', './price.ts'),
  wall('advice uses no package', 'catalog/components/a/advice.ts', 'zod'),
  wall('messages use nothing', 'catalog/components/a/messages.en.ts', './config.ts'),
  wall('a behaviour does not see the worker', 'catalog/components/a/behavior.ts', '#engine/worker/entry.ts'),
  wall('a behaviour sees no other component', 'catalog/components/b/behavior.ts', '#catalog/components/a/behavior.ts'),
  wall('a behaviour uses no package', 'catalog/components/c/behavior.ts', 'zod'),
  wall('a behaviour folder does not reach a sibling', 'catalog/components/d/behavior/shards.ts', '../price/tiers.ts'),
  wall('a stack uses only CDK', 'catalog/components/a/stack.ts', '@aws-sdk/client-s3'),
  wall('a handler uses no CDK', 'catalog/components/a/handler.ts', 'aws-cdk-lib'),
  wall('a client uses no CDK', 'catalog/components/a/client.ts', 'aws-cdk-lib'),
  wall(
    'a connection sees only config of its ends',
    'catalog/connections/a--b/price.ts',
    '#catalog/components/a/price.ts',
  ),
  wall('a model sees no component', 'catalog/models/m/config.ts', '#catalog/components/a/config.ts'),
  wall('analysis reaches components through lists', 'analysis/a.ts', '#catalog/components/a/price.ts'),
  wall('analysis does not see stations', 'analysis/b.ts', '#engine/stations/pool.ts'),
  wall('analysis uses no Node', 'analysis/c.ts', 'node:path'),
  wall('drawing uses only types of echarts', 'drawing/a.ts', 'echarts'),
  wall('drawing does not see the renderer', 'drawing/b.ts', '#renderer/state/store.ts'),
  wall('experiments start the worker by path', 'experiments/a.ts', '#engine/worker/entry.ts'),
  wall('cloud/observe uses no CDK', 'cloud/observe/a.ts', 'aws-cdk-lib'),
  wall('cloud/deploy does not see the host', 'cloud/deploy/a.ts', '#host/host.ts'),
  wall('export does not see the host', 'export/a.ts', '#host/host.ts'),
  wall('host starts the worker by path', 'host/a.ts', '#engine/worker/entry.ts'),
  wall('host uses no electron', 'host/b.ts', 'electron'),
  wall('cli goes through the host', 'cli/a.ts', '#analysis/bill.ts'),
  wall('cli uses no other package', 'cli/b.ts', 'react'),
  wall('the renderer does not see the host', 'renderer/state/a.ts', '#host/host.ts'),
  wall('the renderer uses no Node', 'renderer/state/b.ts', 'node:fs'),
  wall('the renderer reaches components through lists', 'renderer/state/c.ts', '#catalog/components/a/config.ts'),
  wall('the preload bridge sees schema only', 'electron/preload/a.ts', '#host/host.ts'),
  wall('the main process uses no other package', 'electron/main/a.ts', 'ws'),
  wall('no relative path across folders', 'host/c/d.ts', '../rpc.ts'),
  wall('no relative path two folders up', 'test/unit/a/b.ts', '../../helper.ts'),
];

const REPRODUCIBLE: readonly Planted[] = [
  ...['Date.now()', 'performance.now()', 'setTimeout(() => 0)', 'console.log(1)', 'process.pid'].map((code, index) => ({
    rule: `the engine has no ${code}`,
    path: `engine/kernel/global-${index}.ts`,
    text: `export const held = ${code};\n`,
    code: 'eslint(no-restricted-globals)',
  })),
  {
    rule: 'the engine has no global behind globalThis',
    path: 'engine/kernel/global-this.ts',
    text: 'export const held = globalThis.performance;\n',
    code: 'eslint(no-restricted-globals)',
  },
  ...['random()', 'pow(2, 3)', 'sin(1)', 'log1p(1)', 'hypot(1)'].map((call, index) => ({
    rule: `the engine has no Math.${call}`,
    path: `engine/kernel/math-${index}.ts`,
    text: `export const held = Math.${call};\n`,
    code: 'eslint(no-restricted-properties)',
  })),
  {
    rule: 'the engine has no power operator',
    path: 'engine/kernel/power.ts',
    text: 'export const held = (x: number): number => x ** 2;\n',
    code: 'caudal(no-power-operator)',
  },
  {
    rule: 'a behaviour has no clock',
    path: 'catalog/components/e/behavior.ts',
    text: 'export const held = Date.now();\n',
    code: 'eslint(no-restricted-globals)',
  },
  {
    rule: 'a behaviour has no chance of its own',
    path: 'catalog/models/m/behavior.ts',
    text: 'export const held = Math.random();\n',
    code: 'eslint(no-restricted-properties)',
  },
  {
    rule: 'analysis has no chance',
    path: 'analysis/d.ts',
    text: 'export const held = Math.random();\n',
    code: 'eslint(no-restricted-properties)',
  },
  {
    rule: 'a behaviour builds no sentence',
    path: 'catalog/components/f/behavior.ts',
    text: "export const held = { text: 'shard three is full' };\n",
    code: 'caudal(no-sentences)',
  },
  {
    rule: 'advice builds no sentence',
    path: 'catalog/components/f/advice.ts',
    text: 'export const held = (n: number): string => `use ${n} more shards here`;\n',
    code: 'caudal(no-sentences)',
  },
];

const longText = Array.from({ length: 401 }, (_, index) => `export const held${index} = ${index};\n`).join('');
const longBody = Array.from({ length: 61 }, (_, index) => `  sum += ${index};\n`).join('');

const HABITS: readonly Planted[] = [
  { rule: 'no any', path: 'host/any.ts', text: 'export const held: any = 1;\n', code: 'typescript(no-explicit-any)' },
  { rule: 'no default export', path: 'host/export.ts', text: 'export default 1;\n', code: 'import(no-default-export)' },
  { rule: 'kebab-case', path: 'host/badName.ts', text: 'export const held = 1;\n', code: 'unicorn(filename-case)' },
  {
    rule: 'React components in PascalCase',
    path: 'renderer/ui/bad-name.tsx',
    text: 'export const held = 1;\n',
    code: 'unicorn(filename-case)',
  },
  { rule: 'at most 400 lines', path: 'host/long.ts', text: longText, code: 'eslint(max-lines)' },
  {
    rule: 'functions under 60 lines',
    path: 'host/long-function.ts',
    text: `export function held(): number {\n  let sum = 0;\n${longBody}  return sum;\n}\n`,
    code: 'eslint(max-lines-per-function)',
  },
  { rule: 'no barrel', path: 'host/barrel.ts', text: "export * from './any.ts';\n", code: 'oxc(no-barrel-file)' },
  {
    rule: 'no mark left behind',
    path: 'host/mark.ts',
    text: '// TO' + 'DO later\n',
    code: 'eslint(no-warning-comments)',
  },
  { rule: 'no console', path: 'host/console.ts', text: 'console.log(1);\n', code: 'eslint(no-console)' },
  {
    rule: 'types are imported as types',
    path: 'host/type.ts',
    text: "import { Thing } from './cycle-a.ts';\nexport type Held = Thing;\n",
    code: 'typescript(consistent-type-imports)',
  },
  {
    rule: 'no cycle',
    path: 'host/cycle-a.ts',
    text: "import { b } from '#host/cycle-b.ts';\nexport interface Thing { b: number }\nexport const a = (): number => b();\n",
    code: 'import(no-cycle)',
  },
  {
    rule: 'no cycle, seen from its other end',
    path: 'host/cycle-b.ts',
    text: "import { a } from '#host/cycle-a.ts';\nexport const b = (): number => a();\n",
    code: 'import(no-cycle)',
  },
  {
    rule: 'exhaustive switches',
    path: 'host/switch.ts',
    text: "export function held(kind: 'a' | 'b'): void {\n  switch (kind) {\n    case 'a':\n  }\n}\n",
    code: 'typescript(switch-exhaustiveness-check)',
  },
  {
    rule: 'no promise left floating',
    path: 'host/promise.ts',
    text: 'const late = async (): Promise<number> => 1;\nlate();\n',
    code: 'typescript(no-floating-promises)',
  },
  {
    rule: 'no focused test',
    path: 'test/unit/focus.test.ts',
    text: "import { it } from 'vitest';\nit.only('x', () => {});\n",
    code: 'vitest(no-focused-tests)',
  },
  {
    rule: 'no skipped test',
    path: 'test/unit/skip.test.ts',
    text: "import { it } from 'vitest';\nit.skip('x', () => {});\n",
    code: 'vitest(no-disabled-tests)',
  },
];

export const LINT_VIOLATIONS: readonly Planted[] = [...WALLS, ...REPRODUCIBLE, ...HABITS];

/** Imports that the walls must let through: a guard that refuses everything would pass the tests above. */
export const LAWFUL: Readonly<Record<string, string>> = {
  'schema/lawful.ts': use('zod') + useType('./lawful-two.ts'),
  'engine/flow/lawful.ts': `${use('#engine/kernel/clock.ts')}${useType('#schema/document.ts')}export const root = Math.sqrt(2);\n`,
  'engine/worker/lawful.ts': use('#catalog/behaviors.ts') + useType('node:worker_threads'),
  'catalog/components/l/config.ts': use('zod') + useType('#catalog/models/m/config.ts'),
  'catalog/components/l/usage.ts': useType('./config.ts'),
  'catalog/components/l/price.ts': use('#catalog/pricing/arithmetic.ts') + useType('./usage.ts'),
  'catalog/components/l/behavior.ts': use('#engine/stations/pool.ts') + useType('#catalog/models/m/behavior.ts'),
  'catalog/components/l2/behavior/shards.ts': use('../config.ts') + useType('./split.ts'),
  'catalog/components/l3/behavior.ts':
    "export const limit = { name: 'environments added within 10 s', label: `${1} calls of a queue` };\n",
  'catalog/connections/a--l/config.ts': use('#catalog/components/a/config.ts') + useType('#schema/document.ts'),
  'catalog/connections/a--l/messages.en.ts': "export const held = { full: 'Shard {shard} is full now.' };\n",
  'analysis/lawful.ts': use('#catalog/specs.ts') + useType('#engine/stats/histogram.ts'),
  'drawing/lawful.ts': useType('echarts'),
  'host/lawful.ts': use('node:fs/promises') + useType('#experiments/executor.ts'),
  'cli/lawful.ts': use('commander') + useType('#host/host.ts'),
  'renderer/ui/Lawful.tsx': use('@cloudscape-design/components/button') + useType('#drawing/face.ts'),
  'test/unit/lawful.test.ts': use('vitest'),
};
