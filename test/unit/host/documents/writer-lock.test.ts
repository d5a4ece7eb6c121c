import { spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WriterLocks } from '#host/documents/writer-lock.ts';

let state = '';

beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'caudal-lock-'));
});

afterEach(async () => {
  await chmod(state, 0o700);
  await rm(state, { recursive: true, force: true });
});

describe('WriterLocks', () => {
  it('gives a document to one program at a time, and to the next when it is released', async () => {
    const [first, second] = [new WriterLocks(state), new WriterLocks(state)];
    expect(await first.take('a')).toBe(true);
    expect(await first.take('a')).toBe(true);
    expect(await second.take('a')).toBe(false);
    expect(await second.take('b')).toBe(true);
    await second.release('a');
    expect(await second.isHeldByOther('a')).toBe(true);
    await first.release('a');
    expect(await second.take('a')).toBe(true);
  });

  it('is seized, which the holder before notices', async () => {
    const [first, second] = [new WriterLocks(state), new WriterLocks(state)];
    await first.take('a');
    await second.seize('a');
    expect(await first.isHeldByOther('a')).toBe(true);
    expect(await second.isHeldByOther('a')).toBe(false);
  });

  it('takes the place of a program that was killed', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', '0']);
    await mkdir(join(state, 'writers'));
    await writeFile(join(state, 'writers', 'a.json'), JSON.stringify({ pid, owner: 'killed' }));
    const locks = new WriterLocks(state);
    expect(await locks.isHeldByOther('a')).toBe(false);
    expect(await locks.take('a')).toBe(true);
    expect(await new WriterLocks(state).take('a')).toBe(false);
  });

  it('takes the place of a program whose number another process has now', async () => {
    const before = new WriterLocks(state);
    await before.take('a');
    const longAgo = new Date(Date.now() - 3_600_000);
    await utimes(join(state, 'writers', 'a.json'), longAgo, longAgo);
    const locks = new WriterLocks(state);
    expect(await locks.take('a')).toBe(true);
    await locks.touch('a');
    expect(await before.take('a')).toBe(false);
  });

  it('reads a file that holds nonsense as no lock', async () => {
    await mkdir(join(state, 'writers'));
    await writeFile(join(state, 'writers', 'a.json'), '{"pid":');
    expect(await new WriterLocks(state).take('a')).toBe(true);
  });

  it('keeps nobody from working where nothing can be written', async () => {
    await writeFile(join(state, 'writers'), 'a file where the folder should be');
    expect(await new WriterLocks(state).take('a')).toBe(true);
    expect(await readdir(state)).toEqual(['writers']);
  });
});
