/** Writes the CDK project of a template into a folder of its own. */
import { mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { projectFiles } from '#cloud/deploy/project.ts';
import { writeAtomically } from '#host/files/save.ts';
import type { SynthResult } from '#schema/deployment.ts';
import { InputError } from '#schema/errors.ts';

/** Rejects with an InputError where the folder holds anything already, and with the system's own error where it cannot be written. */
export async function writeProject(folder: string, stackName: string, synth: SynthResult): Promise<void> {
  await mkdir(folder, { recursive: true });
  const found = await readdir(folder);
  if (found.length > 0) throw notEmpty(folder, found.length);
  for (const [path, text] of projectFiles(stackName, synth)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeAtomically(join(folder, path), text);
  }
}

function notEmpty(folder: string, entries: number): InputError {
  return new InputError([
    {
      code: 'deploy/folder-not-empty',
      path: '--project',
      received: folder,
      allowed: 'a folder that is empty or does not exist',
      message: `the folder holds ${entries === 1 ? 'a file' : `${entries} files`} already; nothing was written`,
    },
  ]);
}
