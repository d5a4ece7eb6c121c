/** Saves a document: a stable text, written beside the file and then moved over it, so that no crash leaves half a file. */
import { randomBytes } from 'node:crypto';
import { open, realpath, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { documentText } from '#analysis/document-text.ts';
import * as catalog from '#catalog/specs.ts';
import { EnvironmentError } from '#schema/errors.ts';

/** Writes a document as its author wrote it (defaults are not filled in). Throws EnvironmentError. */
export async function saveDocument(path: string, document: Readonly<Record<string, unknown>>): Promise<void> {
  await writeAtomically(path, documentText(document, catalog));
}

/** Replaces a file by another content, or leaves it as it was. A link is followed; the mode of the file is kept. */
export async function writeAtomically(path: string, content: string): Promise<void> {
  let temporary: string | undefined;
  try {
    const target = await realpath(path).catch(() => path);
    const mode = await stat(target).then(
      (found) => found.mode & 0o777,
      () => 0o644,
    );
    temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}.tmp`);
    const file = await open(temporary, 'wx', mode);
    try {
      await file.writeFile(content, 'utf8');
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, target);
  } catch (error) {
    if (temporary !== undefined) await unlink(temporary).catch(() => undefined);
    throw writeError(path, error);
  }
}

const REASONS: Readonly<Record<string, readonly [code: string, reason: string]>> = {
  ENOSPC: ['file/disk-full', 'the disk is full; free some space and save again'],
  EDQUOT: ['file/disk-full', 'your disk quota is used up; free some space and save again'],
  EACCES: ['file/no-permission', 'writing there is not permitted'],
  EPERM: ['file/no-permission', 'writing there is not permitted'],
  EROFS: ['file/no-permission', 'the disk is read-only'],
  ENOENT: ['file/no-folder', 'the folder does not exist'],
  ENOTDIR: ['file/no-folder', 'the folder does not exist'],
  EISDIR: ['file/is-a-folder', 'it is a folder'],
};

function writeError(path: string, error: unknown): EnvironmentError {
  const errno = (error as NodeJS.ErrnoException).code ?? 'unknown';
  const [code, reason] = REASONS[errno] ?? ['file/write-failed', `the write failed (${errno})`];
  return new EnvironmentError(code, `${path} was not saved: ${reason}`, { cause: error });
}
