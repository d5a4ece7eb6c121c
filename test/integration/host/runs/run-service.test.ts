import { describe, expect, it } from 'vitest';
import { validateDocument } from '#analysis/validate.ts';
import * as catalog from '#catalog/specs.ts';
import { startRun } from '#host/runs/run-service.ts';
import { startWorkerRun } from '#host/runs/worker-run.ts';
import type { CaudalDocument } from '#schema/document.ts';
import type { RunProgress } from '#schema/worker-messages.ts';
import { queue } from '#test/integration/cli/caudal.ts';

function documentOf(changes: Readonly<Record<string, unknown>>): CaudalDocument {
  const validated = validateDocument(queue(changes), catalog);
  if ('faults' in validated) throw new Error(JSON.stringify(validated.faults));
  return validated.document;
}

/** Long enough to be interrupted: a month. */
const long = { run: { horizonSeconds: 2_628_000, preRollSeconds: 0, seed: 7 } };

function nextProgress(listen: (hear: (progress: RunProgress) => void) => void): Promise<RunProgress> {
  return new Promise((resolve) => listen(resolve));
}

describe('startRun', () => {
  it('reports what the worker returned, with a digest', async () => {
    const { report, cancelled } = await startRun(documentOf({})).finished;
    expect(cancelled).toBe(false);
    expect(report.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(report.objectives.map(({ pass }) => pass)).toEqual([true, true]);
    expect(report.nodes['server']?.series[0]?.values).toBeInstanceOf(Float64Array);
  });

  it('runs a second time without faults, where there are faults', async () => {
    const faults = [{ id: 'dead', kind: 'outage', node: 'server', startSeconds: 60, durationSeconds: 60 }];
    let second = 0;
    const onSecondRun = () => {
      second += 1;
    };
    const { report } = await startRun(documentOf({ faults }), { onSecondRun }).finished;
    expect(second).toBe(1);
    expect(report.log.some(({ text }) => text.includes('your fault “dead” begins: an outage'))).toBe(true);
  });

  it('ends early when cancelled, and still reports', async () => {
    let hear: (progress: RunProgress) => void = () => undefined;
    const run = startRun(documentOf(long), { onProgress: (progress) => hear(progress) });
    await nextProgress((resolve) => {
      hear = resolve;
    });
    run.cancel();
    const { report, cancelled } = await run.finished;
    expect(cancelled).toBe(true);
    expect(report.ledger.created).toBeGreaterThan(0);
  });
});

describe('startWorkerRun', () => {
  it('stands still while paused and goes on when resumed', async () => {
    const document = documentOf(long);
    let hear: (progress: RunProgress) => void = () => undefined;
    const run = startWorkerRun(
      document,
      { seed: 1, horizonSeconds: 2_628_000, preRollSeconds: 0, fidelity: 'exact' },
      { onProgress: (progress) => hear(progress) },
    );
    await nextProgress((resolve) => {
      hear = resolve;
    });
    run.pause();
    let heard = 0;
    hear = () => {
      heard += 1;
    };
    // Progress comes every 100 ms: one message may be under way when the pause begins.
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(heard).toBeLessThanOrEqual(1);
    const resumed = nextProgress((resolve) => {
      hear = resolve;
    });
    run.resume();
    expect((await resumed).simulatedSeconds).toBeGreaterThan(0);
    run.cancel();
    expect((await run.finished).result.cancelled).toBe(true);
  });

  it('fails with the fault of the model when it cannot be built', async () => {
    const document = documentOf({});
    const broken = { ...document, edges: document.edges.map((edge) => ({ ...edge, port: 'nowhere' })) };
    const run = startWorkerRun(broken, { seed: 1, horizonSeconds: 60, preRollSeconds: 0, fidelity: 'exact' });
    await expect(run.finished).rejects.toThrow('names a port that does not exist');
  });
});
