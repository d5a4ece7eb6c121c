import { chmod, lstat, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeAtomically } from '#host/files/save.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'caudal-save-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe('writeAtomically', () => {
  it('replaces the content, keeps the mode, follows a link and leaves nothing else behind', async () => {
    const path = join(folder, 'design.caudal.json');
    const link = join(folder, 'link.caudal.json');
    await writeFile(path, 'old');
    await chmod(path, 0o640);
    await symlink(path, link);
    await writeAtomically(link, 'new');
    expect(await readFile(path, 'utf8')).toBe('new');
    expect((await stat(path)).mode & 0o777).toBe(0o640);
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
    expect((await readdir(folder)).sort()).toEqual(['design.caudal.json', 'link.caudal.json']);
  });

  it('fails when the folder does not exist', async () => {
    await expect(writeAtomically(join(folder, 'no', 'x.json'), 'new')).rejects.toMatchObject({
      kind: 'environment',
      code: 'file/no-folder',
    });
  });

  it('fails over a folder and leaves no temporary file', async () => {
    await expect(writeAtomically(folder, 'new')).rejects.toMatchObject({
      kind: 'environment',
      code: 'file/is-a-folder',
    });
    expect(await readdir(folder)).toEqual([]);
  });
});
