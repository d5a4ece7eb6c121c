/**
 * Writes THIRD-PARTY-NOTICES from the lock file and the installed packages, and fails on a licence that is not on the
 * list below. Run `npm run notices` after each change of a dependency; a contract test checks that the file is current.
 *
 * Packages for one platform only are listed with their parent, so that the file is the same wherever it is written.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from '#bin/build-state.mjs';

/** Licences under which a package may be part of Caudal. */
const ALLOWED = [
  'MIT',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'CC0-1.0',
  'Unlicense',
  'BlueOak-1.0.0',
];

/** Licences with a condition for those who change the package itself: used unmodified, each with its reason. */
const ALLOWED_UNMODIFIED = {
  elkjs: 'EPL-2.0 OR GPL-3.0-or-later',
  lightningcss: 'MPL-2.0',
  'axe-core': 'MPL-2.0',
  '@axe-core/playwright': 'MPL-2.0',
};

const HEADER = `Caudal uses the packages below, each under its own licence. Made by tools/notices.mjs from package-lock.json; do not edit.
Packages for one platform only (such as lightningcss-linux-x64-gnu) have the licence of the package that asks for them.
`;

const nameOf = (path) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
const isForOnePlatform = (entry) => entry.optional || entry.os !== undefined || entry.cpu !== undefined;

/** True if a licence expression offers a choice that is allowed: "MIT OR Apache-2.0", "(MIT OR CC0-1.0)". */
export function isAllowed(name, expression) {
  if (expression === undefined) return false;
  if (ALLOWED_UNMODIFIED[name] === expression) return true;
  const choices = expression.replace(/^\(|\)$/g, '').split(' OR ');
  return choices.some((choice) => choice.split(' AND ').every((licence) => ALLOWED.includes(licence)));
}

/** Every package of the lock file but those for one platform: `{ name, version, licence, path, dev }`, by name. */
export function listPackages(lock) {
  return Object.entries(lock.packages)
    .filter(([path, entry]) => path !== '' && !isForOnePlatform(entry))
    .map(([path, entry]) => ({
      name: nameOf(path),
      version: entry.version,
      licence: entry.license,
      path,
      dev: Boolean(entry.dev),
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

export function refusedPackages(packages) {
  return packages
    .filter(({ name, licence }) => !isAllowed(name, licence))
    .map(({ name, version, licence }) => `${name} ${version}: ${licence}`);
}

function licenceText(path) {
  const folder = join(ROOT, path);
  if (!existsSync(folder)) throw new Error(`${path} is not installed: run npm ci first`);
  const file = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && /^(licen[sc]e|copying)/i.test(entry.name))
    .map((entry) => entry.name)
    .sort()[0];
  if (!file) return 'The package holds no licence file; its metadata names the licence above.';
  return readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim();
}

/** The file: what is part of the app with licence texts (equal texts once), then what is only used to make and test it. */
export function noticesText(lock) {
  const packages = listPackages(lock);
  const byText = new Map();
  for (const { name, version, licence, path, dev } of packages) {
    if (dev) continue;
    const text = licenceText(path);
    byText.set(text, [...(byText.get(text) ?? []), `${name} ${version} (${licence})`]);
  }
  const line = '-'.repeat(100);
  const parts = [...byText].map(([text, users]) => `${line}\n${[...new Set(users)].join('\n')}\n\n${text}\n`);
  const tools = packages
    .filter(({ dev }) => dev)
    .map(({ name, version, licence }) => `${name} ${version} (${licence})`);
  return `${HEADER}\n${parts.join('\n')}\n${line}\nUsed to make and test Caudal, not part of it:\n\n${[...new Set(tools)].join('\n')}\n`;
}

export function readLock() {
  return JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const lock = readLock();
  const refused = refusedPackages(listPackages(lock));
  if (refused.length > 0) {
    console.error(`licences not on the list of tools/notices.mjs:\n${refused.join('\n')}`);
    process.exitCode = 1;
  } else writeFileSync(join(ROOT, 'THIRD-PARTY-NOTICES'), noticesText(lock));
}
