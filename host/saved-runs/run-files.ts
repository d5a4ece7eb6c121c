/** Runs as files: written so that no crash leaves half of one, and read back with their design checked. */
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { rateTable } from '#catalog/pricing/rates.ts';
import * as catalog from '#catalog/specs.ts';
import { validateDocument } from '#analysis/validate.ts';
import { type FileWriter, writeAtomically } from '#host/files/save.ts';
import { readBytes } from '#host/files/read-text.ts';
import type { FinishedRun } from '#host/runs/run-service.ts';
import { productVersion } from '#host/serve/product-version.ts';
import type { CaudalDocument } from '#schema/document.ts';
import { EnvironmentError, InputError } from '#schema/errors.ts';
import type { SavedRun, SavedRunHead } from '#schema/saved-run.ts';
import { beginsAsSavedRun, savedRunEnding, savedRunHeadBytes, savedRunLimits } from '#schema/saved-run.ts';
import { readRunBytes, runBytes, type RunOrigin } from './run-bytes.ts';

/** A run that can be saved, wherever it comes from. */
export interface KeptRun {
  /** Valid and complete, with the counts of its traces. */
  readonly document: CaudalDocument;
  readonly run: Omit<SavedRun, 'document'>;
  /** Where it is from; without the moment of saving while it was never saved. */
  readonly origin: Omit<RunOrigin, 'savedAt'> & { readonly savedAt?: string };
}

export interface OpenedRun extends KeptRun {
  readonly origin: SavedRunHead;
}

/** A run of this Caudal that went to its end. `document`: what was run. */
export function keptRun(document: CaudalDocument, { report, output }: FinishedRun): KeptRun {
  return {
    document,
    run: { report, playback: output.playback, usage: output.result.usage },
    origin: {
      origin: 'simulated',
      engineVersion: productVersion(),
      ratesDate: ratesDateOf(document, report.cost.lines),
    },
  };
}

/** Newest date among the prices of a bill; of the whole table where the bill is empty. */
function ratesDateOf({ account }: CaudalDocument, lines: readonly { readonly rateDate: string }[]): string {
  const dates = lines.map(({ rateDate }) => rateDate).sort();
  return dates.at(-1) ?? rateTable(account.region).date;
}

/** Writes a run to a file, in place of what is there. Throws InputError or EnvironmentError; `name` is what they call it. */
export async function writeRunFile(
  file: string,
  { document, run, origin }: KeptRun,
  options: { readonly name?: string; readonly files?: FileWriter } = {},
): Promise<void> {
  const savedAt = new Date().toISOString();
  await writeAtomically(file, await runBytes({ document, ...run }, { ...origin, savedAt }), options);
}

/** Reads a run. Throws InputError that says what is wrong with the file, or EnvironmentError. */
export async function readRunFile(file: string, name = file): Promise<OpenedRun> {
  return await openRunBytes(await readBytes(file, savedRunLimits.bytes), name);
}

/** As `readRunFile`, for bytes that were read elsewhere. */
export async function openRunBytes(bytes: Uint8Array, name: string): Promise<OpenedRun> {
  const { head, run } = await readRunBytes(bytes, name);
  const validated = validateDocument(run.document, catalog);
  if ('faults' in validated) {
    const message = `the design in ${name} is none that this version of Caudal can open: it was saved by ${head.engineVersion}`;
    throw new InputError([
      { code: 'run/unknown-design', path: '', message },
      ...validated.faults.map(({ pointer: _, ...fault }) => fault),
    ]);
  }
  const { document: _, ...rest } = run;
  return { document: validated.document, run: rest, origin: head };
}

/** Throws where a run could not, or should not, be written to the file: before the run, which may take long. */
export async function checkRunTarget(file: string): Promise<void> {
  if (!file.endsWith(savedRunEnding)) {
    throw refused('run/wrong-ending', `${file} is no name for a saved run; end it with ${savedRunEnding}`);
  }
  const folder = await stat(dirname(file)).catch(() => undefined);
  if (folder?.isDirectory() !== true) {
    throw new EnvironmentError('file/no-folder', `${file} cannot be written: the folder does not exist`);
  }
  const found = await stat(file).catch(() => undefined);
  if (found?.isDirectory() === true) throw new EnvironmentError('file/is-a-folder', `${file} is a folder`);
  if (found === undefined || !found.isFile() || (await isRunFile(file))) return;
  throw refused('file/exists', `${file} exists already and is no saved run; remove it, or choose another name`);
}

/** True where the file begins as a saved run does, whatever its name. */
async function isRunFile(file: string): Promise<boolean> {
  try {
    return beginsAsSavedRun(await readBytes(file, savedRunHeadBytes, 'beginning'));
  } catch {
    return false;
  }
}

function refused(code: string, message: string): InputError {
  return new InputError([{ code, path: '', message }]);
}
