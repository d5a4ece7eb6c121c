/** The app builds and runs with what `npm start` installs: packages for development are left outside of its build. */
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { FILES, ROOT, read } from './files.ts';

/** What the command line, the host and the threads are built of. */
const BUILT = /^(analysis|catalog|cli|cloud|engine|experiments|export|host|schema)\/.*\.ts$/;
const settings = JSON.parse(read('package.json')) as { readonly dependencies: Readonly<Record<string, string>> };

interface BuildConfig {
  readonly default: { readonly build: { readonly rolldownOptions: { readonly external: readonly RegExp[] } } };
}

/** Modules of packages that the code asks for while it runs. */
function modulesOf(text: string): string[] {
  const found = text.matchAll(/^(?:import|export)(?! type\b)[^;]*? from '([^'#.][^']*)';/gm);
  return [...found].map(([, name]) => name ?? '').filter((name) => !isBuiltin(name));
}

const packageOf = (module: string): string =>
  module
    .split('/')
    .slice(0, module.startsWith('@') ? 2 : 1)
    .join('/');

describe('the packages of the app', () => {
  it('are installed with it, or left outside of its build', async () => {
    const config = (await import(pathToFileURL(join(ROOT, 'vite.node.config.ts')).href)) as BuildConfig;
    const { external } = config.default.build.rolldownOptions;
    const modules = new Set(FILES.filter((file) => BUILT.test(file)).flatMap((file) => modulesOf(read(file))));
    expect(modules.size).toBeGreaterThan(20);
    const missing = [...modules].filter(
      (module) => !(packageOf(module) in settings.dependencies) && !external.some((pattern) => pattern.test(module)),
    );
    expect(missing).toEqual([]);
  });

  it('are loaded with the first thing that is about AWS, not before: the SDK takes a second', () => {
    const loaded = loadedWith(['cli/main.ts', 'electron/main/main.ts']);
    expect(loaded.has('host/host.ts')).toBe(true);
    expect(loaded.size).toBeGreaterThan(100);
    const early = [...loaded].filter((file) => modulesOf(read(file)).some((name) => name.startsWith('@aws-sdk/')));
    expect(early).toEqual([]);
  });
});

/** Our own files that are loaded with these, other than on demand. */
function loadedWith(entries: readonly string[]): ReadonlySet<string> {
  const loaded = new Set(entries);
  for (const file of loaded) {
    for (const [, from = ''] of read(file).matchAll(/^(?:import|export)(?! type\b)[^;]*? from '([#.][^']*\.ts)';/gm)) {
      loaded.add(from.startsWith('#') ? from.slice(1) : join(file, '..', from));
    }
  }
  return loaded;
}
