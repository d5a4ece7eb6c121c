/** Saves a document: a stable text, written beside the file and then moved over it, so that no crash leaves half a file. */
import { randomBytes } from 'node:crypto';
import { open, realpath, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { documentText } from '#analysis/document-text.ts';
import * as catalog from '#catalog/specs.ts';
import { EnvironmentError } from '#schema/errors.ts';

/** The calls by which a file is written; a test gives others to see a disk fail. */
export interface FileWriter {
  readonly open: typeof open;
  readonly rename: typeof rename;
}

export const nodeFiles: FileWriter = { open, rename };

export interface WriteOptions {
  readonly files?: FileWriter;
  /** Mode of a file that did not exist. */
  readonly newMode?: number;
  /** What sentences call the file; its path when left out. */
  readonly name?: string;
}

/** Writes a document as its author wrote it (defaults are not filled in). Throws EnvironmentError. */
export async function saveDocument(path: string, document: Readonly<Record<string, unknown>>): Promise<void> {
  await writeAtomically(path, documentText(document, catalog));
}

/**
 * Replaces a file by another content, or leaves it as it was. A link is followed; the mode of the file is kept. What is no
 * file, such as a pipe or a device, is written to as it is.
 */
export async function writeAtomically(
  path: string,
  content: string | Uint8Array,
  { files = nodeFiles, newMode = 0o644, name = path }: WriteOptions = {},
): Promise<void> {
  try {
    const target = await realpath(path).catch(() => path);
    const found = await stat(target).catch(() => undefined);
    if (found?.isDirectory()) throw failed('EISDIR');
    // A read-only file could be replaced, as its folder can be written; its owner does not expect that.
    if (found !== undefined && (found.mode & 0o222) === 0) throw failed('EACCES');
    if (found === undefined || found.isFile()) await replace(target, content, (found?.mode ?? newMode) & 0o777, files);
    else await writeThrough(target, content, files);
  } catch (error) {
    throw writeError(name, error);
  }
}

function failed(code: string): Error {
  return Object.assign(new Error(code), { code });
}

async function replace(target: string, content: string | Uint8Array, mode: number, files: FileWriter): Promise<void> {
  const temporary = join(dirname(target), `.${basename(target).slice(0, 100)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const file = await files.open(temporary, 'wx', mode);
    try {
      await file.writeFile(content, 'utf8');
      await file.sync();
    } finally {
      await file.close();
    }
    await files.rename(temporary, target);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
  await syncFolder(dirname(target));
}

async function writeThrough(target: string, content: string | Uint8Array, files: FileWriter): Promise<void> {
  const file = await files.open(target, 'w');
  try {
    await file.writeFile(content, 'utf8');
  } finally {
    await file.close();
  }
}

/** The new name of a file is on the disk once its folder is; some systems cannot sync one. */
async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  } catch {
    return;
  }
}

const REASONS: Readonly<Record<string, readonly [code: string, reason: string]>> = {
  ENOSPC: ['file/disk-full', 'the disk is full; free some space and save again'],
  EDQUOT: ['file/disk-full', 'your disk quota is used up; free some space and save again'],
  EACCES: ['file/no-permission', 'writing there is not permitted; save it somewhere else'],
  EPERM: ['file/no-permission', 'writing there is not permitted; save it somewhere else'],
  EROFS: ['file/no-permission', 'the disk is read-only; save it somewhere else'],
  ENOENT: ['file/no-folder', 'the folder does not exist'],
  ENOTDIR: ['file/no-folder', 'the folder does not exist'],
  EISDIR: ['file/is-a-folder', 'it is a folder'],
  ENAMETOOLONG: ['file/write-failed', 'its name is longer than a name can be'],
  EIO: ['file/write-failed', 'the disk reports a fault; save it somewhere else'],
};

function writeError(path: string, error: unknown): EnvironmentError {
  const errno = (error as NodeJS.ErrnoException).code ?? 'unknown';
  const [code, reason] = REASONS[errno] ?? ['file/write-failed', `the write failed (${errno})`];
  return new EnvironmentError(code, `${path} was not saved: ${reason}`, { cause: error });
}
