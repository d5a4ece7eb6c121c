/**
 * Writes .oxlintrc.json from layers.mjs. An override of oxlint replaces a rule instead of adding to it, and its patterns
 * know no look-around, so a hand-written file would repeat every wall in every override: it is generated, and a
 * contract test checks that it is current. Run `npm run lint:config` after a change.
 */
import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { FOLDERS, LAYERS } from './layers.mjs';

const CONFIG_FILE = new URL('../../.oxlintrc.json', import.meta.url);

/** Functions of Math that every V8 version computes alike. */
const REPRODUCIBLE_MATH = [
  'sqrt',
  'log',
  'exp',
  'abs',
  'min',
  'max',
  'floor',
  'ceil',
  'round',
  'trunc',
  'imul',
  'clz32',
  'sign',
  'fround',
];

/** Names that bring time, chance, or the outside world into a place that must be reproducible. */
const OUTSIDE_WORLD = [
  'Date',
  'performance',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'console',
  'process',
  'crypto',
  'fetch',
  'window',
  'document',
  'Intl',
];

const NO_PARENT = {
  regex: '^\\.\\./',
  message: 'Across folders, import by subpath with the file ending: #engine/kernel/clock.ts.',
};
const ONLY_THE_FOLDER_ABOVE = {
  regex: '^\\.\\./(\\.\\./|[^/]+/)',
  message: 'A facet folder sees the files of its component only: ../config.ts.',
};

/** What one layer must not import, as oxlint patterns. */
function importPatterns(layer) {
  const patterns = [layer.upwards ? ONLY_THE_FOLDER_ABOVE : NO_PARENT];
  const modules = layer.modules ?? [];
  const types = layer.types ?? [];
  const inPart = (folder) => modules.filter((glob) => glob.startsWith(`#${folder}/`));
  const closed = FOLDERS.filter((folder) => inPart(folder).length === 0 && !types.includes(folder));
  patterns.push({
    regex: `^#(${closed.join('|')})/`,
    message: 'This layer may not use that one (tools/lint/layers.mjs).',
  });
  for (const folder of FOLDERS) {
    const open = inPart(folder);
    if (open.length === 0 || open.includes(`#${folder}/**`)) continue;
    const message = `Of ${folder}/, this layer may use only: ${open.join(', ')}.`;
    patterns.push({ group: [`#${folder}/**`, ...open.map((glob) => `!${glob}`)], message });
  }
  for (const folder of types) {
    if (inPart(folder).length > 0) continue;
    patterns.push({
      regex: `^#${folder}/`,
      allowTypeImports: true,
      message: `Only \`import type\` from ${folder}/ here.`,
    });
  }
  if (layer.refused) patterns.push({ group: layer.refused, message: 'This layer may not use that folder.' });
  if (layer.beside) {
    const message = `Of its own folder, this facet may use only: ${layer.beside.join(', ') || 'nothing'}.`;
    patterns.push({ group: ['./**', ...layer.beside.map((file) => `!${file}`)], message });
  }
  const packages = [...(layer.packages ?? []), ...(layer.packageTypes ?? [])];
  const open = packages.flatMap((name) => (name.endsWith('/*') ? [`${name}*`] : [name, `${name}/**`]));
  if (layer.node) open.push('node:*', 'node:*/**');
  const message = `This layer may use only these packages: ${[...packages, ...(layer.node ? ['node:*'] : [])].join(', ') || 'none'}.`;
  // A negated glob exempts an import from every later pattern; a regex cannot be negated, so the exemptions come first.
  if (open.length > 0) patterns.unshift({ group: ['no-such-package', ...open.map((glob) => `!${glob}`)], message });
  patterns.push({ regex: '^[a-zA-Z@]', message });
  return patterns;
}

function importRule(layer) {
  const message = 'Only `import type` of this package here.';
  const paths = (layer.packageTypes ?? []).map((name) => ({ name, allowTypeImports: true, message }));
  return ['error', { ...(paths.length > 0 ? { paths } : {}), patterns: importPatterns(layer) }];
}

function purityRules(pure) {
  if (!pure) return {};
  const noChance = [{ object: 'Math', property: 'random', message: 'Draw from a named random stream.' }];
  if (pure !== 'engine') return { 'eslint/no-restricted-properties': ['error', ...noChance] };
  const message =
    'The engine is reproducible: time comes from the clock, chance from named draws, output from log codes.';
  return {
    'eslint/no-restricted-globals': [
      'error',
      { globals: OUTSIDE_WORLD.map((name) => ({ name, message })), checkGlobalObject: true },
    ],
    'eslint/no-restricted-properties': [
      'error',
      { object: 'Math', allowProperties: REPRODUCIBLE_MATH, message: 'V8 versions compute this one differently.' },
    ],
    'caudal/no-power-operator': 'error',
  };
}

function layerOverride(layer) {
  const rules = { 'eslint/no-restricted-imports': importRule(layer), ...purityRules(layer.pure) };
  return { files: layer.files, ...(layer.except ? { excludeFiles: layer.except } : {}), rules };
}

const EVERYWHERE = {
  // The coefficients of approximations are quoted as published, with more digits than a float64 holds.
  'eslint/no-loss-of-precision': 'off',
  // Error texts show values of unknown type on purpose.
  'typescript/no-base-to-string': 'off',
  'eslint/no-unused-vars': [
    'error',
    {
      argsIgnorePattern: '^_',
      varsIgnorePattern: '^_',
      destructuredArrayIgnorePattern: '^_',
      ignoreRestSiblings: true,
    },
  ],
  'eslint/eqeqeq': 'error',
  'eslint/no-var': 'error',
  'eslint/prefer-const': 'error',
  'eslint/no-console': 'error',
  'eslint/no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx', 'hack'], location: 'start' }],
  'eslint/max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
  'eslint/max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
  'eslint/no-restricted-imports': ['error', { patterns: [NO_PARENT] }],
  'import/no-cycle': 'error',
  'import/no-default-export': 'error',
  'oxc/no-barrel-file': ['error', { threshold: 0 }],
  'typescript/no-explicit-any': 'error',
  'typescript/no-non-null-assertion': 'off',
  'typescript/consistent-type-imports': 'error',
  // A default is a decision about cases to come; a switch without one must name them all.
  'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
  'typescript/no-floating-promises': 'error',
  'typescript/no-misused-promises': ['error', { checksVoidReturn: { attributes: false, arguments: false } }],
  'typescript/only-throw-error': 'error',
  'unicorn/filename-case': ['error', { cases: { kebabCase: true } }],
  'unicorn/prefer-node-protocol': 'error',
};

const SENTENCE_FREE = ['behavior', 'advice'].flatMap((facet) =>
  ['components', 'connections', 'models'].flatMap((owner) => [
    `catalog/${owner}/*/${facet}.ts`,
    `catalog/${owner}/*/${facet}/**`,
  ]),
);

export function lintConfig() {
  return {
    $schema: './node_modules/oxlint/configuration_schema.json',
    plugins: ['eslint', 'typescript', 'unicorn', 'oxc', 'import', 'react', 'vitest'],
    jsPlugins: ['./tools/lint/caudal-plugin.mjs'],
    categories: { correctness: 'error' },
    env: { es2024: true },
    ignorePatterns: [
      '**/node_modules',
      '**/node_modules/**',
      'build/**',
      'catalog/icons.ts',
      'catalog/handler-code.ts',
      'tools/component-template/**',
      'test/planted/fixtures/**',
    ],
    rules: EVERYWHERE,
    overrides: [
      ...LAYERS.map(layerOverride),
      { files: SENTENCE_FREE, rules: { 'caudal/no-sentences': 'error' } },
      { files: ['cli/**', 'tools/**', 'bin/**', 'test/**'], rules: { 'eslint/no-console': 'off' } },
      // The context of a behaviour is an object of closures, made to be taken apart.
      { files: ['catalog/**'], rules: { 'typescript/unbound-method': 'off' } },
      { files: ['catalog/pricing/rates/**'], rules: { 'eslint/max-lines': 'off' } },
      {
        files: ['renderer/**/*.tsx'],
        excludeFiles: ['renderer/main.tsx'],
        rules: {
          'unicorn/filename-case': ['error', { cases: { pascalCase: true } }],
          'eslint/max-lines-per-function': ['error', { max: 120, skipBlankLines: true, skipComments: true }],
        },
      },
      {
        files: ['test/**'],
        rules: {
          'eslint/max-lines-per-function': 'off',
          'eslint/no-restricted-imports': ['error', { patterns: [{ ...NO_PARENT, regex: '^\\.\\./\\.\\./' }] }],
          'unicorn/filename-case': ['error', { cases: { kebabCase: true, pascalCase: true } }],
          'vitest/no-focused-tests': 'error',
          'vitest/no-disabled-tests': 'error',
          'vitest/no-conditional-expect': 'off',
          'vitest/no-standalone-expect': 'off',
          'vitest/expect-expect': ['error', { assertFunctionNames: ['expect*', 'assert*', 'fc.assert', 'check*'] }],
          'vitest/valid-expect': ['error', { maxArgs: 2 }],
        },
      },
      { files: ['*.config.ts', 'tools/lint/caudal-plugin.mjs'], rules: { 'import/no-default-export': 'off' } },
    ],
  };
}

/** The file: one override a line. */
export function lintConfigText() {
  const { overrides, ...rest } = lintConfig();
  const rows = overrides.map((override) => `    ${JSON.stringify(override)}`).join(',\n');
  return `${JSON.stringify(rest, null, 2).slice(0, -2)},\n  "overrides": [\n${rows}\n  ]\n}\n`;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  writeFileSync(CONFIG_FILE, lintConfigText());
}
