/**
 * Tells whether a build is current: its stamp holds a signature (path, size and time of change of every source file) taken
 * when it was made. Only looks at the files, never reads them: a few milliseconds.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));

const SETTINGS = ['package.json', 'package-lock.json', 'tools/tsconfig/base.json'];
const PURE = ['schema', 'engine', 'catalog', 'analysis', 'drawing'];

/** The builds: the file each must have produced, and what it is made from. */
export const BUILDS = {
  node: {
    folder: 'build/node',
    entry: 'build/node/cli/main.js',
    sources: [
      ...PURE,
      'experiments',
      'cloud',
      'export',
      'host',
      'cli',
      'electron/main',
      'vite.node.config.ts',
      ...SETTINGS,
    ],
  },
  renderer: {
    folder: 'build/renderer',
    entry: 'build/renderer/index.html',
    sources: [...PURE, 'renderer', 'vite.renderer.config.ts', ...SETTINGS],
  },
  preload: {
    folder: 'build/preload',
    entry: 'build/preload/preload.cjs',
    sources: ['schema', 'electron/preload', 'vite.preload.config.ts', ...SETTINGS],
  },
};

function* filesUnder(root, path) {
  const stat = statSync(join(root, path), { throwIfNoEntry: false });
  if (!stat) return;
  if (!stat.isDirectory()) {
    yield `${path} ${stat.size} ${stat.mtimeMs}\n`;
    return;
  }
  for (const name of readdirSync(join(root, path)).sort()) yield* filesUnder(root, `${path}/${name}`);
}

/** Signature of a build's sources as they are now. */
export function sourceSignature(build, root = ROOT) {
  const hash = createHash('sha256');
  for (const source of build.sources) for (const line of filesUnder(root, source)) hash.update(line);
  return hash.digest('hex');
}

export function stampFile(build, root = ROOT) {
  return join(root, build.folder, '.stamp');
}

/** True if the build exists and its sources have not changed since. A package without sources has nothing to be stale against. */
export function isBuildCurrent(build, root = ROOT) {
  if (!existsSync(join(root, build.entry))) return false;
  if (!existsSync(join(root, 'cli/main.ts'))) return true;
  const stamp = stampFile(build, root);
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === sourceSignature(build, root);
}
