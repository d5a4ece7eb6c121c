/** A run from pre-roll to result: what is recorded when, cancelling, partial results. */
import { describe, expect, it } from 'vitest';
import { buildModel } from '#engine/worker/model.ts';
import { collect, limitColumnsOf, runModel } from '#engine/worker/run.ts';
import { simulate } from '#engine/worker/simulate.ts';
import type { CaudalDocument } from '#schema/document.ts';
import { control, type RunOptions, type WorkerMessage } from '#schema/worker-messages.ts';
import { openDocument, runDocument } from '#test/harness/scenario.ts';

/** A source of 20 paced records a second and a service of 100 ms each, on as many servers as given. */
function documentOf(servers = 4, recordsPerSecond = 20, config: Record<string, unknown> = {}): CaudalDocument {
  return openDocument({
    schemaVersion: 1,
    name: 'test',
    nodes: [
      { id: 'source', type: 'traffic-source', outputs: [{ id: 'out', emit: { maxAttempts: 1, callLatencyMs: 0 } }] },
      {
        id: 'service',
        type: 'custom-service',
        config: { servers, serviceTimeLaw: 'deterministic', meanServiceTimeMs: 100, ...config },
      },
    ],
    edges: [{ id: 'edge', source: 'source', output: 'out', target: 'service', port: 'requests' }],
    workloads: [
      {
        id: 'load',
        node: 'source',
        arrivals: { kind: 'constant', recordsPerSecond, spacing: 'paced' },
        recordSize: { kind: 'constant', bytes: 100 },
        partitionKey: { kind: 'uniform', keys: 10 },
      },
    ],
  });
}

const options: RunOptions = { seed: 1, horizonSeconds: 30, preRollSeconds: 0, fidelity: 'exact' };

describe('a run', () => {
  it('counts exactly what a paced load brings', () => {
    const { result } = runDocument(documentOf(), options);
    expect(result.ledger).toMatchObject({ carriedIn: 0, created: 600, delivered: 599, inside: 1 });
    expect(result.nodes['source']!.ledger).toMatchObject({ created: 600, out: 600, inside: 0 });
    expect(result.nodes['service']!.ledger).toMatchObject({ in: 600, delivered: 599, inside: 1 });
    expect(result.edges['edge']).toMatchObject({ records: 600, requests: 600, bytes: 60_000, refused: 0 });
    expect(result.paths).toHaveLength(1);
    expect(result.paths[0]).toMatchObject({ source: 'source', sink: 'service', count: 599 });
  });

  it('records from time zero on: the pre-roll leaves what is inside, a level and nothing else', () => {
    const { result } = runDocument(documentOf(), { ...options, preRollSeconds: 10 });
    // The record of -100 ms is delivered at time zero itself, that of 29.9 s at the horizon itself: both count.
    expect(result.ledger).toMatchObject({ carriedIn: 2, created: 600, delivered: 601, inside: 1 });
    expect(result.edges['edge']!.records).toBe(600);
    const utilisation = result.nodes['service']!.metrics['Utilisation']!;
    expect(utilisation.mean).toBeCloseTo(50, 9);
    expect(result.paths[0]!.count).toBe(601);
    expect(result.log).toEqual([]);
  });

  it('puts its options and its horizon into the result', () => {
    const { result } = runDocument(documentOf(), { ...options, seed: 9, preRollSeconds: 2 });
    expect(result).toMatchObject({
      scenario: 'test',
      seed: 9,
      horizonSeconds: 30,
      preRollSeconds: 2,
      cancelled: false,
    });
  });

  it('summarises limits and gives their columns over the horizon', () => {
    const model = buildModel(documentOf(2), options);
    const { cancelled } = runModel(model);
    const { limits } = collect(model, cancelled);
    expect(limits).toHaveLength(1);
    expect(limits[0]).toMatchObject({ id: 'servers', node: 'service', capacity: 2, peakRatio: 1, refused: 0 });
    const [columns] = limitColumnsOf(model);
    expect([columns!.id, columns!.node]).toEqual(['servers', 'service']);
    expect(columns!.ratios.length * columns!.binSeconds).toBeGreaterThanOrEqual(30);
    expect([...columns!.ratios].every((ratio) => ratio === 1)).toBe(true);
  });

  it('loses a record that finds the service full, with the reason, and says so once', () => {
    const { result } = runDocument(documentOf(1, 20, { queueLimit: 0 }), options);
    expect(result.ledger.droppedBy).toEqual({ 'send-attempts-exhausted': result.ledger.dropped });
    expect(result.ledger.dropped).toBe(300);
    expect(result.edges['edge']).toMatchObject({ refused: 300, dropped: 300 });
    expect(result.log.map(({ t, code, params }) => [t, code, params])).toEqual([
      [0.05, 'custom-service/refusing', { servers: 1 }],
    ]);
  });

  it('tells of an episode that the pre-roll has begun with its first refusal after time zero', () => {
    const { result } = runDocument(documentOf(1, 20, { queueLimit: 0 }), { ...options, preRollSeconds: 5 });
    expect(result.log.map(({ t, code }) => [t, code])).toEqual([[0.05, 'custom-service/refusing']]);
  });
});

describe('cancelling', () => {
  /** Stops at the first slice whose time is at least the one given. */
  function cancelledAt(seconds: number, preRollSeconds: number) {
    const document = documentOf(400, 2000);
    const model = buildModel(document, { ...options, horizonSeconds: 600, preRollSeconds });
    const outcome = runModel(model, (nowUs) => nowUs < seconds * 1_000_000);
    return { model, outcome, result: collect(model, outcome.cancelled) };
  }

  it('in mid-run gives a result that balances and says that it was cancelled', () => {
    const { outcome, result, model } = cancelledAt(20, 0);
    expect(outcome.cancelled).toBe(true);
    expect(result.cancelled).toBe(true);
    expect(result.ledger.created).toBeGreaterThan(30_000);
    expect(result.ledger.created).toBeLessThan(100_000);
    expect(model.kernel.nowUs).toBeLessThan(60_000_000);
    // Means are those of the time that was simulated: 2,000 records/s.
    expect(result.nodes['source']!.metrics['RecordsCreated']!.mean).toBeCloseTo(2000, -1);
    expect(result.nodes['service']!.metrics['Utilisation']!.mean).toBeCloseTo(50, 0);
  });

  it('in the pre-roll gives a result in which nothing has happened yet', () => {
    const { outcome, result } = cancelledAt(-50, 60);
    expect(outcome.cancelled).toBe(true);
    expect(result.ledger).toMatchObject({ created: 0, delivered: 0, dropped: 0 });
    expect(result.ledger.carriedIn).toBe(result.ledger.inside);
    expect(result.paths).toEqual([]);
  });
});

describe('simulate', () => {
  it('measures itself and posts nothing for a run that is over at once', () => {
    const messages: WorkerMessage[] = [];
    const output = simulate({ document: documentOf(), options, control: new SharedArrayBuffer(4) }, (message) =>
      messages.push(message),
    );
    expect(messages).toEqual([]);
    expect(output.measurement.events).toBeGreaterThan(1000);
    expect(output.measurement.eventsPerSecond).toBeGreaterThan(0);
    expect(output.measurement.peakRssBytes).toBeGreaterThan(10_000_000);
    expect(output.limitColumns).toHaveLength(1);
  });

  it('stops when the control word says so, also in the middle', () => {
    const word = new SharedArrayBuffer(4);
    new Int32Array(word)[0] = control.cancel;
    const { result } = simulate(
      { document: documentOf(400, 2000), options: { ...options, horizonSeconds: 1000 }, control: word },
      () => undefined,
    );
    expect(result.cancelled).toBe(true);
    expect(result.ledger.created).toBeLessThan(100_000);
  });

  it('says in its warnings when the finest fidelity was used though another was allowed', () => {
    const request = { document: documentOf(), control: new SharedArrayBuffer(4) };
    const exact = simulate({ ...request, options }, () => undefined);
    expect(exact.result.fidelity).toEqual({ mode: 'exact', quantumSeconds: 0, warnings: [] });
  });
});
