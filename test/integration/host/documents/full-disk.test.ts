import { spawnSync } from 'node:child_process';
import { mkdtemp, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Documents } from '#host/documents/documents.ts';
import { WindowSeat } from '#host/documents/window-seat.ts';
import { type FileWriter, nodeFiles } from '#host/files/save.ts';
import { StartFolder } from '#host/router/start-folder.ts';
import { smallDocument } from '#test/integration/serve-harness.ts';
import { isOpen, seeded } from './windows.ts';

/** A folder on a disk that can be filled up and emptied again. */
interface Disk {
  readonly folder: string;
  readonly files: FileWriter;
  fill(): Promise<void>;
  empty(): Promise<void>;
  remove(): Promise<void>;
}

/** A file system of 64 KiB, where the system lets one be mounted. */
async function tinyDisk(): Promise<Disk | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'caudal-tiny-'));
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder], { stdio: 'ignore' });
  if (status !== 0) {
    await rm(folder, { recursive: true });
    return undefined;
  }
  const filler = join(folder, 'filler');
  return {
    folder,
    files: nodeFiles,
    async fill() {
      await writeFile(filler, Buffer.alloc(1024 * 1024)).catch(() => undefined);
      expect((await stat(filler)).size).toBeLessThan(64 * 1024);
    },
    empty: () => rm(filler),
    async remove() {
      spawnSync('umount', [folder]);
      await rm(folder, { recursive: true });
    },
  };
}

/** Any folder, written through the device that is always full. */
async function fullDevice(): Promise<Disk> {
  const folder = await mkdtemp(join(tmpdir(), 'caudal-full-'));
  let isFull = false;
  return {
    folder,
    files: { open: (path, flags, mode) => (isFull ? open('/dev/full', 'w') : open(path, flags, mode)), rename },
    async fill() {
      isFull = true;
    },
    async empty() {
      isFull = false;
    },
    remove: () => rm(folder, { recursive: true }),
  };
}

/** The second needs the rights to mount: without them, the first has shown the same with the same error of the system. */
const DISKS = [
  ['the device that is always full', fullDevice],
  ['a small disk', async () => (await tinyDisk()) ?? (await fullDevice())],
] as const;

describe.skipIf(process.platform !== 'linux' && 'only Linux has a device that is always full')('a full disk', () => {
  it.each(DISKS)('fails to save in one sentence, loses nothing, and saves once there is space: %s', async (_, make) => {
    const disk = await make();
    const file = join(disk.folder, 'small.caudal.json');
    await writeFile(file, JSON.stringify(smallDocument));
    const documents = new Documents({
      folder: await StartFolder.open(disk.folder),
      state: join(disk.folder, '.state'),
      file,
      files: disk.files,
    });
    const seat = new WindowSeat();
    const { id, document } = isOpen(await documents.current(seat));
    const changed = { ...seeded(document, 12), description: 'x'.repeat(15_000) };
    const first = await documents.update(seat, id, { ...changed, description: '' });
    await disk.fill();
    const updated = await documents.update(seat, first.id, changed);
    const before = await readFile(file, 'utf8');
    const present = async (): Promise<string[]> =>
      (await readdir(disk.folder)).filter((name) => name !== 'filler').sort();
    const names = await present();
    await expect(documents.save(seat, updated.id, undefined, false)).rejects.toMatchObject({
      kind: 'environment',
      code: 'file/disk-full',
      message: 'small.caudal.json was not saved: the disk is full; free some space and save again',
    });
    expect(await readFile(file, 'utf8')).toBe(before);
    expect(await present()).toEqual(names);
    expect(await documents.current(seat)).toMatchObject({ isSaved: false, document: { run: { seed: 12 } } });
    const watch = seat.watch(new AbortController().signal);
    expect((await watch.next()).value).toMatchObject({ kind: 'unprotected' });
    await disk.empty();
    await documents.save(seat, updated.id, undefined, false);
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ run: { seed: 12 } });
    await documents.close();
    await disk.remove();
  });
});
