import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { smallDocument } from '#test/integration/serve-harness.ts';
import { packageFolders, stage } from '#tools/packaging/stage.mjs';

let folder = '';
let app = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'caudal-stage-'));
  app = join(folder, 'app');
  stage(app);
  await writeFile(join(folder, 'small.caudal.json'), JSON.stringify(smallDocument));
});

afterAll(() => rm(folder, { recursive: true }));

describe('what is packaged', () => {
  it('holds the main process, the bridge, the page and the papers', async () => {
    const settings = JSON.parse(await readFile(join(app, 'package.json'), 'utf8')) as Record<string, unknown>;
    expect(settings).toMatchObject({ name: 'caudal', main: 'node/electron/main.js', type: 'module' });
    for (const path of [
      'node/electron/main.js',
      'preload/preload.cjs',
      'renderer/index.html',
      'node/worker/entry.js',
      'LICENSE',
      'NOTICE',
      'THIRD-PARTY-NOTICES',
    ]) {
      expect([path, existsSync(join(app, path))]).toEqual([path, true]);
    }
  });

  it('leaves out what only the window or the tools need, and Electron itself', () => {
    for (const name of ['electron', 'vite', 'tsx', 'react', '@cloudscape-design', 'vitest']) {
      expect([name, existsSync(join(app, 'node_modules', name))]).toEqual([name, false]);
    }
  });

  it('runs away from this repository, with all the packages it loads', async () => {
    const start = join(folder, 'start.mjs');
    await writeFile(
      start,
      "const { main } = await import('./app/node/cli/main.js');\nprocess.exitCode = await main(process.argv.slice(2));\n",
    );
    const args = [start, 'run', 'small.caudal.json', '--json'];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
    expect((JSON.parse(stdout) as { scenario: string }).scenario).toBe('small');
  });
});

describe('packageFolders', () => {
  it('follows what packages need, nested versions first', () => {
    const folders = packageFolders(['a'], {
      'node_modules/a': { dependencies: { b: '1' } },
      'node_modules/a/node_modules/b': { dependencies: { c: '1' }, optionalDependencies: { gone: '1' } },
      'node_modules/b': {},
      'node_modules/c': { dependencies: { a: '1' } },
    });
    expect(folders).toEqual(['node_modules/a', 'node_modules/a/node_modules/b', 'node_modules/c']);
  });
});
