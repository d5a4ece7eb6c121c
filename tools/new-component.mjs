/**
 * `npm run new-component -- <type>`: copies component-template/ to catalog/components/<type>/ and adds the component to the lists.
 * The copy works at once and is full of marks of what to write; the contract tests fail while any is left.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const TEMPLATE = fileURLToPath(new URL('component-template', import.meta.url));
const SPECS = 'catalog/specs.ts';
const BEHAVIORS = 'catalog/behaviors.ts';

const camelCase = (type) => type.replace(/-([a-z0-9])/g, (_, letter) => letter.toUpperCase());
const titleOf = (type) => {
  const words = type.replaceAll('-', ' ');
  return words[0].toUpperCase() + words.slice(1);
};

/** Puts `addition` before the first `end` that follows `start`; throws if the list is not written as expected. */
function insertBefore(text, start, end, addition) {
  const from = text.indexOf(start);
  const to = from < 0 ? -1 : text.indexOf(end, from);
  if (to < 0)
    throw new Error(`no list that begins with "${start}": add the component by hand, and mend tools/new-component.mjs`);
  return text.slice(0, to) + addition + text.slice(to);
}

function insertImport(text, lines) {
  const last = text.lastIndexOf('\nimport ');
  const end = text.indexOf(';\n', last) + 2;
  return text.slice(0, end) + lines + text.slice(end);
}

/** catalog/specs.ts with the facets of the template listed. */
function addToSpecs(text, type) {
  const name = camelCase(type);
  const facets = { config: 'config.ts', metrics: 'metrics.ts', advice: 'advice.ts', messages: 'messages.en.ts' };
  const variable = (facet) => name + facet[0].toUpperCase() + facet.slice(1);
  const imports = Object.entries(facets).map(
    ([facet, file]) => `import * as ${variable(facet)} from './components/${type}/${file}';\n`,
  );
  const rows = Object.keys(facets).map((facet) => `    ${facet}: ${variable(facet)},\n`);
  const listed = insertBefore(text, 'const allComponents', '\n];', `\n  component({\n${rows.join('')}  }),`);
  return insertImport(listed, imports.join(''));
}

/** catalog/behaviors.ts with the behaviour listed. */
function addToBehaviors(text, type) {
  const name = camelCase(type);
  const row = `\n  ['${type}', ${name} as BehaviorFactory<never>],`;
  const listed = insertBefore(text, 'export const behaviors', '\n]);', row);
  return insertImport(listed, `import { build as ${name} } from './components/${type}/behavior.ts';\n`);
}

/** Writes the component and its list lines under `root`. Throws if the name is not one or is taken. */
export function createComponent(root, type, today = new Date()) {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(type ?? '')) {
    throw new Error(`give AWS's documentation name in kebab case, such as kinesis-data-streams; got ${type}`);
  }
  const folder = join(root, 'catalog/components', type);
  if (existsSync(folder)) throw new Error(`catalog/components/${type} exists already`);
  const specs = addToSpecs(readFileSync(join(root, SPECS), 'utf8'), type);
  const behaviors = addToBehaviors(readFileSync(join(root, BEHAVIORS), 'utf8'), type);
  mkdirSync(folder, { recursive: true });
  for (const file of readdirSync(TEMPLATE)) {
    const text = readFileSync(join(TEMPLATE, file), 'utf8')
      .replaceAll('__type__', type)
      .replaceAll('__Title__', titleOf(type))
      .replaceAll('__today__', today.toISOString().slice(0, 10));
    writeFileSync(join(folder, file), text);
  }
  writeFileSync(join(root, SPECS), specs);
  writeFileSync(join(root, BEHAVIORS), behaviors);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const type = process.argv[2];
  try {
    createComponent(resolve(fileURLToPath(new URL('..', import.meta.url))), type);
    console.log(
      `catalog/components/${type}: begin with README.md, then follow the marks (npm run contract lists them)`,
    );
  } catch (error) {
    console.error(error.message);
    process.exitCode = 2;
  }
}
