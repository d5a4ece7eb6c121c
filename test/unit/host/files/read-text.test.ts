import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readText } from '#host/files/read-text.ts';
import { InputError } from '#schema/errors.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'caudal-read-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function codeOf(path: string, mostBytes = 100): Promise<string | undefined> {
  const error = await readText(path, mostBytes).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return error instanceof InputError ? error.faults[0]?.code : undefined;
}

describe('readText', () => {
  it('reads a file up to the largest size', async () => {
    const path = join(folder, 'a');
    await writeFile(path, 'é'.repeat(50));
    expect(await readText(path, 100)).toHaveLength(50);
  });

  it('fails for a file that is missing, a folder, too large or not UTF-8', async () => {
    await writeFile(join(folder, 'large'), 'x'.repeat(101));
    await writeFile(join(folder, 'latin'), Buffer.from([0x63, 0xe9]));
    expect(await codeOf(join(folder, 'none'))).toBe('file/not-found');
    expect(await codeOf(join(folder, 'large', 'below'))).toBe('file/not-found');
    expect(await codeOf(folder)).toBe('file/is-a-folder');
    expect(await codeOf(join(folder, 'large'))).toBe('file/too-large');
    expect(await codeOf(join(folder, 'latin'))).toBe('file/not-utf-8');
    expect(await codeOf('a\0b')).toBe('file/not-found');
  });

  it('fails for UTF-16, for a name that is empty or too long, and for a link that leads to itself', async () => {
    await writeFile(join(folder, 'utf-16'), Buffer.from('{"a":1}', 'utf16le'));
    await symlink(join(folder, 'loop'), join(folder, 'loop'));
    expect(await codeOf(join(folder, 'utf-16'))).toBe('file/not-utf-8');
    expect(await codeOf('')).toBe('file/not-found');
    expect(await codeOf(join(folder, 'x'.repeat(5000)))).toBe('file/not-found');
    expect(await codeOf(join(folder, 'loop'))).toBe('file/not-found');
  });
});
