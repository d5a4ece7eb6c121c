import { describe, expect, it } from 'vitest';
import { advise } from '#catalog/components/traffic-source/advice.ts';
import { build } from '#catalog/components/traffic-source/behavior.ts';
import { type Config, config } from '#catalog/components/traffic-source/config.ts';
import type { Push } from '#engine/flow/ports.ts';
import { newReply } from '#engine/flow/ports.ts';
import { ArrivalSource } from '#engine/workload/source.ts';
import type { FaultSpec } from '#schema/faults.ts';
import { type Workload, workloadSchema } from '#schema/workload.ts';
import { type BuiltNode, World, type WorldOptions } from '#test/harness/behavior.ts';

const SECOND = 1_000_000;
const calendar = { startSecondsOfDay: 0, startDayOfWeek: 0 };

function workload(arrivals: unknown, changes: Record<string, unknown> = {}): Workload {
  return workloadSchema.parse({
    id: 'load',
    node: 'source',
    arrivals,
    recordSize: { kind: 'uniform', minBytes: 10, maxBytes: 500 },
    partitionKey: { kind: 'zipf', keys: 100, exponent: 1 },
    ...changes,
  });
}

const source = (load: number, given: Workload, faults: FaultSpec[] = []): ArrivalSource =>
  new ArrivalSource(1, load, given, calendar, faults);

/** A target that takes as many records as `open` says and keeps what it has seen. */
class Gate {
  open = Number.POSITIVE_INFINITY;
  readonly seen: { atSeconds: number; entity: number; bytes: number; key: number; load: number; isPoison: boolean }[] =
    [];
  readonly node: BuiltNode;

  constructor(world: World) {
    const { flow } = world;
    const node = world.sink('gate');
    const push: Push = {
      meeting: 'push',
      offer: (request, _isBatch, reply) => {
        Object.assign(reply, newReply());
        const { store } = flow;
        while (request.length > 0 && this.open > 0) {
          const p = request.shift();
          this.open -= 1;
          reply.accepted += 1;
          this.seen.push({
            atSeconds: world.nowSeconds,
            entity: store.entity[p]!,
            bytes: store.bytes[p]!,
            key: store.key[p]!,
            load: store.load[p]!,
            isPoison: flow.isPoison(p),
          });
          flow.transfer(p, node.index);
          flow.deliver(p, node.index, world.kernel.nowUs);
        }
        reply.refused = request.units;
      },
    };
    (node.behavior.inputs as Record<string, Push>)['in'] = push;
    this.node = node;
  }
}

function setUp(
  workloads: readonly Workload[],
  {
    settings = {},
    emit = {},
    faults = [],
    ...options
  }: { settings?: Partial<Config>; emit?: Record<string, unknown>; faults?: FaultSpec[] } & WorldOptions = {},
) {
  const world = new World(options);
  const gate = new Gate(world);
  const node = world.add('source', build, config.parse(settings), {
    arrivals: workloads.map((given, load) => source(load, given, faults)),
    outputs: {
      output: [{ id: 'out', emit: { callLatencyMs: 0, ...emit }, targets: [{ node: gate.node, port: 'in' }] }],
    },
  });
  return { world, gate, node };
}

describe('a traffic source', () => {
  it('creates the records of its workload at their instants, with their sizes, keys and identities', () => {
    const given = workload({ kind: 'poisson', recordsPerSecond: 30 });
    const { world, gate, node } = setUp([given], { horizonSeconds: 600 });
    world.run(19.999_999);
    const expected = source(0, given);
    const times = new Float64Array(1000);
    const all: object[] = [];
    for (let cell = 0; cell < 20; cell += 1) {
      const count = expected.arrivals.load(cell);
      expected.arrivals.times(times);
      for (let index = 0; index < count; index += 1) {
        all.push({
          atSeconds: times[index]! / SECOND,
          entity: expected.arrivals.firstOrdinal(cell) + index,
          bytes: expected.bytes(cell, index),
          key: expected.key(cell, index),
          load: 0,
          isPoison: false,
        });
      }
    }
    expect(all.length).toBeGreaterThan(400);
    expect(gate.seen).toEqual(all);
    expect(node.counters.get('RecordsCreated')!.sum).toBe(all.length);
    expect(node.counters.get('BytesCreated')!.sum).toBe(gate.seen.reduce((sum, { bytes }) => sum + bytes, 0));
    expect(world.imbalances().every((imbalance) => imbalance === 0)).toBe(true);
  });

  it('plays a trace to the record', () => {
    const { world, gate } = setUp([workload({ kind: 'trace', binSeconds: 5, counts: [3, 0, 7, 1] })], {
      horizonSeconds: 600,
    });
    world.run(60);
    const perBin = [0, 1, 2, 3, 4].map(
      (bin) => gate.seen.filter(({ atSeconds }) => Math.floor(atSeconds / 5) === bin).length,
    );
    expect(perBin).toEqual([3, 0, 7, 1, 0]);
  });

  it('mixes several workloads, each with its own records', () => {
    const { world, gate } = setUp(
      [
        workload({ kind: 'constant', recordsPerSecond: 4, spacing: 'paced' }),
        workload({ kind: 'constant', recordsPerSecond: 1, spacing: 'paced' }, { id: 'other' }),
      ],
      { horizonSeconds: 600 },
    );
    world.run(9.99);
    expect(gate.seen.filter(({ load }) => load === 0)).toHaveLength(40);
    expect(gate.seen.filter(({ load }) => load === 1)).toHaveLength(10);
    expect(gate.seen.every(({ atSeconds }, i) => i === 0 || atSeconds >= gate.seen[i - 1]!.atSeconds)).toBe(true);
  });

  it('sends nothing for a long time and then something, without an event for each second in between', () => {
    const steps = [
      { atSeconds: 0, recordsPerSecond: 0 },
      { atSeconds: 3600, recordsPerSecond: 1 },
    ];
    const { world, gate } = setUp([workload({ kind: 'steps', steps })], { horizonSeconds: 3700 });
    world.run(3599);
    expect(world.kernel.eventCount).toBeLessThan(10);
    world.run(3700);
    expect(gate.seen.length).toBeGreaterThan(50);
    expect(gate.seen.every(({ atSeconds }) => atSeconds >= 3600)).toBe(true);
  });

  it('begins in the pre-roll, which its metrics leave out', () => {
    const { world, gate, node } = setUp([workload({ kind: 'constant', recordsPerSecond: 2, spacing: 'paced' })], {
      preRollSeconds: 5,
      horizonSeconds: 600,
    });
    world.run(4.99);
    expect(gate.seen[0]!.atSeconds).toBe(-5);
    expect(gate.seen).toHaveLength(20);
    expect(node.counters.get('RecordsCreated')!.sum).toBe(10);
  });

  it('makes as many records poison as a fault says, waiting for the next where seconds are empty', () => {
    const faults: FaultSpec[] = [
      { id: 'p', node: 'source', kind: 'poisonRecord', count: 4, startSeconds: 10.5, durationSeconds: 8 },
    ];
    for (const rate of [50, 0.4]) {
      const { world, gate } = setUp([workload({ kind: 'constant', recordsPerSecond: rate, spacing: 'paced' })], {
        faults,
        horizonSeconds: 100,
      });
      world.run(100);
      const poison = gate.seen.filter(({ isPoison }) => isPoison);
      expect(poison, `${rate}/s`).toHaveLength(4);
      expect(poison.every(({ atSeconds }) => atSeconds >= 10.5)).toBe(true);
    }
  });
});

describe('a traffic source whose target refuses', () => {
  const paced = workload({ kind: 'constant', recordsPerSecond: 10, spacing: 'paced' });

  it('holds what waits for a retry and shows how much, also when nothing new comes', () => {
    const ends = workload({ kind: 'trace', binSeconds: 1, counts: [10] });
    const { world, gate, node } = setUp([ends], { emit: { maxAttempts: 1000, retryBaseMs: 200 }, horizonSeconds: 600 });
    gate.open = 0;
    world.run(5);
    expect(node.gauges.get('RecordsWaiting')!.value).toBe(10);
    gate.open = Number.POSITIVE_INFINITY;
    world.run(60);
    expect(node.gauges.get('RecordsWaiting')!.value).toBe(0);
    expect(gate.seen).toHaveLength(10);
  });

  it('loses new records while it holds as many as it may, and says so once', () => {
    const { world, gate, node } = setUp([paced], {
      settings: { maxRecordsWaiting: 25 },
      emit: { maxAttempts: 1000, retryBaseMs: 1000, retryMaxMs: 1000 },
      horizonSeconds: 300,
    });
    gate.open = 0;
    world.at(20, () => {
      gate.open = Number.POSITIVE_INFINITY;
    });
    world.run(19.99);
    expect(node.gauges.get('RecordsWaiting')!.value).toBe(25);
    expect(world.ledger().droppedBy).toEqual({ 'producer-buffer-full': 175 });
    world.run(300);
    expect(node.log.map(({ code, params }) => [code, params])).toEqual([
      ['traffic-source/buffer-full', { limit: 25 }],
      ['traffic-source/buffer-has-room', { lost: node.log[1]!.params['lost'] }],
    ]);
    expect(world.ledger().droppedBy['producer-buffer-full']).toBe(node.log[1]!.params['lost']);
    expect(world.imbalances().every((imbalance) => imbalance === 0)).toBe(true);
  });

  it('holds any number when no limit is set', () => {
    const { world, gate, node } = setUp([paced], {
      emit: { maxAttempts: 1000, retryMaxMs: 100_000 },
      horizonSeconds: 100,
    });
    gate.open = 0;
    world.run(99.99);
    expect(node.gauges.get('RecordsWaiting')!.value).toBe(1000);
    expect(world.ledger().dropped).toBe(0);
  });

  it('gives a record up after the attempts of its output', () => {
    const { world, gate } = setUp([paced], { emit: { maxAttempts: 2, retryBaseMs: 10 }, horizonSeconds: 600 });
    gate.open = 0;
    world.run(19.95);
    expect(world.ledger().droppedBy).toEqual({ 'send-attempts-exhausted': 200 });
  });
});

describe('advice on a traffic source', () => {
  const input = (log: { t: number; code: string; params: Record<string, number> }[]) => ({
    id: 'source',
    config: config.parse({ maxRecordsWaiting: 5 }),
    horizonSeconds: 100,
    limits: [],
    metrics: {},
    log,
  });

  it('is silent where nothing was lost', () => {
    expect(advise(input([]))).toEqual([]);
    expect(advise(input([{ t: 3, code: 'fault/begins', params: {} }]))).toEqual([]);
  });

  it('tells of records that the producer could not hold', () => {
    expect(advise(input([{ t: 12, code: 'traffic-source/buffer-full', params: { limit: 5 } }]))).toMatchObject([
      {
        code: 'traffic-source/records-lost',
        severity: 'critical',
        evidence: [{ series: 'RecordsWaiting', t0: 12, t1: 100 }],
      },
    ]);
  });
});
