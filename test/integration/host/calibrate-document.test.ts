import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { calibrateDocument } from '#host/deployments/calibrate-document.ts';
import { measuredRun } from '#host/deployments/measured-run.ts';
import { openDocument } from '#host/files/open.ts';
import { startWorkerRun } from '#host/runs/worker-run.ts';
import { keptRun, type OpenedRun, readRunFile, writeRunFile } from '#host/saved-runs/run-files.ts';
import { startRun } from '#host/runs/run-service.ts';
import type { CaudalDocument } from '#schema/document.ts';

const folder = mkdtempSync(join(tmpdir(), 'caudal-calibrate-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const HORIZON_SECONDS = 60;

/** The first chain, for a minute. */
async function chain(...settings: readonly string[]): Promise<CaudalDocument> {
  const load = 'workloads.visitors.arrivals';
  const { runnable } = await openDocument('scenarios/walking-skeleton/scenario.caudal.json', [
    `${load}.fromRecordsPerSecond=20`,
    `${load}.toRecordsPerSecond=100`,
    `${load}.startSeconds=0`,
    `${load}.durationSeconds=${HORIZON_SECONDS}`,
    `run.horizonSeconds=${HORIZON_SECONDS}`,
    'run.preRollSeconds=0',
    ...settings,
  ]);
  return runnable;
}

/** What AWS would have measured if these were the true settings: another seed's series, saved as a measured run. */
async function measuredOf(truth: CaudalDocument, name: string): Promise<OpenedRun> {
  const options = { seed: 4711, horizonSeconds: HORIZON_SECONDS, preRollSeconds: 0, fidelity: 'exact' as const };
  const { result } = await startWorkerRun(truth, options).finished;
  const nodes = Object.fromEntries(Object.entries(result.nodes).map(([id, { series }]) => [id, series]));
  const file = join(folder, `${name}.caudal-run`);
  await writeRunFile(file, await measuredRun(truth, nodes, HORIZON_SECONDS));
  return readRunFile(file);
}

describe('calibrating to a measured run', () => {
  it('comes closer in runs of their own threads, with the mean of several seeds', async () => {
    const put = 'nodes.clicks.config.putLatencyMs';
    const measured = await measuredOf(await chain(`${put}=32`), 'latency');
    expect(measured.origin.origin).toBe('measured');
    const trials: number[] = [];
    const { errorBefore, errorAfter, runs } = await calibrateDocument(await chain(`${put}=16`), measured, {
      seeds: 2,
      mostRuns: 8,
      onRun: (run) => trials.push(run),
    });
    expect(errorAfter).toBeLessThan(errorBefore);
    expect(runs).toBeLessThanOrEqual(8);
    expect(trials).toHaveLength(runs);
  });

  it('fails against a simulated run, and against one of another design', async () => {
    const document = await chain('run.horizonSeconds=5');
    const file = join(folder, 'simulated.caudal-run');
    await writeRunFile(file, keptRun(document, await startRun(document).finished));
    const simulated = await readRunFile(file);
    const settings = { seeds: 1, mostRuns: 3 };
    await expect(calibrateDocument(document, simulated, settings)).rejects.toThrow('is a simulated run');
    const other = { ...simulated, origin: { ...simulated.origin, origin: 'measured' as const } };
    const renamed = {
      ...document,
      nodes: document.nodes.map((node) => (node.id === 'orders' ? { ...node, id: 'jobs' } : node)),
    };
    await expect(calibrateDocument(renamed, other, settings)).rejects.toThrow('it has no jobs');
  });
});
