import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { FOLDERS, LAYERS } from '#tools/lint/layers.mjs';
import { lintConfigText } from '#tools/lint/write-config.mjs';
import { CODE_FILES, FILES, ROOT, read } from './files.ts';

const sources = CODE_FILES.filter((path) => /\.tsx?$/.test(path) && !path.startsWith('tools/component-template/'));

/** The files of one TypeScript project, as the compiler lists them. */
function projectFiles(project: string): string[] {
  const { stdout } = spawnSync(
    process.execPath,
    ['node_modules/typescript/bin/tsc', '--showConfig', '-p', `tools/tsconfig/${project}`],
    {
      cwd: ROOT,
      encoding: 'utf8',
    },
  );
  const { files = [] } = JSON.parse(stdout) as { files?: string[] };
  return files.map((path) => path.replace(/^\.\.\/\.\.\//, '')).filter((path) => /\.tsx?$/.test(path));
}

describe('.oxlintrc.json', () => {
  it('is what `npm run lint:config` writes', () => {
    expect(read('.oxlintrc.json')).toBe(lintConfigText());
  });

  it('has a wall for every folder of sources', () => {
    const roots = new Set(sources.filter((path) => path.includes('/')).map((path) => path.split('/')[0] ?? ''));
    const walled = new Set(LAYERS.flatMap((layer) => layer.files.map((glob) => glob.split('/')[0] ?? '')));
    const free = new Set(['tools', 'test', 'scenarios']);
    expect([...roots].filter((root) => !free.has(root) && !walled.has(root))).toEqual([]);
    expect([...roots].filter((root) => root !== 'scenarios' && !FOLDERS.includes(root))).toEqual([]);
  });
});

describe('the TypeScript projects', () => {
  it('hold every source file exactly once', () => {
    const settings = JSON.parse(read('tsconfig.json')) as { references: { path: string }[] };
    const projects = settings.references.map(({ path }) => path.split('/').at(-1) ?? '');
    expect(projects.sort()).toEqual(
      FILES.filter((path) => path.startsWith('tools/tsconfig/') && !path.endsWith('/base.json')).map((path) =>
        path.split('/').at(-1),
      ),
    );
    const held = projects.flatMap(projectFiles);
    expect(held.filter((path, index) => held.indexOf(path) !== index)).toEqual([]);
    expect(sources.filter((path) => !held.includes(path))).toEqual([]);
  });
});
