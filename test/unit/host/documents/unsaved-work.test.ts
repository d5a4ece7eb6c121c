import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keyOfFile, UnsavedWork } from '#host/documents/unsaved-work.ts';

let state = '';
let unsaved: UnsavedWork;

beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'caudal-unsaved-'));
  unsaved = new UnsavedWork(state);
});

afterEach(async () => {
  await rm(state, { recursive: true });
});

const work = (name: string): { file: string; name: string; version: string; document: Record<string, unknown> } => ({
  file: '',
  name,
  version: '',
  document: { name },
});

describe('UnsavedWork', () => {
  it('gives back what was kept, the newest first, until it is forgotten', async () => {
    await unsaved.keep('new-1', work('first'));
    await new Promise((resolve) => setTimeout(resolve, 5));
    await unsaved.keep('new-2', work('second'));
    expect((await unsaved.list()).map(({ key, entry }) => [key, entry.document])).toEqual([
      ['new-2', { name: 'second' }],
      ['new-1', { name: 'first' }],
    ]);
    await unsaved.forget('new-2');
    expect(await unsaved.find('new-2')).toBeUndefined();
    expect(await unsaved.find('new-1')).toMatchObject({ name: 'first' });
  });

  it.skipIf(process.platform === 'win32' && 'modes of files mean nothing on Windows')(
    'can be read by its owner only',
    async () => {
      await unsaved.keep('new-1', work('private'));
      const folder = join(state, 'unsaved');
      expect((await stat(folder)).mode & 0o077).toBe(0);
      for (const name of await readdir(folder)) expect((await stat(join(folder, name))).mode & 0o077).toBe(0);
    },
  );

  it('leaves out what cannot be read', async () => {
    await unsaved.keep('new-1', work('whole'));
    await writeFile(join(state, 'unsaved', 'new-2.json'), '{"format":1,');
    await writeFile(join(state, 'unsaved', 'new-3.json'), '{"format":2}');
    expect((await unsaved.list()).map(({ key }) => key)).toEqual(['new-1']);
  });

  it('fails in one sentence when the disk is full', async () => {
    const full = new UnsavedWork(state, {
      open: () => Promise.reject(Object.assign(new Error('no space'), { code: 'ENOSPC' })),
      rename: () => Promise.resolve(),
    });
    await expect(full.keep('new-1', work('lost'))).rejects.toMatchObject({ code: 'file/disk-full' });
  });

  it('has one key a file, whatever its name holds', () => {
    expect(keyOfFile('/a/b.caudal.json')).toMatch(/^[0-9a-f]{40}$/);
    expect(keyOfFile('/a/b.caudal.json')).not.toBe(keyOfFile('/a/c.caudal.json'));
  });
});
