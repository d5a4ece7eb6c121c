/** Lays out what a package of the desktop window contains: built code, and the npm packages that it loads. */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { ROOT } from '#bin/build-state.mjs';
import { CDK_CHILD } from './cdk-child.mjs';

const BUILT = ['node', 'renderer', 'preload'];
const PAPERS = ['LICENSE', 'NOTICE', 'THIRD-PARTY-NOTICES'];
/** Part of every package of a desktop window, loaded from source only, or bundled into the CDK child. */
const NOT_COPIED = ['electron', 'tsx', 'aws-cdk-lib', 'constructs'];

const byName = (a, b) => (a < b ? -1 : 1);

/** Names of the npm packages that built code imports. */
function importedPackages(folder) {
  const names = new Set();
  for (const file of readdirSync(folder, { recursive: true })) {
    if (!file.endsWith('.js')) continue;
    const text = readFileSync(join(folder, file), 'utf8');
    for (const [, specifier] of text.matchAll(/(?:\bfrom|\bimport\(?)\s*["']([@a-z][^"']*)["']/g)) {
      const parts = specifier.split('/');
      const name = specifier.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0];
      if (!specifier.startsWith('node:') && !builtinModules.includes(name)) names.add(name);
    }
  }
  return [...names].filter((name) => !NOT_COPIED.includes(name)).sort(byName);
}

/** Folders below node_modules of the packages and of all that they need, as npm has laid them out. */
export function packageFolders(names, packages) {
  const found = new Set();
  const visit = (name, from) => {
    for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
      const path = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
      const entry = packages[path];
      if (entry !== undefined) {
        if (found.has(path)) return;
        found.add(path);
        for (const needed of Object.keys({ ...entry.dependencies, ...entry.optionalDependencies })) visit(needed, path);
        return;
      }
      if (folder === '') return;
    }
  };
  for (const name of names) visit(name, '');
  return [...found].sort(byName);
}

/** Fills `target` anew; the builds must be current. */
export function stage(target, root = ROOT) {
  const { version, description, license, dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  for (const name of BUILT) cpSync(join(root, 'build', name), join(target, name), { recursive: true });
  for (const name of PAPERS) cpSync(join(root, name), join(target, name));
  cpSync(join(root, 'scenarios'), join(target, 'scenarios'), { recursive: true });
  const cdkChild = join(root, CDK_CHILD);
  if (existsSync(cdkChild)) {
    for (const name of ['synth-child.js', 'synth-child.js.map'])
      rmSync(join(target, 'node/deploy', name), { force: true });
    cpSync(cdkChild, join(target, 'node/deploy'), { recursive: true });
  }
  const names = importedPackages(join(target, 'node'));
  for (const folder of packageFolders(names, packages)) {
    if (existsSync(join(root, folder)))
      cpSync(join(root, folder), join(target, folder), { recursive: true, dereference: true });
  }
  const settings = {
    name: 'caudal',
    productName: 'Caudal',
    version,
    description,
    author: 'The Caudal authors <caudal@users.noreply.github.com>',
    license,
    type: 'module',
    main: 'node/electron/main.js',
    dependencies: Object.fromEntries(names.map((name) => [name, dependencies[name]])),
  };
  writeFileSync(join(target, 'package.json'), `${JSON.stringify(settings, null, 2)}\n`);
  return names;
}
