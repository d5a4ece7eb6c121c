/**
 * Who may import whom: one row for each layer of the tree.
 *
 * TypeScript's project references fence the folders that are separate projects. What lies inside one project (a
 * component beside another) and every npm package is fenced by oxlint, from the rules that write-config.mjs makes of
 * this table. A later row wins over an earlier one for a file that both match.
 *
 * - `files`    globs of the layer; `except` globs taken out of it
 * - `modules`  subpath imports it may use, as globs; everything else that begins with `#` is refused
 * - `types`    folders of which it may import types only
 * - `refused`  globs refused although `modules` covers them
 * - `packages` npm packages it may use; `packageTypes` those of which only types; `node` whether Node's built-ins too
 * - `beside`   files of its own folder it may use (a facet sees only some of its siblings)
 * - `upwards`  whether `../file.ts` is allowed (a facet that became a folder)
 * - `pure`     `engine`: no clock, no chance, no I/O, and of Math only what every V8 computes alike; `true`: no chance
 */

export const FOLDERS = [
  'schema',
  'engine',
  'catalog',
  'analysis',
  'drawing',
  'experiments',
  'cloud',
  'export',
  'host',
  'electron',
  'renderer',
  'cli',
  'tools',
  'test',
];

/** Which facet of a component, connection or model may use which of its siblings and of the layers below. */
const FACETS = [
  { name: 'config', beside: [], modules: ['#schema/**'], packages: ['zod'] },
  { name: 'usage', beside: ['config'], types: ['schema'] },
  { name: 'price', beside: ['config', 'usage'], modules: ['#catalog/pricing/**'], types: ['schema'] },
  { name: 'metrics', beside: ['config'], types: ['schema'] },
  { name: 'advice', beside: ['config'], modules: ['#schema/**'] },
  { name: 'messages.*', beside: [], types: ['schema'] },
  {
    name: 'behavior',
    beside: ['config', 'usage'],
    modules: ['#engine/**', '#catalog/models/*/usage.ts'],
    refused: ['#engine/worker/**'],
    types: ['schema'],
    pure: 'engine',
  },
  {
    name: 'stack',
    beside: ['config'],
    packages: ['aws-cdk-lib', 'aws-cdk-lib/*', 'constructs'],
    types: ['schema'],
    node: true,
  },
  { name: 'handler', beside: ['client'], packages: ['@aws-sdk/*'], types: ['schema'], node: true },
  { name: 'client', beside: ['config'], packages: ['@aws-sdk/*', '@smithy/*'], types: ['schema'], node: true },
  { name: 'import', beside: ['config'], types: ['schema'] },
];

/** A component, a connection and a model have the same facets; a connection also sees the config of its two ends. */
const FACET_OWNERS = [
  { folder: 'components', sees: [] },
  { folder: 'connections', sees: ['#catalog/components/*/config.ts', '#catalog/components/*/client.ts'] },
  { folder: 'models', sees: [] },
];

function facetLayers({ folder, sees }) {
  return FACETS.flatMap((facet) => {
    const models = facet.name.startsWith('messages')
      ? []
      : ['#catalog/models/*/config.ts', `#catalog/models/*/${facet.name}.ts`, `#catalog/models/*/${facet.name}/*.ts`];
    const siblings = facet.beside.map((name) => `${name}.ts`);
    const row = {
      ...facet,
      files: [`catalog/${folder}/*/${facet.name}.ts`],
      modules: [...(facet.modules ?? []), ...models, ...sees],
      beside: siblings.map((file) => `./${file}`),
      pure: facet.pure ?? true,
    };
    const { beside: _, ...grown } = row;
    return [row, { ...grown, files: [`catalog/${folder}/*/${facet.name}/**`], upwards: true }];
  });
}

const SPECS = ['#schema/**', '#catalog/specs.ts', '#catalog/icons.ts', '#catalog/pricing/**'];
const AWS_SDK = ['@aws-sdk/*', '@smithy/*'];

export const LAYERS = [
  { files: ['schema/**'], modules: ['#schema/**'], packages: ['zod'], pure: true },
  {
    files: ['engine/**'],
    except: ['engine/worker/**'],
    modules: ['#engine/**'],
    refused: ['#engine/worker/**'],
    types: ['schema'],
    pure: 'engine',
  },
  {
    files: ['engine/worker/**'],
    modules: ['#engine/**', '#schema/**', '#analysis/**', '#catalog/specs.ts', '#catalog/behaviors.ts'],
    packages: ['piscina', 'tsx'],
    node: true,
  },
  { files: ['catalog/pricing/**'], modules: ['#schema/**', '#catalog/pricing/**'], pure: true },
  ...FACET_OWNERS.flatMap(facetLayers),
  { files: ['catalog/specs.ts', 'catalog/icons.ts'], modules: ['#schema/**', '#catalog/**'], pure: true },
  { files: ['catalog/behaviors.ts'], modules: ['#catalog/**'], types: ['schema', 'engine'], pure: 'engine' },
  { files: ['catalog/{stacks,clients,handlers,imports}.ts'], modules: ['#catalog/**'], types: ['schema'] },
  {
    files: ['analysis/**'],
    modules: [...SPECS, '#analysis/**', '#engine/stats/**', '#engine/workload/**'],
    pure: true,
  },
  {
    files: ['drawing/**'],
    modules: [...SPECS, '#drawing/**', '#engine/stats/**', '#engine/workload/**'],
    packageTypes: ['echarts'],
    pure: true,
  },
  {
    files: ['experiments/**'],
    modules: [...SPECS, '#experiments/**', '#analysis/**', '#engine/stats/**'],
    packages: ['piscina', 'bullmq', 'ioredis'],
    node: true,
  },
  {
    files: ['cloud/**'],
    modules: [...SPECS, '#cloud/**', '#analysis/**', '#engine/stats/**', '#engine/workload/**', '#catalog/clients.ts'],
    packages: AWS_SDK,
    node: true,
  },
  {
    files: ['cloud/deploy/**'],
    modules: [
      ...SPECS,
      '#cloud/**',
      '#analysis/**',
      '#engine/stats/**',
      '#engine/workload/**',
      '#engine/kernel/**',
      '#catalog/stacks.ts',
      '#catalog/handler-code.ts',
      '#catalog/clients.ts',
    ],
    packages: [...AWS_SDK, 'aws-cdk-lib', 'aws-cdk-lib/*', 'constructs', 'tsx'],
    node: true,
  },
  {
    files: ['export/**'],
    modules: [...SPECS, '#export/**', '#analysis/**', '#drawing/**', '#engine/stats/**'],
    packages: ['echarts', '@resvg/resvg-js', 'pdfkit', 'svg-to-pdfkit', 'hyparquet-writer', 'mediabunny', 'gifenc'],
    node: true,
  },
  {
    files: ['host/**'],
    modules: [...SPECS, '#host/**', '#analysis/**', '#experiments/**', '#export/**', '#cloud/**'],
    packages: ['ws', '@orpc/server', 'jsonc-parser', 'tsx', 'yaml'],
    node: true,
  },
  {
    files: ['cli/**'],
    modules: ['#cli/**', '#host/**', '#schema/**'],
    packages: ['commander', 'cli-progress'],
    node: true,
  },
  {
    files: ['renderer/**'],
    modules: [...SPECS, '#renderer/**', '#analysis/**', '#drawing/**', '#engine/workload/**'],
    packages: [
      'react',
      'react-dom',
      '@cloudscape-design/*',
      '@xyflow/react',
      'zustand',
      'zundo',
      'echarts',
      'elkjs',
      'zod',
      '@orpc/client',
      'i18next',
      'react-i18next',
      'mediabunny',
      'gifenc',
    ],
    upwards: false,
  },
  { files: ['electron/main/**'], modules: ['#host/**', '#schema/**'], packages: ['electron'], node: true },
  { files: ['electron/preload/**'], modules: ['#schema/**'], packages: ['electron'] },
];
