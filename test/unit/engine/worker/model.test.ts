/** Builds models from documents: faults, calendar, quotas shared by the account, pre-roll, what is built for each edge. */
import { describe, expect, it } from 'vitest';
import { components } from '#catalog/specs.ts';
import type { Behavior } from '#engine/behavior.ts';
import type { Flow } from '#engine/flow/flow.ts';
import { buildModel, calendarOf } from '#engine/worker/model.ts';
import { runModel } from '#engine/worker/run.ts';
import type { CaudalDocument } from '#schema/document.ts';
import { openDocument, runDocument } from '#test/harness/scenario.ts';

type Plain = Record<string, unknown>;

/** A source and a service; `changes` replace top-level parts. */
function documentOf(
  changes: Plain = {},
  config: Plain = {},
  emit: Plain = { maxAttempts: 1, callLatencyMs: 0 },
): CaudalDocument {
  return openDocument({
    schemaVersion: 1,
    name: 'test',
    nodes: [
      { id: 'source', type: 'traffic-source', outputs: [{ id: 'out', emit }] },
      { id: 'service', type: 'custom-service', config: { servers: 10, serviceTimeLaw: 'deterministic', ...config } },
    ],
    edges: [{ id: 'edge', source: 'source', output: 'out', target: 'service', port: 'requests' }],
    workloads: [
      {
        id: 'load',
        node: 'source',
        arrivals: { kind: 'constant', recordsPerSecond: 10, spacing: 'paced' },
        recordSize: { kind: 'constant', bytes: 100 },
        partitionKey: { kind: 'uniform', keys: 10 },
      },
    ],
    ...changes,
  });
}

const options = { seed: 1, horizonSeconds: 60, preRollSeconds: 0, fidelity: 'exact' } as const;
const fault = (id: string, startSeconds: number, durationSeconds: number, what: Plain): Plain => ({
  id,
  node: 'service',
  startSeconds,
  durationSeconds,
  ...what,
});

/** The faults that the service sees at some simulated seconds. */
function faultsAt(document: CaudalDocument, seconds: readonly number[], preRollSeconds = 0) {
  const model = buildModel(document, { ...options, preRollSeconds });
  const service = model.parts[1] as Behavior;
  const seen: Plain[] = [];
  let state: Plain = {};
  const spied = service.fault?.bind(service);
  service.fault = (spec, active) => {
    spied?.(spec, active);
    state = { kind: spec.kind, active };
  };
  for (const part of model.parts) part.start?.();
  for (const at of seconds) {
    model.kernel.run(at * 1_000_000);
    seen.push(state);
  }
  return seen;
}

describe('faults', () => {
  it('tell the behaviour when they begin and when they end', () => {
    const document = documentOf({ faults: [fault('f', 10, 5, { kind: 'throttling', capacityRatio: 0.5 })] });
    expect(faultsAt(document, [9.9, 10, 14.9, 15])).toEqual([
      {},
      { kind: 'throttling', active: true },
      { kind: 'throttling', active: true },
      { kind: 'throttling', active: false },
    ]);
  });

  it('multiply where they overlap: factors, shares of capacity', () => {
    const served = (faults: Plain[]): number[] => {
      const document = documentOf(
        { faults, run: { seriesResolutionSeconds: 10 } },
        { servers: 1, meanServiceTimeMs: 100 },
      );
      const { result } = runDocument(document, options);
      const series = result.nodes['service']!.series.find(({ metric }) => metric === 'RecordsServed')!;
      return [...series.values];
    };
    // One server at 10 records/s: twice as slow serves 5 a second, four times as slow 2.5. The service that ends at the horizon
    // itself counts.
    const slow = { kind: 'latencyFactor', factor: 2 };
    expect(served([fault('a', 10, 40, slow), fault('b', 20, 20, slow)])).toEqual([99, 50, 25, 25, 50, 101]);
    const half = { kind: 'throttling', capacityRatio: 0.5 };
    expect(served([fault('a', 10, 40, half), fault('b', 20, 20, half)])).toEqual([99, 50, 25, 25, 50, 101]);
  });

  it('add up where errors overlap, as independent chances', () => {
    const faults = [
      fault('a', 0, 1000, { kind: 'errorRate', ratio: 0.5, per: 'invocation' }),
      fault('b', 0, 1000, { kind: 'errorRate', ratio: 0.5, per: 'invocation' }),
    ];
    const { result } = runDocument(documentOf({ faults }), { ...options, horizonSeconds: 1000 });
    const { dropped, created } = result.ledger;
    // Binomial with p = 3/4: five standard deviations, false alarm rate 6e-7.
    expect(Math.abs(dropped - 0.75 * created)).toBeLessThan(5 * Math.sqrt(created * 0.75 * 0.25));
  });

  it('that end while another lasts leave the other in force', () => {
    const faults = [fault('short', 10, 5, { kind: 'outage' }), fault('long', 12, 10, { kind: 'outage' })];
    const { result } = runDocument(documentOf({ faults }), options);
    // 10 records/s for the 12 s from 10 to 22, each given up after its only attempt.
    expect(result.ledger.droppedBy).toEqual({ 'send-attempts-exhausted': 120 });
  });

  it('that touch hand over without a gap, and without one that is too long', () => {
    const faults = [fault('a', 10, 5, { kind: 'outage' }), fault('b', 15, 5, { kind: 'outage' })];
    expect(runDocument(documentOf({ faults }), options).result.ledger.dropped).toBe(100);
  });

  it('are logged with their beginning and end', () => {
    const { result } = runDocument(documentOf({ faults: [fault('f', 10, 5, { kind: 'outage' })] }), options);
    expect(
      result.log.filter(({ code }) => code.startsWith('fault/')).map(({ t, node, code }) => [t, node, code]),
    ).toEqual([
      [10, 'service', 'fault/begins'],
      [15, 'service', 'fault/ends'],
    ]);
  });

  it('that began before the run hold from its first instant', () => {
    const document = documentOf({ faults: [fault('f', -100, 105, { kind: 'outage' })] });
    expect(runDocument(document, options).result.ledger.dropped).toBe(50);
    expect(runDocument(document, { ...options, preRollSeconds: 20 }).result.ledger).toMatchObject({
      dropped: 50,
      created: 600,
    });
  });

  it('may last beyond the horizon', () => {
    const document = documentOf({ faults: [fault('f', 50, 1e6, { kind: 'outage' })] });
    expect(runDocument(document, options).result.ledger.dropped).toBe(100);
  });

  it('poison as many records as they say, also where records are rare', () => {
    const poison = { id: 'p', node: 'source', startSeconds: 5, durationSeconds: 20, kind: 'poisonRecord', count: 3 };
    expect(runDocument(documentOf({ faults: [poison] }), options).result.ledger.droppedBy).toEqual({
      'processing-failed': 3,
    });
    const rare = documentOf({ faults: [poison] });
    const slow = {
      ...rare,
      workloads: rare.workloads.map((workload) => ({
        ...workload,
        arrivals: { kind: 'constant' as const, recordsPerSecond: 0.15, spacing: 'paced' as const },
      })),
    };
    expect(runDocument(slow, options).result.ledger.droppedBy).toEqual({ 'processing-failed': 3 });
  });
});

describe('the calendar', () => {
  it('knows the second of the day and the day of the week', () => {
    expect(calendarOf('2026-01-05T00:00:00')).toEqual({ startSecondsOfDay: 0, startDayOfWeek: 0 });
    expect(calendarOf('2026-11-21T13:05:09')).toEqual({ startSecondsOfDay: 47_109, startDayOfWeek: 5 });
    expect(calendarOf('2024-02-29T23:59:59')).toEqual({ startSecondsOfDay: 86_399, startDayOfWeek: 3 });
    expect(calendarOf('2027-01-01T06:00')).toEqual({ startSecondsOfDay: 21_600, startDayOfWeek: 4 });
  });

  it('agrees with the platform on every day of forty years', () => {
    for (let day = 0; day < 40 * 366; day += 1) {
      const date = new Date(Date.UTC(1999, 11, 25 + day));
      const text = date.toISOString().slice(0, 19);
      expect(calendarOf(text).startDayOfWeek, text).toBe((date.getUTCDay() + 6) % 7);
    }
  });

  it('moves a weekly load to the weekday on which the run begins', () => {
    const weekly = {
      kind: 'weekly',
      recordsPerWeek: 604_800,
      dayWeights: [0, 0, 0, 0, 0, 1, 0],
      shape: Array.from({ length: 24 }, () => 1),
    };
    const created = (startsAt: string): number => {
      const base = documentOf();
      const document = openDocument({
        ...base,
        account: { startsAt },
        workloads: base.workloads.map((workload) => ({ ...workload, arrivals: weekly })),
      });
      return runDocument(document, options).result.ledger.created;
    };
    expect(created('2026-11-20T12:00:00')).toBe(0);
    expect(created('2026-11-21T12:00:00')).toBeGreaterThan(300);
  });
});

describe('the account', () => {
  const functions = (quotas: Plain): CaudalDocument =>
    openDocument({
      schemaVersion: 1,
      name: 'two functions',
      account: { quotas },
      nodes: [
        { id: 'source', type: 'traffic-source', outputs: [{ id: 'out' }] },
        { id: 'one', type: 'lambda', config: { perInvocationMs: 2000 } },
        { id: 'two', type: 'lambda', config: { perInvocationMs: 2000 } },
      ],
      edges: ['one', 'two'].map((target) => ({
        id: `to-${target}`,
        source: 'source',
        output: 'out',
        target,
        port: 'events',
      })),
      workloads: [
        {
          id: 'load',
          node: 'source',
          arrivals: { kind: 'poisson', recordsPerSecond: 20 },
          recordSize: { kind: 'constant', bytes: 100 },
          partitionKey: { kind: 'uniform', keys: 10 },
        },
      ],
    });
  const id = 'lambda/concurrent-executions';

  it('shares a quota between all nodes that name it', () => {
    const [ample, tight] = [functions({}), functions({ [id]: 110 })].map(
      (document) => runDocument(document, { ...options, horizonSeconds: 30 }).result,
    );
    const own = tight!.limits.filter((limit) => limit.node === null);
    expect(own.map((limit) => limit.id)).toEqual([...new Set(own.map((limit) => limit.id))]);
    expect(own.find((limit) => limit.id === id)?.capacity).toBe(110);
    expect(ample!.limits.find((limit) => limit.id === id)?.capacity).toBe(1000);
  });

  it('keeps the edges of a node apart by their effect bits', () => {
    const document = functions({});
    const model = buildModel(document, options);
    runModel(model);
    expect(model.edges.map(({ totals }) => totals.records)).toEqual([
      model.edges[0]!.totals.records,
      model.edges[0]!.totals.records,
    ]);
    expect(model.edges[0]!.totals.records).toBeGreaterThan(0);
  });
});

describe('an edge', () => {
  it('is feedback exactly where records can come round', () => {
    const document = openDocument({
      schemaVersion: 1,
      name: 'loop',
      nodes: [
        { id: 'source', type: 'traffic-source', outputs: [{ id: 'out' }] },
        { id: 'a', type: 'custom-service', outputs: [{ id: 'on' }] },
        { id: 'b', type: 'custom-service', outputs: [{ id: 'back', emit: { selectivity: 0.5 } }, { id: 'on' }] },
        { id: 'c', type: 'custom-service' },
      ],
      edges: [
        { id: 'in', source: 'source', output: 'out', target: 'a', port: 'requests' },
        { id: 'ab', source: 'a', output: 'on', target: 'b', port: 'requests' },
        { id: 'ba', source: 'b', output: 'back', target: 'a', port: 'requests' },
        { id: 'bc', source: 'b', output: 'on', target: 'c', port: 'requests' },
      ],
      workloads: documentOf().workloads,
    });
    // Feedback shows in identities: what has been on the loop has one beyond those of a workload.
    const model = buildModel(document, options);
    const entities: number[] = [];
    const flow = model.flow as Flow & { deliver: Flow['deliver'] };
    const deliver = flow.deliver.bind(flow);
    flow.deliver = (p, node, nowUs) => {
      entities.push(flow.store.entity[p]!);
      deliver(p, node, nowUs);
    };
    runModel(model);
    const { ledger } = runDocument(document, options).result;
    expect(entities.length).toBe(ledger.delivered);
    expect(entities.every((entity) => entity >= 2 ** 50)).toBe(true);
    const straight = runDocument(documentOf(), options).result;
    expect(straight.ledger.delivered).toBeGreaterThan(0);
  });
});

describe('time', () => {
  it('starts at zero itself when there is no pre-roll', () => {
    expect(Object.is(buildModel(documentOf(), options).kernel.nowUs, 0)).toBe(true);
  });

  it('starts the pre-roll at a whole second before zero', () => {
    expect(buildModel(documentOf(), { ...options, preRollSeconds: 2.2 }).kernel.nowUs).toBe(-3_000_000);
  });
});

describe('a document that is not valid', () => {
  it('fails as a fault of ours, as it should have been refused before', () => {
    const document = documentOf();
    const unknown = { ...document, nodes: document.nodes.map((node) => ({ ...node, type: 'no-such-thing' })) };
    expect(() => buildModel(unknown, options)).toThrow(/no-such-thing is not in the catalogue/);
    const missing = { ...document, edges: document.edges.map((edge) => ({ ...edge, target: 'nowhere' })) };
    expect(() => buildModel(missing, options)).toThrow(/nowhere does not exist/);
    const wrongPort = { ...document, edges: document.edges.map((edge) => ({ ...edge, port: 'nowhere' })) };
    expect(() => buildModel(wrongPort, options)).toThrow(/port that does not exist/);
    expect(components.size).toBeGreaterThan(0);
  });
});
