import { describe, expect, it } from 'vitest';
import { build } from '#catalog/connections/kinesis-data-streams--lambda/behavior/behavior.ts';
import { config, type Config } from '#catalog/connections/kinesis-data-streams--lambda/config.ts';
import { ParcelList } from '#engine/flow/parcels.ts';
import { FakeLog, type MappingOptions, type MappingWorld, mappingWorld } from '#test/harness/mapping.ts';

const mapping = (settings: Partial<Config> = {}, options: MappingOptions = {}): MappingWorld<FakeLog> =>
  mappingWorld(build, config.parse(settings), (world, node, hold) => new FakeLog(world, node, hold), options);

const gaps = (times: readonly number[]): number[] =>
  times.slice(1).map((time, i) => Number((time - times[i]!).toFixed(6)));
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
const entitiesOf = ({ fn }: MappingWorld<FakeLog>): (readonly number[])[] =>
  fn.invocations.map(({ entities }) => entities);
const isBalanced = ({ world }: MappingWorld<FakeLog>): boolean =>
  world.imbalances().every((difference) => difference === 0);

describe('stream mapping: polling', () => {
  it('polls each shard once a second, at a phase of its own', () => {
    const { world, source } = mapping();
    source.open();
    source.open();
    world.run(10);
    const [first, second] = [0, 1].map((shard) => source.reads.filter(({ partition }) => partition === shard));
    expect(first).toHaveLength(10);
    expect(gaps(first!.map(({ at }) => at))).toEqual(Array(9).fill(1));
    expect(first![0]!.at).not.toBe(second![0]!.at);
  });

  it('keeps its rhythm while the function works', () => {
    const { world, source, fn } = mapping();
    fn.seconds = 3.3;
    source.open();
    for (let i = 0; i < 100; i++) world.at(i * 0.1, () => source.put());
    world.run(10);
    expect(new Set(gaps(source.reads.map(({ at }) => at)))).toEqual(new Set([1]));
  });

  it('hands records over half a period after they came, on average', () => {
    const { world, source, fn } = mapping();
    source.open();
    const n = 2000;
    for (let i = 0; i < n; i++) world.at(i * 1.237, () => source.put());
    world.run(n * 1.3);
    const ages = fn.invocations.map(({ ageSeconds }) => ageSeconds);
    expect(ages).toHaveLength(n);
    // Uniform over a second (1.237 s is no multiple of the period): standard deviation of the mean at most 0.0065 s.
    expect(Math.abs(ages.reduce((sum, age) => sum + age, 0) / n - 0.5)).toBeLessThan(0.026);
    expect(Math.max(...ages)).toBeLessThanOrEqual(1);
  });

  it('reads again after a fifth of a second while reads are cut short', () => {
    const { world, source } = mapping({ batchSize: 10_000 });
    source.mostUnits = 10;
    source.open();
    for (let i = 0; i < 45; i++) source.put();
    world.run(4);
    expect(source.reads.map(({ units }) => units).slice(0, 6)).toEqual([10, 10, 10, 10, 5, 0]);
    expect(gaps(source.reads.map(({ at }) => at)).slice(0, 5)).toEqual([0.2, 0.2, 0.2, 0.2, 1]);
  });

  it('waits longer after each refused read, up to a period', () => {
    const { world, source } = mapping();
    source.isThrottled = () => world.nowSeconds < 5;
    source.open();
    world.run(8);
    expect(gaps(source.reads.map(({ at }) => at)).slice(0, 5)).toEqual([0.2, 0.4, 0.8, 1, 1]);
  });

  it('meters the lanes of each shard at work, not those that wait to try again', () => {
    const { world, source, fn, node } = mapping({ parallelizationFactor: 2, maximumRetryAttempts: 0 });
    fn.seconds = 20;
    fn.verdict = () => ({ succeeded: false });
    source.open();
    source.open();
    for (let key = 0; key < 20; key++) source.put({ key });
    world.run(10);
    const [first, second] = [0, 1].map((shard) => node.limits.get(`lanes/shard-${shard}`)!);
    expect([first!.ratio, second!.ratio, second!.peakRatio]).toEqual([1, 0, 0]);
    world.run(100);
    expect([first!.ratio, first!.peakRatio]).toEqual([0, 1]);
  });

  it('hands records over when the answer of the read has come', () => {
    const { world, source, fn } = mapping();
    source.latencyUs = 50_000;
    source.open();
    source.put();
    world.run(3);
    expect(fn.calls[0]!.at - source.reads[0]!.at).toBeCloseTo(0.05, 9);
  });

  it('stops reading while every lane has a whole batch waiting', () => {
    const { world, source, fn } = mapping({ batchSize: 5 });
    source.mostUnits = 5;
    fn.seconds = 10;
    source.open();
    for (let i = 0; i < 100; i++) source.put();
    world.run(9);
    expect(source.reads.map(({ units }) => units)).toEqual([5, 5]);
  });

  it('reads at once what enhanced fan-out pushes, and does not poll', () => {
    const { world, source, fn } = mapping({ enhancedFanOut: true });
    source.open();
    for (const second of [1, 2.5]) world.at(second, () => source.put());
    world.run(10);
    expect(source.reads.map(({ at }) => at)).toEqual([1, 2.5]);
    expect(fn.calls.map(({ at }) => at)).toEqual([1, 2.5]);
  });

  it('reads a child shard when its parents are read to the end and worked off', () => {
    const { world, source, fn } = mapping({ parallelizationFactor: 2 });
    fn.seconds = 4;
    source.open();
    for (let key = 0; key < 10; key++) source.put({ key });
    source.close(0);
    const child = source.open([0]);
    source.put({ key: 3 }, child);
    world.run(20);
    const childReads = source.reads.filter(({ partition }) => partition === child);
    expect(childReads[0]!.at).toBeGreaterThanOrEqual(fn.invocations[0]!.at + 4);
    expect(world.deliveries).toHaveLength(11);
    expect(world.deliveries.at(-1)!.entity).toBe(10);
  });
});

describe('stream mapping: batches', () => {
  it('cuts what it has read into batches, one in flight at a time', () => {
    const setting = mapping({ batchSize: 4 });
    const { world, source, fn } = setting;
    source.open();
    for (let i = 0; i < 10; i++) source.put();
    world.run(5);
    expect(entitiesOf(setting)).toEqual([range(0, 4), range(4, 8), range(8, 10)]);
    expect(gaps(fn.calls.map(({ at }) => at))).toEqual([0.1, 0.1]);
    expect(fn.peak).toBe(1);
    expect(world.ledger()).toMatchObject({ delivered: 10, inside: 0 });
    expect(isBalanced(setting)).toBe(true);
  });

  it('waits for a full batch or the end of the window', () => {
    const { world, source, fn } = mapping({ batchSize: 6, maximumBatchingWindowInSeconds: 5 });
    source.open();
    source.put();
    for (const second of [20, 21, 22]) world.at(second, () => range(0, 3).forEach(() => source.put()));
    world.run(60);
    const phase = source.reads[0]!.at;
    // One record alone waits its window; six have come by the second poll; the three left over wait theirs.
    expect(fn.calls.map(({ at }) => Number((at - phase).toFixed(6)))).toEqual([5, 21, 27]);
    expect(fn.calls.map(({ entities }) => entities.length)).toEqual([1, 6, 3]);
  });

  it('ends a batch at 6 MB of payload in base64', () => {
    const { world, source, fn } = mapping({ batchSize: 100 });
    source.open();
    // 1,048,576 bytes are 1,398,104 in base64; four of them are 5.6 million, five 7.0 million.
    for (let i = 0; i < 6; i++) source.put({ bytes: 1_048_576 });
    world.run(5);
    expect(fn.calls.map(({ entities }) => entities.length)).toEqual([4, 2]);
  });

  it('gives a record above 6 MB up at once', () => {
    const { world, source } = mapping();
    source.open();
    source.put({ bytes: 5_000_000 });
    source.put();
    world.run(5);
    expect(world.ledger().droppedBy).toEqual({ 'record-too-large': 1 });
    expect(world.deliveries).toHaveLength(1);
  });

  it('works on as many batches of a shard as it has lanes, keeping the order of each key', () => {
    const setting = mapping({ parallelizationFactor: 4, batchSize: 5 });
    const { world, source, fn } = setting;
    const keyOf = new Map<number, number>();
    source.open();
    for (let i = 0; i < 200; i++) {
      const key = (i * 7) % 40;
      keyOf.set(source.put({ key }), key);
    }
    world.run(20);
    expect(fn.peak).toBe(4);
    const seen = new Map<number, number[]>();
    for (const { entity } of world.deliveries) {
      const key = keyOf.get(entity)!;
      seen.set(key, [...(seen.get(key) ?? []), entity]);
    }
    for (const order of seen.values()) expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(world.deliveries).toHaveLength(200);
    expect(isBalanced(setting)).toBe(true);
  });

  it('tells the function the age of the last record', () => {
    const { world, source, fn } = mapping();
    source.open();
    world.at(0.0001, () => source.put());
    world.at(0.01, () => source.put());
    world.run(5);
    const [call] = fn.calls;
    expect(call!.ageSeconds).toBeCloseTo(call!.at - (call!.entities.length === 2 ? 0.01 : 0.0001), 6);
  });

  it('drops packed records of another lane with enhanced fan-out and several lanes', () => {
    const setting = mapping({ enhancedFanOut: true, parallelizationFactor: 10 });
    const { world, source } = setting;
    source.open();
    const list = new ParcelList(world.flow.store);
    for (let key = 0; key < 40; key++) list.push(world.record({ key }));
    source.append(world.flow.pack(list, 20));
    world.run(5);
    const dropped = world.ledger().droppedBy['aggregate-of-another-lane']!;
    expect(dropped).toBeGreaterThan(25);
    expect(dropped).toBeLessThan(40);
    expect(world.ledger().delivered + dropped).toBe(40);
    expect(isBalanced(setting)).toBe(true);
  });
});

describe('stream mapping: errors', () => {
  it('retries the same batch with waits that double, and goes on when it succeeds', () => {
    const setting = mapping({ retryBaseMs: 500, retryMaxMs: 3000 });
    const { world, source, fn } = setting;
    fn.seconds = 0;
    fn.verdict = (_entities, attempt) => ({ succeeded: attempt >= 5 });
    source.open();
    range(0, 3).forEach(() => source.put());
    world.run(60);
    expect(entitiesOf(setting)).toEqual(Array(6).fill([0, 1, 2]));
    expect(gaps(fn.calls.map(({ at }) => at))).toEqual([0.5, 1, 2, 3, 3]);
    expect(setting.edge).toMatchObject({ records: 3, requests: 1, retriedUnits: 15 });
    expect(world.ledger()).toMatchObject({ delivered: 3, inside: 0 });
  });

  it('gives a batch up after its retries and goes on', () => {
    const setting = mapping({ maximumRetryAttempts: 2 });
    const { world, source, fn } = setting;
    fn.verdict = (entities) => ({ succeeded: !entities.includes(0) });
    source.open();
    range(0, 3).forEach(() => source.put());
    world.at(10, () => source.put());
    world.run(60);
    expect(entitiesOf(setting)).toEqual([...Array(3).fill([0, 1, 2]), [3]]);
    expect(world.ledger()).toMatchObject({ droppedBy: { 'retries-exhausted': 3 }, delivered: 1 });
    expect(setting.edge.droppedRecords).toBe(3);
    expect(isBalanced(setting)).toBe(true);
  });

  it('does not count throttles and service errors as attempts', () => {
    const { world, source, fn, edge } = mapping({ maximumRetryAttempts: 0 });
    fn.answer = () => (world.nowSeconds < 10 ? 'throttled' : world.nowSeconds < 20 ? 'failed' : 'started');
    source.open();
    source.put();
    world.run(60);
    expect(fn.calls.length).toBeGreaterThan(4);
    expect(edge.refusedUnits).toBe(fn.calls.length - 1);
    expect(world.ledger()).toMatchObject({ delivered: 1, dropped: 0 });
  });

  it('sends what it gives up to the on-failure destination, record by record', () => {
    const setting = mapping({ maximumRetryAttempts: 0 }, { hasDestination: true });
    const { world, source, fn, destination, node } = setting;
    fn.verdict = () => ({ succeeded: false });
    source.open();
    range(0, 3).forEach(() => source.put());
    world.run(60);
    expect(world.deliveries.map(({ node: at }) => at)).toEqual(Array(3).fill(destination.index));
    expect(node.counters.get('OnFailureDestinationDeliveredEventCount')!.sum).toBe(3);
    expect(isBalanced(setting)).toBe(true);
  });

  it('blocks the lane while its destination refuses, and drops after three attempts', () => {
    const setting = mapping({ maximumRetryAttempts: 0 }, { hasDestination: true });
    const { world, source, fn, destination } = setting;
    world.setFaults(destination, { outage: true });
    fn.verdict = (entities) => ({ succeeded: entities.includes(1) });
    source.open();
    source.put();
    world.at(1.5, () => source.put());
    world.run(60);
    expect(world.ledger()).toMatchObject({ droppedBy: { 'on-failure-refused': 1 }, delivered: 1 });
    // Attempts at once, 0.5 s and 1 s later.
    expect(fn.calls[1]!.at - fn.calls[0]!.at).toBeGreaterThanOrEqual(1.6 - 1e-9);
    expect(isBalanced(setting)).toBe(true);
  });

  it('finds a poison record by halving the batch, without using retries up', () => {
    const setting = mapping({ bisectBatchOnFunctionError: true, maximumRetryAttempts: 1 });
    const { world, source, fn } = setting;
    fn.verdict = (entities) => ({ succeeded: !entities.includes(5) });
    source.open();
    range(0, 8).forEach(() => source.put());
    world.run(60);
    expect(entitiesOf(setting)).toEqual([range(0, 8), range(0, 4), range(4, 8), [4, 5], [4], [5], [5], [6, 7]]);
    expect(world.ledger()).toMatchObject({ droppedBy: { 'retries-exhausted': 1 }, delivered: 7 });
    expect(isBalanced(setting)).toBe(true);
  });

  it('retries from the first failed record on where item failures are reported', () => {
    const setting = mapping({ reportBatchItemFailures: true });
    const { world, source, fn } = setting;
    fn.verdict = (_entities, attempt) => ({ succeeded: true, failed: attempt < 2 ? [3] : [] });
    source.open();
    range(0, 6).forEach(() => source.put());
    world.run(60);
    expect(entitiesOf(setting)).toEqual([range(0, 6), range(3, 6), range(3, 6)]);
    expect(world.ledger()).toMatchObject({ delivered: 6, duplicates: { made: 0 } });
  });

  it('cuts at the reported record instead of in half where both are on', () => {
    const setting = mapping({
      reportBatchItemFailures: true,
      bisectBatchOnFunctionError: true,
      maximumRetryAttempts: 0,
    });
    const { world, source, fn } = setting;
    fn.verdict = (entities) => ({ succeeded: true, failed: entities.filter((entity) => entity === 6) });
    source.open();
    range(0, 8).forEach(() => source.put());
    world.run(60);
    expect(entitiesOf(setting)).toEqual([range(0, 8), [6, 7], [6], [7]]);
    expect(world.ledger()).toMatchObject({ droppedBy: { 'retries-exhausted': 1 }, delivered: 7 });
  });

  it('gives records up when they pass the maximum age', () => {
    const setting = mapping({ maximumRecordAgeInSeconds: 60, retryMaxMs: 5000 });
    const { world, source, fn } = setting;
    fn.verdict = (entities) => ({ succeeded: !entities.includes(0) });
    source.open();
    source.put();
    world.at(30, () => source.put());
    world.run(120);
    expect(world.ledger()).toMatchObject({ droppedBy: { 'record-too-old': 1 }, delivered: 1 });
    const lastTry = fn.calls.filter(({ entities }) => entities.includes(0)).at(-1)!.at;
    expect(lastTry).toBeGreaterThan(54);
    expect(lastTry).toBeLessThanOrEqual(60);
  });

  it('takes only the records that are too old out of a batch', () => {
    const { world, source, fn } = mapping({
      maximumRecordAgeInSeconds: 60,
      retryMaxMs: 5000,
      maximumBatchingWindowInSeconds: 20,
    });
    fn.verdict = () => ({ succeeded: world.nowSeconds > 67 });
    source.open();
    source.put();
    world.at(15, () => source.put());
    world.run(120);
    expect(world.ledger()).toMatchObject({ droppedBy: { 'record-too-old': 1 }, delivered: 1 });
    expect(world.deliveries[0]!.entity).toBe(1);
  });

  it('loses the backlog behind a poison record at the end of the retention', () => {
    const setting = mapping({ retryMaxMs: 10_000 }, { holdSeconds: 3600 });
    const { world, source, fn, node } = setting;
    fn.verdict = (entities) => ({ succeeded: !entities.includes(0) });
    source.open();
    for (let i = 0; i < 100; i++) world.at(i * 60, () => source.put());
    world.run(7200);
    const ledger = world.ledger();
    // The poison record blocks the shard for the hour of retention; what came in the first minute or so expires with it.
    expect(ledger.expired).toBeGreaterThanOrEqual(1);
    expect(ledger.expired).toBeLessThanOrEqual(2);
    expect(ledger.delivered + ledger.expired + ledger.inside).toBe(100);
    expect(node.counters.get('ExpiredRecords')!.sum).toBe(ledger.expired);
    expect(node.log.some(({ code }) => code.endsWith('/records-expire'))).toBe(true);
    expect(isBalanced(setting)).toBe(true);
  });

  it('blocks only the lane that fails', () => {
    const setting = mapping({ parallelizationFactor: 5, retryMaxMs: 1000 });
    const { world, source, fn, node } = setting;
    const bad = new Set<number>();
    fn.verdict = (entities) => ({ succeeded: !entities.some((entity) => bad.has(entity)) });
    source.open();
    for (let i = 0; i < 300; i++) {
      world.at(i * 0.1, () => {
        const entity = source.put({ key: i % 50 });
        if (i % 50 === 7) bad.add(entity);
      });
    }
    world.run(60);
    const { delivered, inside } = world.ledger();
    // Fifty keys over five lanes: the blocked lane holds its share of them, all others are done.
    expect(delivered).toBeGreaterThan(180);
    expect(delivered + inside).toBe(300);
    expect(node.log.filter(({ code }) => code.endsWith('/lane-blocked'))).toHaveLength(1);
    expect(isBalanced(setting)).toBe(true);
  });

  it('says once that lanes are blocked, and once that they go on', () => {
    const { world, source, fn, node } = mapping({ retryMaxMs: 1000 });
    fn.verdict = () => ({ succeeded: world.nowSeconds > 20 });
    for (let shard = 0; shard < 3; shard++) {
      source.open();
      source.put({}, shard);
    }
    world.run(120);
    expect(node.log.map(({ code }) => code)).toEqual([
      'kinesis-data-streams--lambda/lane-blocked',
      'kinesis-data-streams--lambda/lanes-go-on',
    ]);
  });
});
