/** Same document and seed, same bytes: alone, again, in a thread of its own, and whatever is changed later or elsewhere. */
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stableJson } from '#analysis/stable-json.ts';
import { localPool, type RunPool } from '#experiments/run-pool.ts';
import type { CaudalDocument } from '#schema/document.ts';
import type { NodeResult, RawResult } from '#schema/result.ts';
import type { RunOptions, WorkerMessage } from '#schema/worker-messages.ts';
import { openDocument, runDocument } from '#test/harness/scenario.ts';
import {
  components,
  drawConfig,
  drawDocument,
  drawFault,
  loadFaults,
  showing,
  type WrittenDocument,
} from '#test/property/random-document.ts';

function optionsOf({ run }: CaudalDocument): RunOptions {
  const { seed, horizonSeconds, preRollSeconds } = run;
  return { seed, horizonSeconds, preRollSeconds, fidelity: 'exact' };
}

/** A thread that runs one request after the other. */
class Thread {
  private readonly worker = new Worker(new URL('../../../../engine/worker/from-source.mjs', import.meta.url));

  run(document: CaudalDocument): Promise<RawResult> {
    return new Promise((resolve, reject) => {
      const listen = (message: WorkerMessage): void => {
        if (message.kind === 'done') resolve(message.output.result);
        else if (message.kind === 'failed') reject(new Error(JSON.stringify(message.error)));
        else return;
        this.worker.off('message', listen);
      };
      this.worker.on('message', listen);
      this.worker.removeAllListeners('error').once('error', reject);
      this.worker.postMessage({ document, options: optionsOf(document), control: new SharedArrayBuffer(4) });
    });
  }

  end(): Promise<number> {
    return this.worker.terminate();
  }
}

const withoutSeries = (result: RawResult): RawResult => ({
  ...result,
  nodes: Object.fromEntries(
    Object.entries(result.nodes).map(([id, node]): [string, NodeResult] => [id, { ...node, series: [] }]),
  ),
});

describe('the same document and seed', () => {
  let thread: Thread;
  let pool: RunPool;

  beforeAll(() => {
    thread = new Thread();
    pool = localPool(2);
  });

  afterAll(async () => {
    await Promise.all([thread.end(), pool.close()]);
  });

  it('give the same result twice in one process, in a thread and in a pool', async () => {
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (g) => {
        const { document } = drawDocument(g);
        const first = runDocument(document).result;
        const expected = stableJson(first);
        expect(stableJson(runDocument(document).result)).toBe(expected);
        const task = { document, options: optionsOf(document) };
        const [inThread, ...inPool] = await Promise.all([thread.run(document), pool.run(task), pool.run(task)]);
        expect(stableJson(inThread)).toBe(expected);
        for (const { result } of inPool) expect(stableJson(result)).toBe(stableJson(withoutSeries(first)));
      }),
      { numRuns: 25 },
    );
  }, 60_000);

  it('give another result with another seed', () => {
    fc.assert(
      fc.property(fc.gen(), (g) => {
        const { written } = drawDocument(g, 3);
        for (const workload of written.workloads) workload['arrivals'] = { kind: 'poisson', recordsPerSecond: 20 };
        const document = openDocument({ ...written, faults: [] });
        const seed = (document.run.seed + 1) % 2 ** 32;
        const [one, other] = [runDocument(document).result, runDocument(document, { seed }).result];
        expect(stableJson({ ...other, seed: one.seed })).not.toBe(stableJson(one));
      }),
      { numRuns: 25 },
    );
  });
});

/** What a run shows of the time before `beforeSeconds`. */
function past(result: RawResult, beforeSeconds: number): object {
  return {
    series: Object.entries(result.nodes).map(([id, { series }]) => [
      id,
      series.map(({ metric, stepSeconds, startSeconds, values, maxima }) => {
        const bins = Math.floor((beforeSeconds - startSeconds) / stepSeconds);
        return [metric, Array.from(values.slice(0, bins)), Array.from((maxima ?? values).slice(0, bins))];
      }),
    ]),
    log: result.log.filter(({ t }) => t < beforeSeconds),
  };
}

describe('a fault', () => {
  it('leaves everything before it as it was', () => {
    fc.assert(
      fc.property(fc.gen(), (g) => {
        const { written, document } = drawDocument(g);
        const startSeconds = g(fc.constantFrom, 1, 3, 7.25, 12, 20.6);
        const fault = drawFault(g, written, 'later', startSeconds);
        const broken = openDocument({ ...withKept(written), faults: [...written.faults, fault] });
        // What changes the load does so in whole cells of a second.
        const whole = loadFaults.includes(String(fault['kind'])) ? Math.floor(startSeconds) : startSeconds;
        const before = past(runDocument(document).result, whole);
        showing({ ...written, fault }, () => expect(past(runDocument(broken).result, whole)).toEqual(before));
      }),
      { numRuns: 60 },
    );
  });

  it('that ended before the run began changes nothing', () => {
    fc.assert(
      fc.property(fc.gen(), (g) => {
        const { written, document } = drawDocument(g, 4);
        const fault = { ...drawFault(g, written, 'long-ago', -500), durationSeconds: 60 };
        const other = openDocument({ ...withKept(written), faults: [...written.faults, fault] });
        showing({ ...written, fault }, () =>
          expect(stableJson(runDocument(other).result)).toBe(stableJson(runDocument(document).result)),
        );
      }),
      { numRuns: 25 },
    );
  });
});

function withKept(written: WrittenDocument): WrittenDocument {
  return JSON.parse(JSON.stringify(written)) as WrittenDocument;
}

/** Records created, as series and sum, by node. */
function arrivals(result: RawResult): object {
  return Object.entries(result.nodes).flatMap(([id, { ledger, metrics, series }]) =>
    ledger.created === 0
      ? []
      : [
          [
            id,
            ledger.created,
            metrics,
            series.filter(({ metric }) => metric.endsWith('Created')).map(({ values }) => [...values]),
          ],
        ],
  );
}

const createdOnly = (result: RawResult): unknown =>
  (arrivals(result) as [string, number, Record<string, unknown>, number[][]][]).map(
    ([id, created, metrics, series]) => [id, created, metrics['RecordsCreated'], metrics['BytesCreated'], series],
  );

describe('common random numbers', () => {
  it('keep the arrivals as they are when a setting elsewhere changes', () => {
    fc.assert(
      fc.property(fc.gen(), (g) => {
        const { written, document } = drawDocument(g);
        const other = withKept(written);
        for (const node of other.nodes) {
          const { declaration } = components.get(node.type)!;
          if (declaration.ports.some(({ load }) => load === true)) continue;
          node.config = drawConfig(g, declaration.config);
        }
        const changed = tryOpen(other);
        fc.pre(changed !== undefined);
        showing({ written, other }, () =>
          expect(createdOnly(runDocument(changed).result)).toEqual(createdOnly(runDocument(document).result)),
        );
      }),
      { numRuns: 30 },
    );
  });
});

function tryOpen(written: WrittenDocument): CaudalDocument | undefined {
  try {
    return openDocument(written);
  } catch {
    return undefined;
  }
}
