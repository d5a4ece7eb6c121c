/**
 * Writes a template down as a CDK project that a person can read, change and synthesize by itself: `cdk synth` there gives the same
 * template. Resources stand in their nodes' sections under CloudFormation's own names, so that its documentation applies. Pure text.
 */
import type { SynthResult } from '#schema/deployment.ts';

/** Versions with which the project gives the template it was made of. */
const PACKAGES = { 'aws-cdk-lib': '2.276.0', constructs: '10.8.1' } as const;
const TOOLS = { '@types/node': '^20.19.0', 'aws-cdk': '^2.1000.0', tsx: '^4.23.0', typescript: '^5.9.0' } as const;

/** A text of a mapping that is longer stands in a file of its own. */
const LONG_TEXT = 1000;

interface Resource {
  readonly Type: string;
  readonly Properties?: unknown;
  readonly [option: string]: unknown;
}

type Mapping = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

interface Template {
  readonly Description?: string;
  readonly Metadata?: Readonly<Record<string, unknown>>;
  readonly Mappings?: Readonly<Record<string, Mapping>>;
  readonly Resources?: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown }>>;
}

/** Files of the project by their path in its folder. */
export function projectFiles(stackName: string, synth: SynthResult): ReadonlyMap<string, string> {
  const template = synth.template as Template;
  const files = new Map<string, string>();
  files.set('package.json', `${JSON.stringify(packageOf(stackName), null, 2)}\n`);
  files.set('cdk.json', `${JSON.stringify({ app: 'npx tsx bin/app.ts' }, null, 2)}\n`);
  files.set('tsconfig.json', `${JSON.stringify(tsconfig, null, 2)}\n`);
  files.set('.gitignore', 'node_modules\ncdk.out\n');
  files.set('README.md', readme(stackName));
  files.set('bin/app.ts', appText(stackName));
  files.set('lib/stack.ts', stackText(template, ownersOf(synth), files));
  return files;
}

function packageOf(stackName: string) {
  return {
    name: stackName.toLowerCase(),
    private: true,
    type: 'module',
    scripts: { synth: 'cdk synth', diff: 'cdk diff', deploy: 'cdk deploy', types: 'tsc --noEmit' },
    dependencies: PACKAGES,
    devDependencies: TOOLS,
  };
}

const tsconfig = {
  compilerOptions: {
    target: 'ES2023',
    module: 'preserve',
    moduleResolution: 'bundler',
    strict: true,
    skipLibCheck: true,
    allowImportingTsExtensions: true,
    noEmit: true,
    types: ['node'],
  },
  include: ['bin', 'lib'],
};

function readme(stackName: string): string {
  return `# ${stackName}

A CDK app written by Caudal. \`npm install\`, then \`npx cdk synth\` gives the template that Caudal deploys under this name.

\`lib/stack.ts\` holds the resources, node by node, under CloudFormation's own names. It needs no bootstrap. What you change here is
not seen by Caudal; a deployment made from here has neither its guard stack nor its expiry.
`;
}

function appText(stackName: string): string {
  return `import { App, LegacyStackSynthesizer } from 'aws-cdk-lib';
import { PipelineStack } from '../lib/stack.ts';

const app = new App({ analyticsReporting: false, treeMetadata: false });
new PipelineStack(app, ${quoted(stackName)}, { synthesizer: new LegacyStackSynthesizer() });
app.synth();
`;
}

/** Which node or edge a resource belongs to. */
function ownersOf({ resources }: SynthResult): ReadonlyMap<string, string> {
  return new Map(Object.entries(resources).flatMap(([owner, ids]) => ids.map((id) => [id, owner] as const)));
}

function stackText(template: Template, owners: ReadonlyMap<string, string>, files: Map<string, string>): string {
  const body = [
    ...descriptionLines(template),
    ...Object.entries(template.Mappings ?? {}).flatMap(([id, mapping]) => mappingLines(id, mapping, files)),
    ...resourceLines(template.Resources ?? {}, owners),
    ...Object.entries(template.Outputs ?? {}).map(
      ([id, { Value }]) => `new CfnOutput(this, ${quoted(id)}, { value: ${printed(Value, 2)} });`,
    ),
  ];
  const reads = [...files.keys()].some((path) => path.endsWith('.txt'));
  return `/** Resources of the pipeline, node by node. */
${reads ? "import { readFileSync } from 'node:fs';\n" : ''}import { CfnMapping, CfnOutput, CfnResource, Fn, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

export class PipelineStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
${body.map((line) => (line === '' ? '' : `    ${line}`)).join('\n')}
  }

  /** A resource under CloudFormation's own names; \`options\`: what stands beside its properties in a template. */
  private resource(id: string, type: string, properties: object, options: object = {}): void {
    const made = new CfnResource(this, id, { type, properties: { ...properties } });
    for (const [name, value] of Object.entries(options)) made.addOverride(name, value);
  }
}
${reads ? "\nfunction textOf(file: string): string {\n  return readFileSync(new URL(file, import.meta.url), 'utf8');\n}\n" : ''}`;
}

function descriptionLines({ Description, Metadata }: Template): string[] {
  const lines = Description === undefined ? [] : [`this.templateOptions.description = ${quoted(Description)};`];
  if (Metadata !== undefined) lines.push(`this.templateOptions.metadata = ${printed(Metadata, 2)};`);
  return lines;
}

function mappingLines(id: string, mapping: Mapping, files: Map<string, string>): string[] {
  const shown = Object.entries(mapping).map(([key, values]) => {
    const items = Object.entries(values).map(([name, value]) => {
      if (typeof value !== 'string' || value.length < LONG_TEXT) return `${quoted(name)}: ${printed(value, 4)}`;
      const file = `${id}-${key}-${name}.txt`.toLowerCase();
      files.set(`lib/${file}`, value);
      return `${quoted(name)}: textOf(${quoted(`./${file}`)})`;
    });
    return `${quoted(key)}: { ${items.join(', ')} }`;
  });
  return [`new CfnMapping(this, ${quoted(id)}, { mapping: { ${shown.join(', ')} } });`];
}

function resourceLines(resources: Readonly<Record<string, Resource>>, owners: ReadonlyMap<string, string>): string[] {
  const lines: string[] = [];
  let section: string | undefined;
  for (const [id, { Type, Properties = {}, ...options }] of Object.entries(resources)) {
    const owner = owners.get(id) ?? 'shared';
    if (owner !== section) lines.push('', `// ${owner}`);
    section = owner;
    const beside = Object.keys(options).length === 0 ? '' : `, ${printed(options, 2)}`;
    lines.push(`this.resource(${quoted(id)}, ${quoted(Type)}, ${printed(Properties, 2)}${beside});`);
  }
  return [...lines, ''];
}

/** A value of a template as TypeScript; `level`: how deep it stands, in steps of two spaces. */
function printed(value: unknown, level: number): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const inner = '  '.repeat(level + 1);
  const end = '  '.repeat(level);
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    return `[\n${value.map((item) => `${inner}${printed(item, level + 1)},\n`).join('')}${end}]`;
  }
  const call = intrinsic(value as Readonly<Record<string, unknown>>, level);
  if (call !== undefined) return call;
  const entries = Object.entries(value);
  if (entries.length === 0) return '{}';
  return `{\n${entries.map(([key, item]) => `${inner}${keyOf(key)}: ${printed(item, level + 1)},\n`).join('')}${end}}`;
}

/** CloudFormation's functions as the CDK writes them; others stay as they stand in a template, which the CDK takes as well. */
function intrinsic(value: Readonly<Record<string, unknown>>, level: number): string | undefined {
  const [entry, more] = Object.entries(value);
  if (entry === undefined || more !== undefined) return undefined;
  const [name, given] = entry;
  if (name === 'Ref') return `Fn.ref(${quoted(String(given))})`;
  if (!Array.isArray(given)) return undefined;
  const texts = given as unknown[];
  if (name === 'Fn::GetAtt') return `Fn.getAtt(${texts.map((item) => quoted(String(item))).join(', ')}).toString()`;
  if (name === 'Fn::FindInMap') return `Fn.findInMap(${texts.map((item) => printed(item, level)).join(', ')})`;
  if (name === 'Fn::Join') return `Fn.join(${printed(texts[0], level)}, ${printed(texts[1], level)})`;
  return undefined;
}

function keyOf(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : quoted(key);
}

function quoted(text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}
