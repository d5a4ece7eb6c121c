/**
 * Adds to package-lock.json the optional platform packages that the registry used for the last install did not offer.
 *
 * Some registries and mirrors carry only the platforms their owners use. A lock file written against one of them
 * omits the others, and `npm ci` refuses such a lock file on every platform. This tool adds an entry for each optional
 * dependency that has none, with the platform fields read off the package's name. Such entries carry no integrity
 * hash: docs/decisions/0001-complete-lock-file.md says why that is accepted, and a contract test lists them.
 *
 * Run `node tools/complete-lockfile.mjs` after each change of a dependency; `--check` only reports (exit 1 if any).
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const LOCK_FILE = new URL('../package-lock.json', import.meta.url);
const SYSTEMS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const PROCESSORS = ['arm64', 'arm', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64'];

/** Where Node would find package `name` when asked from the package at `from`, or undefined. */
function resolveEntry(packages, from, name) {
  for (let folder = from; ; ) {
    const candidate = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (packages[candidate]) return candidate;
    if (folder === '') return undefined;
    const cut = folder.lastIndexOf('/node_modules/');
    folder = cut < 0 ? '' : folder.slice(0, cut);
  }
}

/** `os`, `cpu` and `libc` as the names of platform packages spell them: `binding-linux-arm64-musl`. */
export function platformOf(name) {
  const words = name.split('/').at(-1).split('-');
  const platform = {};
  const processor = PROCESSORS.find((candidate) => words.includes(candidate));
  if (processor) platform.cpu = [processor];
  const abi = words.at(-1);
  if (words.includes('linux') && abi.startsWith('musl')) platform.libc = ['musl'];
  if (words.includes('linux') && abi.startsWith('gnu')) platform.libc = ['glibc'];
  const system = SYSTEMS.find((candidate) => words.includes(candidate));
  if (system) platform.os = [system];
  return platform;
}

/** Optional dependencies that the lock file names but has no entry for: `{ name, version, from }`. */
export function missingEntries(lock) {
  const missing = new Map();
  for (const [from, entry] of Object.entries(lock.packages)) {
    for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
      if (!resolveEntry(lock.packages, from, name)) missing.set(name, { name, version: range, from });
    }
  }
  return [...missing.values()];
}

/** The lock file with every missing optional entry added, its packages in npm's order. */
export function completeLockFile(lock) {
  const packages = { ...lock.packages };
  for (const { name, version, from } of missingEntries(lock)) {
    if (!/^\d+\.\d+\.\d+/.test(version))
      throw new Error(`${from} asks for ${name}@${version}, which is not one version`);
    const { cpu, libc, os } = platformOf(name);
    if (!os) throw new Error(`${name}: its name does not say for which system it is; add its entry by hand`);
    const dev = packages[from].dev ? { dev: true } : {};
    packages[`node_modules/${name}`] = { version, cpu, ...dev, ...(libc ? { libc } : {}), optional: true, os };
  }
  const sorted = Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, 'en'));
  return { ...lock, packages: Object.fromEntries(sorted) };
}

function main() {
  const lock = JSON.parse(readFileSync(LOCK_FILE, 'utf8'));
  const missing = missingEntries(lock);
  if (process.argv.includes('--check')) {
    for (const { name, version } of missing) console.error(`no entry for ${name}@${version}`);
    process.exitCode = missing.length > 0 ? 1 : 0;
    return;
  }
  writeFileSync(LOCK_FILE, `${JSON.stringify(completeLockFile(lock), null, 2)}\n`);
  console.log(`package-lock.json: ${missing.length} entries added`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) main();
