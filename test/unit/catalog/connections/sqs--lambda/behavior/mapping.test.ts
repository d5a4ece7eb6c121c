import { describe, expect, it } from 'vitest';
import { build } from '#catalog/connections/sqs--lambda/behavior/behavior.ts';
import { config, type Config } from '#catalog/connections/sqs--lambda/config.ts';
import { FakeQueue, type MappingOptions, type MappingWorld, mappingWorld } from '#test/harness/mapping.ts';

const mapping = (settings: Partial<Config> = {}, options: MappingOptions = {}): MappingWorld<FakeQueue> =>
  mappingWorld(build, config.parse(settings), (world, node, hold) => new FakeQueue(world, node, hold), {
    holdSeconds: 30,
    ...options,
  });

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
const put = (queue: FakeQueue, n: number, bytes = 100): number[] => range(0, n).map(() => queue.put({ bytes }));
const isBalanced = ({ world }: MappingWorld<FakeQueue>): boolean =>
  world.imbalances().every((difference) => difference === 0);

describe('queue mapping: batches', () => {
  it('hands up to ten messages over as they come, and deletes them in one request when they succeeded', () => {
    const setting = mapping();
    const { world, source, fn } = setting;
    world.at(1, () => put(source, 12));
    world.run(5);
    expect(fn.invocations.map(({ at, entities }) => [at, entities])).toEqual([
      [1, range(0, 10)],
      [1, [10, 11]],
    ]);
    expect(source.deletes).toEqual([
      { at: 1.1, entities: range(0, 10) },
      { at: 1.1, entities: [10, 11] },
    ]);
    expect(setting.edge).toMatchObject({ records: 12, units: 12, requests: 2, bytes: 1200 });
    expect(world.ledger()).toMatchObject({ delivered: 12, inside: 0 });
    expect(isBalanced(setting)).toBe(true);
  });

  it('starts when the answer of the receive has come', () => {
    const { world, source, fn } = mapping();
    source.receiveLatencyUs = 15_000;
    world.at(1, () => put(source, 1));
    world.run(5);
    expect(fn.invocations[0]!.at).toBeCloseTo(1.015, 9);
  });

  it('collects a batch above ten from several receives, and deletes it ten at a time', () => {
    const { world, source, fn } = mapping({ batchSize: 25, maximumBatchingWindowInSeconds: 5 }, { timeoutSeconds: 3 });
    world.at(1, () => put(source, 25));
    world.run(8);
    // Five places share the messages; whoever has not collected 25 waits for the window and the long poll.
    const sizes = source.receives.filter(({ messages }) => messages > 0).map(({ messages }) => messages);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(10);
    world.run(60);
    expect(fn.invocations.flatMap(({ entities }) => entities).sort((a, b) => a - b)).toEqual(range(0, 25));
    for (const { entities } of source.deletes) expect(entities.length).toBeLessThanOrEqual(10);
  });

  it('hands a full batch over before its window ends', () => {
    const { world, source, fn } = mapping({
      batchSize: 20,
      maximumBatchingWindowInSeconds: 30,
      maximumConcurrency: 2,
      startingConcurrency: 1,
      idleConcurrency: 1,
    });
    world.at(1, () => put(source, 15));
    world.at(3, () => put(source, 15));
    world.run(4);
    expect(fn.invocations.map(({ at, entities }) => [at, entities.length])).toEqual([[3, 20]]);
  });

  it('may wait a whole long poll on a quiet queue, even with a shorter window', () => {
    const { world, source, fn } = mapping({ batchSize: 10, maximumBatchingWindowInSeconds: 2 });
    world.at(1, () => put(source, 1));
    world.run(60);
    expect(fn.invocations.map(({ at }) => at)).toEqual([21]);
  });

  it('ends the window when a message comes after it', () => {
    const { world, source, fn } = mapping({
      maximumBatchingWindowInSeconds: 2,
      startingConcurrency: 1,
      idleConcurrency: 1,
    });
    world.at(1, () => put(source, 1));
    world.at(5, () => put(source, 1));
    world.run(60);
    expect(fn.invocations.map(({ at, entities }) => [at, entities])).toEqual([[5, [0, 1]]]);
  });

  it('hands no more than 6 MB over at once and the rest right after', () => {
    const { world, source, fn } = mapping({ startingConcurrency: 1, idleConcurrency: 1 });
    world.at(1, () => put(source, 10, 1_048_576));
    world.run(5);
    expect(fn.invocations.map(({ at, entities }) => [at, entities.length])).toEqual([
      [1, 6],
      [1.1, 4],
    ]);
    expect(source.deletes.flatMap(({ entities }) => entities)).toEqual(range(0, 10));
  });

  it('hides messages for window, timeout and 30 s where that exceeds the visibility timeout', () => {
    const long = mapping(
      { batchSize: 10, maximumBatchingWindowInSeconds: 20 },
      { timeoutSeconds: 15, holdSeconds: 30 },
    );
    long.world.at(1, () => put(long.source, 1));
    long.world.run(30);
    expect(long.source.receives.find(({ messages }) => messages > 0)!.visibilityUs).toBe(65_000_000);
    const short = mapping({ maximumBatchingWindowInSeconds: 20 }, { timeoutSeconds: 10, holdSeconds: 30 });
    short.world.at(1, () => put(short.source, 1));
    short.world.run(30);
    expect(short.source.receives.every(({ visibilityUs }) => visibilityUs === undefined)).toBe(true);
  });
});

describe('queue mapping: failures', () => {
  it('leaves the whole batch to the visibility timeout after an error', () => {
    const { world, source, fn } = mapping();
    fn.verdict = () => ({ succeeded: false, failed: [1] });
    world.at(1, () => put(source, 3));
    world.run(5);
    expect(source.releases.map(({ at, entity, delayUs }) => [at, entity, delayUs])).toEqual([
      [1.1, 0, -1],
      [1.1, 1, -1],
      [1.1, 2, -1],
    ]);
    expect(source.deletes).toEqual([]);
  });

  it('deletes the good messages where item failures are reported', () => {
    const { world, source, fn } = mapping({ reportBatchItemFailures: true });
    fn.verdict = () => ({ succeeded: true, failed: [2, 5] });
    world.at(1, () => put(source, 8));
    world.run(5);
    expect(source.deletes.flatMap(({ entities }) => entities)).toEqual([0, 1, 3, 4, 6, 7]);
    expect(source.releases.map(({ entity }) => entity)).toEqual([2, 5]);
  });

  it('leaves everything from the first failed message on in a FIFO queue', () => {
    const { world, source, fn } = mapping({ reportBatchItemFailures: true }, { sourceConfig: { fifoQueue: true } });
    fn.verdict = () => ({ succeeded: true, failed: [2, 5] });
    world.at(1, () => put(source, 8));
    world.run(5);
    expect(source.deletes.flatMap(({ entities }) => entities)).toEqual([0, 1]);
    expect(source.releases.map(({ entity }) => entity)).toEqual(range(2, 8));
  });

  it('tries a throttled batch again until its visibility timeout has passed, then leaves it to the queue', () => {
    const { world, source, fn, edge, node } = mapping({ retryBaseMs: 500, retryMaxMs: 10_000 }, { holdSeconds: 30 });
    fn.answer = () => 'throttled';
    world.at(1, () => put(source, 1));
    world.run(100);
    // Waits of 0.5, 1, 2, 4, 8 and 10 s; the next would end at 35.5 s, past the 30 s of the timeout.
    expect(fn.calls.map(({ at }) => at)).toEqual([1, 1.5, 2.5, 4.5, 8.5, 16.5, 26.5]);
    expect(source.releases).toEqual([{ at: 26.5, entity: 0, delayUs: -1 }]);
    expect(edge.refusedUnits).toBe(7);
    expect(node.log.map(({ code }) => code)).toEqual([
      'sqs--lambda/throttled-past-visibility',
      'sqs--lambda/throttled-past-visibility-over',
    ]);
  });

  it('works a throttled batch off as soon as the function lets it', () => {
    const { world, source, fn } = mapping();
    fn.answer = () => (world.nowSeconds < 3 ? 'throttled' : 'started');
    world.at(1, () => put(source, 4));
    world.run(10);
    expect(source.deletes.map(({ at }) => at)).toEqual([4.6]);
    expect(world.ledger()).toMatchObject({ delivered: 4, inside: 0 });
  });

  it('lowers its concurrency while invocations fail, though not where item failures are reported', () => {
    const peakAfter = (settings: Partial<Config>): number => {
      const { world, source, fn } = mapping({ batchSize: 1, ...settings });
      fn.seconds = 0.5;
      fn.verdict = () => ({ succeeded: world.nowSeconds < 20 });
      put(source, 12_000);
      world.run(20);
      const before = fn.busy;
      world.run(40);
      return fn.busy / before;
    };
    expect(peakAfter({ errorSlowdownRatio: 0.1 })).toBeLessThan(0.5);
    expect(peakAfter({ errorSlowdownRatio: 0.1, reportBatchItemFailures: true })).toBeGreaterThan(1);
  });
});

describe('queue mapping: concurrency', () => {
  const busyAt = (settings: Partial<Config>, seconds: readonly number[]): number[] => {
    const { world, source, fn } = mapping({ batchSize: 1, ...settings }, { timeoutSeconds: 30, holdSeconds: 3600 });
    fn.seconds = 20;
    put(source, 100_000);
    return seconds.map((second) => {
      world.run(second);
      return fn.busy;
    });
  };

  it('begins with five batches and adds 300 a minute while all are busy', () => {
    expect(busyAt({}, [0.5, 1.5, 10.5, 60.5, 120.5])).toEqual([5, 10, 55, 305, 605]);
  });

  it('stops at 1,250 batches', () => {
    expect(busyAt({}, [248.5, 249.5, 400])).toEqual([1245, 1250, 1250]);
  });

  it('stops at its maximum concurrency', () => {
    expect(busyAt({ maximumConcurrency: 12 }, [0.5, 1.5, 60])).toEqual([5, 10, 12]);
    expect(busyAt({ maximumConcurrency: 2 }, [0.5, 60])).toEqual([2, 2]);
  });

  it('begins with ten batches for each provisioned poller and adds 1,000 a minute', () => {
    // Calls are spaced: 20 pollers make 200 a second.
    expect(busyAt({ provisionedPollers: true, minimumPollers: 20, maximumPollers: 100 }, [1.5, 61.5, 120])).toEqual([
      200 + 16,
      1000,
      1000,
    ]);
  });

  it.each([
    { batchSize: 10, eventsPerSecond: 200 },
    { batchSize: 1, eventsPerSecond: 20 },
  ])('polls ten times a second for each provisioned poller, whatever it deletes: batches of $batchSize', (given) => {
    const { batchSize, eventsPerSecond } = given;
    const { world, source, fn } = mapping({
      provisionedPollers: true,
      minimumPollers: 2,
      maximumPollers: 2,
      batchSize,
    });
    fn.seconds = 0.05;
    put(source, 5000);
    world.run(20);
    // AWS's sizing formula: min(100, 10 x batch size) events a second for each of two pollers.
    const handled = fn.invocations.reduce((sum, { entities }) => sum + entities.length, 0);
    expect(handled / (20 * eventsPerSecond)).toBeGreaterThan(0.98);
    expect(handled / (20 * eventsPerSecond)).toBeLessThan(1.02);
  });

  it('takes no more than 1 MiB a second for each provisioned poller', () => {
    const { world, source, fn } = mapping({
      provisionedPollers: true,
      minimumPollers: 2,
      maximumPollers: 2,
      batchSize: 1,
    });
    fn.seconds = 0.05;
    put(source, 200, 1_048_576);
    world.run(20);
    // 2 MiB a second in messages of 1 MiB, and one second's worth and one message at the start.
    expect(fn.invocations.length).toBeGreaterThanOrEqual(40);
    expect(fn.invocations.length).toBeLessThanOrEqual(43);
  });

  it('shrinks to two batches when long polls come back empty', () => {
    const { world, source } = mapping();
    world.run(19);
    expect(source.waiting).toBe(5);
    world.run(21);
    expect(source.waiting).toBe(2);
    world.run(500);
    expect(source.waiting).toBe(2);
    // Two places and a long poll of 20 s: six empty receives a minute.
    expect(source.receives.filter(({ at }) => at > 20 && at <= 80)).toHaveLength(6);
  });

  it('adds no batches while the function throttles', () => {
    const { world, source, fn } = mapping({ batchSize: 1 }, { holdSeconds: 3600 });
    fn.answer = () => 'throttled';
    put(source, 1000);
    world.run(60);
    expect(new Set(fn.calls.flatMap(({ entities }) => entities)).size).toBe(5);
  });

  it('shows its concurrency as a limit and says when it is reached', () => {
    const { world, source, fn, node } = mapping({ batchSize: 1, maximumConcurrency: 6 });
    fn.seconds = 1;
    put(source, 100);
    world.run(200);
    expect(node.limits.get('mapping-concurrency')).toMatchObject({ capacity: 6, peakRatio: 1 });
    expect(node.log.map(({ code }) => code)).toEqual([
      'sqs--lambda/at-most-concurrency',
      'sqs--lambda/below-most-concurrency',
    ]);
  });

  it('books poller hours of provisioned mode only, from time zero on', () => {
    const hours = (settings: Partial<Config>): number | undefined => {
      const { world, node } = mapping(settings, { preRollSeconds: 3600 });
      world.finish();
      return node.usage.get('eventPollerUnitHours')?.total;
    };
    expect(hours({ provisionedPollers: true, minimumPollers: 3 })).toBeCloseTo((3 * 200_000) / 3600, 6);
    expect(hours({})).toBeUndefined();
  });
});
