/** Writes a working copy to a file, after making sure that nothing others wrote is destroyed unasked. */
import { documentText } from '#analysis/document-text.ts';
import * as catalog from '#catalog/specs.ts';
import { type FileWriter, writeAtomically } from '#host/files/save.ts';
import { documentLimits } from '#schema/document.ts';
import { InputError } from '#schema/errors.ts';
import { versionOf, versionOfFile } from './read-document.ts';
import type { WorkingCopy } from './working-copy.ts';
import { writtenForm } from './written-form.ts';

/** The version written. `path` is what sentences call the file. Throws InputError, or EnvironmentError when it fails. */
export async function saveCopy(
  copy: WorkingCopy,
  file: string,
  overwrite: boolean,
  path: string,
  files: FileWriter,
): Promise<string> {
  const { document } = copy.newest;
  const written = writtenForm(document, copy.baseline);
  const text = documentText(written, catalog);
  if (Buffer.byteLength(text) > documentLimits.bytes) {
    const most = `${documentLimits.bytes / 1024 / 1024} MiB`;
    const message = `is too large to be opened again: a file has at most ${most}; split the design, or keep a long trace in a CSV file`;
    throw refused('document/too-large', message);
  }
  if (!overwrite) await refuseLoss(copy, file, path);
  await writeAtomically(file, text, { files, name: path });
  copy.baseline = { written, complete: document };
  return versionOf(text);
}

async function refuseLoss(copy: WorkingCopy, file: string, path: string): Promise<void> {
  const onDisk = await versionOfFile(file);
  if (onDisk === '') return;
  if (file !== copy.file) {
    throw refused('file/exists', `${path} exists already; save again to replace it, or choose another name`);
  }
  if (onDisk === copy.version) return;
  const what = 'was changed by another program since it was opened here';
  throw refused('file/changed-on-disk', `${path} ${what}; save again to replace it, or save under another name`);
}

function refused(code: string, message: string): InputError {
  return new InputError([{ code, path: '', message }]);
}
