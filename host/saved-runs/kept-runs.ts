/** The newest run of each window, so that it can be saved, and the newest measured one; one that was opened from a file counts as well. */
import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import type { FileWriter } from '#host/files/save.ts';
import type { WindowSeat } from '#host/documents/window-seat.ts';
import type { StartFolder } from '#host/router/start-folder.ts';
import type { CaudalDocument } from '#schema/document.ts';
import { InputError } from '#schema/errors.ts';
import type { RunOpened, RunSaved } from '#schema/rpc.ts';
import { savedRunEnding } from '#schema/saved-run.ts';
import { type KeptRun, type OpenedRun, openRunBytes, readRunFile, writeRunFile } from './run-files.ts';

/** Where a run to open is: a file of the start folder, or bytes that were dropped on the window. */
export type RunPlace = { readonly path: string } | { readonly name: string; readonly bytes: Uint8Array };

export class KeptRuns {
  private readonly folder: StartFolder;
  private readonly files: FileWriter | undefined;
  /** By origin. */
  private readonly newest = new WeakMap<WindowSeat, Map<string, { readonly runId: string; readonly kept: KeptRun }>>();

  constructor(folder: StartFolder, files?: FileWriter) {
    this.folder = folder;
    this.files = files;
  }

  /** Takes the place of the run of this origin that the window had before. */
  keep(seat: WindowSeat, runId: string, kept: KeptRun): void {
    const runs = this.newest.get(seat) ?? new Map<string, { readonly runId: string; readonly kept: KeptRun }>();
    this.newest.set(seat, runs.set(kept.origin.origin, { runId, kept }));
  }

  async save(seat: WindowSeat, runId: string, path: string, overwrite: boolean): Promise<RunSaved> {
    const kept = this.find(seat, runId);
    const file = await this.folder.locateTarget(path, savedRunEnding);
    const name = this.folder.shown(file);
    const isThere = await stat(file).then(
      () => true,
      () => false,
    );
    if (isThere && !overwrite) {
      throw refused('file/exists', `${name} exists already; save again to replace it, or choose another name`);
    }
    await writeRunFile(file, kept, { name, ...(this.files === undefined ? {} : { files: this.files }) });
    return { path: name };
  }

  /** `present`: what this window would run now. */
  async open(seat: WindowSeat, place: RunPlace, present: CaudalDocument | undefined): Promise<RunOpened> {
    const opened = await this.read(place);
    const runId = randomUUID();
    this.keep(seat, runId, opened);
    const { report, playback } = opened.run;
    return {
      runId,
      origin: opened.origin,
      name: 'path' in place ? place.path : place.name,
      isOfOpenDesign: present !== undefined && givesSameRun(opened.document, present),
      report,
      playback,
    };
  }

  /** The design of the run that a window names. */
  documentOf(seat: WindowSeat, runId: string): CaudalDocument {
    return this.find(seat, runId).document;
  }

  private async read(place: RunPlace): Promise<OpenedRun> {
    if ('bytes' in place) return await openRunBytes(place.bytes, place.name);
    const file = await this.folder.locate(place.path);
    return await readRunFile(file, this.folder.shown(file));
  }

  /** The run that a window names. Throws `run/not-kept`. */
  find(seat: WindowSeat, runId: string): KeptRun {
    const found = [...(this.newest.get(seat)?.values() ?? [])].find((one) => one.runId === runId);
    if (found !== undefined) return found.kept;
    throw refused('run/not-kept', 'Caudal does not have this run any more: run the design again, or read what was measured again, or open it from its file');
  }
}

/** True where the two designs give the same run: names, places and groups do not count. */
export function givesSameRun(a: CaudalDocument, b: CaudalDocument): boolean {
  return isDeepStrictEqual(whatRuns(a), whatRuns(b));
}

function whatRuns({ account, run, nodes, edges, workloads, faults, objectives }: CaudalDocument): unknown {
  const parts = nodes.map(({ id, type, config, outputs }) => ({ id, type, config, outputs }));
  return { account, run, nodes: parts, edges, workloads, faults, objectives };
}

function refused(code: string, message: string): InputError {
  return new InputError([{ code, path: '', message }]);
}
