/** The worker thread as the application uses it: one run after the other, progress, pause and cancel from outside. */
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stableJson } from '#analysis/stable-json.ts';
import type { CaudalDocument } from '#schema/document.ts';
import { control, type RunOptions, type RunOutput, type WorkerMessage } from '#schema/worker-messages.ts';
import { openDocument, runDocument } from '#test/harness/scenario.ts';

function documentOf(recordsPerSecond: number): CaudalDocument {
  return openDocument({
    schemaVersion: 1,
    name: 'test',
    nodes: [
      { id: 'source', type: 'traffic-source', outputs: [{ id: 'out' }] },
      { id: 'service', type: 'custom-service', config: { servers: 50 } },
    ],
    edges: [{ id: 'edge', source: 'source', output: 'out', target: 'service', port: 'requests' }],
    workloads: [
      {
        id: 'load',
        node: 'source',
        arrivals: { kind: 'poisson', recordsPerSecond },
        recordSize: { kind: 'constant', bytes: 100 },
        partitionKey: { kind: 'uniform', keys: 10 },
      },
    ],
  });
}

describe('the worker thread', () => {
  let worker: Worker;

  beforeAll(() => {
    worker = new Worker(new URL('../../../../engine/worker/from-source.mjs', import.meta.url));
  });

  afterAll(async () => {
    await worker.terminate();
  });

  /** Posts a request; every message but the last is handed to `onMessage`. */
  function run(
    document: CaudalDocument,
    options: RunOptions,
    word: SharedArrayBuffer,
    onMessage: (message: WorkerMessage) => void = () => undefined,
  ): Promise<RunOutput> {
    return new Promise((resolve, reject) => {
      const listen = (message: WorkerMessage): void => {
        if (message.kind === 'done') resolve(message.output);
        else if (message.kind === 'failed') reject(new Error(message.error.message));
        else {
          onMessage(message);
          return;
        }
        worker.off('message', listen);
      };
      worker.on('message', listen);
      worker.postMessage({ document, options, control: word });
    });
  }

  const options: RunOptions = { seed: 3, horizonSeconds: 60, preRollSeconds: 5, fidelity: 'exact' };

  it('returns what a run in this thread returns, with series as typed arrays', async () => {
    const document = documentOf(50);
    const output = await run(document, options, new SharedArrayBuffer(4));
    expect(stableJson(output.result)).toBe(stableJson(runDocument(document, options).result));
    expect(output.result.nodes['service']!.series[0]!.values).toBeInstanceOf(Float64Array);
    expect(output.limitColumns[0]!.ratios).toBeInstanceOf(Float64Array);
  }, 30_000);

  it('tells of its progress, rests while it is paused and ends early when it is cancelled', async () => {
    const shared = new SharedArrayBuffer(4);
    const word = new Int32Array(shared);
    const times: number[] = [];
    let rested = false;
    // A worker that goes on tells of its progress ten times a second: ten looks without news mean that it rests.
    const cancelWhenResting = (seen: number, quietLooks: number): void => {
      rested = quietLooks === 10;
      if (rested) {
        Atomics.store(word, 0, control.cancel);
        Atomics.notify(word, 0);
      } else setTimeout(() => cancelWhenResting(times.length, times.length === seen ? quietLooks + 1 : 0), 100);
    };
    const output = await run(
      documentOf(5000),
      { ...options, preRollSeconds: 0, horizonSeconds: 1e6 },
      shared,
      (message) => {
        if (message.kind !== 'progress') return;
        times.push(message.simulatedSeconds);
        if (times.length !== 2) return;
        Atomics.store(word, 0, control.pause);
        cancelWhenResting(times.length, 0);
      },
    );
    expect(output.result.cancelled).toBe(true);
    expect(output.result.ledger.created).toBeGreaterThan(0);
    expect(times.every((time, i) => i === 0 || time > times[i - 1]!)).toBe(true);
    expect(rested).toBe(true);
  }, 30_000);

  it('reports a run that breaks and takes the next one', async () => {
    const broken = { ...documentOf(10), edges: [{ ...documentOf(10).edges[0]!, target: 'nowhere' }] };
    await expect(run(broken, options, new SharedArrayBuffer(4))).rejects.toThrow(/nowhere/);
    const { result } = await run(documentOf(10), options, new SharedArrayBuffer(4));
    expect(result.ledger.created).toBeGreaterThan(0);
  }, 30_000);
});
