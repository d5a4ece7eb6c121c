import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as catalog from '#catalog/specs.ts';
import { validateDocument } from '#analysis/validate.ts';
import { WindowSeat } from '#host/documents/window-seat.ts';
import { StartFolder } from '#host/router/start-folder.ts';
import { startRun } from '#host/runs/run-service.ts';
import { givesSameRun, KeptRuns } from '#host/saved-runs/kept-runs.ts';
import { keptRun } from '#host/saved-runs/run-files.ts';
import type { CaudalDocument } from '#schema/document.ts';
import { queue } from '#test/integration/cli/caudal.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'caudal-kept-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

function design(): CaudalDocument {
  const validated = validateDocument(queue({ run: { horizonSeconds: 30, preRollSeconds: 0, seed: 3 } }), catalog);
  if ('faults' in validated) throw new Error(JSON.stringify(validated.faults));
  return validated.document;
}

describe('the newest run of a window', () => {
  it('is written whole and read back equal, in its own window only', async () => {
    const runs = new KeptRuns(await StartFolder.open(folder));
    const seat = new WindowSeat();
    const document = design();
    const kept = keptRun(document, await startRun(document).finished);
    runs.keep(seat, 'one', kept);
    expect(await runs.save(seat, 'one', 'queue', false)).toEqual({ path: 'queue.caudal-run' });
    await expect(runs.save(new WindowSeat(), 'one', 'other', false)).rejects.toThrow('run/not-kept');
    await expect(runs.save(seat, 'one', 'queue.caudal-run', false)).rejects.toThrow('file/exists');
    await runs.save(seat, 'one', 'queue.caudal-run', true);
    expect(await readdir(folder)).toEqual(['queue.caudal-run']);

    const other = new WindowSeat();
    const opened = await runs.open(other, { path: 'queue.caudal-run' }, document);
    expect(opened).toMatchObject({ isOfOpenDesign: true, name: 'queue.caudal-run' });
    expect(opened.report).toEqual(kept.run.report);
    expect(opened.playback).toEqual(kept.run.playback);
    expect(runs.documentOf(other, opened.runId)).toEqual(document);
    // What was opened can be saved again, and still says who made it.
    await runs.save(other, opened.runId, 'again', false);
    const bytes = new Uint8Array(await readFile(join(folder, 'again.caudal-run')));
    const again = await runs.open(other, { name: 'dropped', bytes }, undefined);
    expect(again).toMatchObject({ isOfOpenDesign: false, name: 'dropped' });
    expect(again.origin).toMatchObject({
      engineVersion: opened.origin.engineVersion,
      ratesDate: opened.origin.ratesDate,
    });
    expect(again.report.digest).toBe(kept.run.report.digest);
  });

  it('fails to be opened from outside the folder, or when it is a document', async () => {
    const runs = new KeptRuns(await StartFolder.open(folder));
    await expect(runs.open(new WindowSeat(), { path: '../x.caudal-run' }, undefined)).rejects.toThrow(
      'file/outside-folder',
    );
    await writeFile(join(folder, 'queue.caudal-run'), JSON.stringify(queue()));
    await expect(runs.open(new WindowSeat(), { path: 'queue.caudal-run' }, undefined)).rejects.toThrow('run/not-a-run');
  });

  it('is of a design wherever that only looks different', () => {
    const document = design();
    const moved = { ...document, name: 'other', nodes: document.nodes.map((node) => ({ ...node, label: 'x' })) };
    expect(givesSameRun(document, moved)).toBe(true);
    expect(givesSameRun(document, { ...document, run: { ...document.run, seed: 4 } })).toBe(false);
  });
});
