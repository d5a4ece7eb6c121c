/** Reads a text file of bounded size and says in words what is wrong with one that cannot be read. */
import { open } from 'node:fs/promises';
import { EnvironmentError, InputError } from '#schema/errors.ts';
import { beginsAsSavedRun } from '#schema/saved-run.ts';

const CHUNK_BYTES = 1024 * 1024;

/** The content of a UTF-8 file. Throws InputError for what the user named wrongly, EnvironmentError for the rest. */
export async function readText(path: string, mostBytes: number): Promise<string> {
  const bytes = await readBytes(path, mostBytes);
  // No text holds a zero byte; UTF-16, which some editors save, is full of them.
  if (!bytes.includes(0)) {
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch {
      // Said below.
    }
  }
  if (beginsAsSavedRun(bytes)) {
    const how = 'print it with caudal show, or open it in the window with "Open run"';
    throw refused('run/is-a-run', `${path} is a saved run, not a document; ${how}`);
  }
  throw refused('file/not-utf-8', `${path} is not UTF-8 text; save it as UTF-8`);
}

/**
 * The content of a file. Reads in pieces, so that a pipe works and a file that is too large is not read to its end. Throws
 * as `readText`. Of a file that is longer only the `beginning` is returned where that is wanted.
 */
export async function readBytes(path: string, mostBytes: number, part?: 'beginning'): Promise<Uint8Array> {
  if (path === '') throw refused('file/not-found', 'the name of the file is empty; name a file');
  const chunks: Uint8Array[] = [];
  let total = 0;
  try {
    const file = await open(path, 'r');
    try {
      for (;;) {
        const { bytesRead, buffer } = await file.read(new Uint8Array(CHUNK_BYTES), 0, CHUNK_BYTES);
        if (bytesRead === 0) break;
        total += bytesRead;
        chunks.push(buffer.subarray(0, bytesRead));
        if (total > mostBytes) break;
      }
    } finally {
      await file.close();
    }
  } catch (error) {
    throw readError(path, error);
  }
  if (total <= mostBytes || part === 'beginning') return Buffer.concat(chunks);
  const mebibytes = Math.round(mostBytes / 1024 / 1024);
  throw refused('file/too-large', `${path} is too large; the most is ${mebibytes} MiB`);
}

function readError(path: string, error: unknown): Error {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return refused('file/not-found', `${path} does not exist; check the name and the folder`);
  }
  if (code === 'EISDIR') return refused('file/is-a-folder', `${path} is a folder; name a file in it`);
  if (code === 'ERR_INVALID_ARG_VALUE')
    return refused('file/not-found', 'the file name holds a character that no file name can');
  if (code === 'ENAMETOOLONG') return refused('file/not-found', 'the name of the file is longer than a name can be');
  if (code === 'ELOOP') return refused('file/not-found', `${path} is a link that leads back to itself`);
  const reason = code === 'EACCES' || code === 'EPERM' ? 'reading it is not permitted' : `it cannot be read (${code})`;
  const kind = code === 'EACCES' || code === 'EPERM' ? 'file/no-permission' : 'file/unreadable';
  return new EnvironmentError(kind, `${path}: ${reason}`, { cause: error });
}

function refused(code: string, message: string): InputError {
  return new InputError([{ code, path: '', message }]);
}
