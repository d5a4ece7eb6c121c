import { chmod, lstat, mkdtemp, open, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FileWriter, writeAtomically } from '#host/files/save.ts';

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

  it('writes what is to be on the disk before it takes the name', async () => {
    const calls: string[] = [];
    const files: FileWriter = {
      async open(path, flags, mode) {
        const handle = await open(path, flags, mode);
        const sync = handle.sync.bind(handle);
        handle.sync = async () => {
          calls.push('sync');
          await sync();
        };
        return handle;
      },
      async rename(from, to) {
        calls.push('rename');
        await rename(from, to);
      },
    };
    await writeAtomically(join(folder, 'new.json'), 'content', { files });
    expect(calls).toEqual(['sync', 'rename']);
  });

  it.skipIf(process.platform !== 'linux' && 'only Linux has a device that is always full')(
    'fails on a full disk in one sentence, and leaves the file as it was and nothing beside it',
    async () => {
      const path = join(folder, 'design.caudal.json');
      await writeFile(path, 'old');
      const files: FileWriter = { open: () => open('/dev/full', 'w'), rename };
      const failed = writeAtomically(path, 'x'.repeat(100_000), { files, name: 'design.caudal.json' });
      await expect(failed).rejects.toMatchObject({
        kind: 'environment',
        code: 'file/disk-full',
        message: 'design.caudal.json was not saved: the disk is full; free some space and save again',
      });
      expect(await readFile(path, 'utf8')).toBe('old');
      expect(await readdir(folder)).toEqual(['design.caudal.json']);
    },
  );

  it.skipIf(process.platform === 'win32' && 'Windows has no devices that are files')(
    'writes to a device as it is, and does not replace it',
    async () => {
      await writeAtomically('/dev/null', 'content');
      expect((await stat('/dev/null')).isCharacterDevice()).toBe(true);
    },
  );

  it.skipIf(process.platform !== 'linux' && 'only Linux has a device that is always full')(
    'fails on a device that is full, and does not replace it',
    async () => {
      await expect(writeAtomically('/dev/full', 'content')).rejects.toMatchObject({ code: 'file/disk-full' });
      expect((await stat('/dev/full')).isCharacterDevice()).toBe(true);
    },
  );

  it.each([
    ['EACCES', 'file/no-permission'],
    ['EROFS', 'file/no-permission'],
    ['EDQUOT', 'file/disk-full'],
    ['EIO', 'file/write-failed'],
    ['EMFILE', 'file/write-failed'],
  ])('fails on %s and leaves the file as it was', async (errno, code) => {
    const path = join(folder, 'design.caudal.json');
    await writeFile(path, 'old');
    const files: FileWriter = { open: () => Promise.reject(Object.assign(new Error(errno), { code: errno })), rename };
    await expect(writeAtomically(path, 'new', { files })).rejects.toMatchObject({ kind: 'environment', code });
    expect(await readFile(path, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['design.caudal.json']);
  });

  it('fails for a file that is read-only, though its folder could be written', async () => {
    const path = join(folder, 'design.caudal.json');
    await writeFile(path, 'old');
    await chmod(path, 0o444);
    await expect(writeAtomically(path, 'new')).rejects.toMatchObject({ code: 'file/no-permission' });
    expect(await readFile(path, 'utf8')).toBe('old');
  });

  it('fails when the last step fails, and takes its temporary file away', async () => {
    const path = join(folder, 'design.caudal.json');
    await writeFile(path, 'old');
    const files: FileWriter = {
      open,
      rename: () => Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' })),
    };
    await expect(writeAtomically(path, 'new', { files })).rejects.toMatchObject({ code: 'file/disk-full' });
    expect(await readdir(folder)).toEqual(['design.caudal.json']);
  });
});
