import { describe, expect, it } from 'vitest';
import { build } from '#catalog/components/lambda/behavior/behavior.ts';
import { config, type Config } from '#catalog/components/lambda/config.ts';
import type { Push } from '#engine/flow/ports.ts';
import { FLAG_POISON } from '#engine/flow/parcels.ts';
import { newReply } from '#engine/flow/ports.ts';
import { type BuiltNode, pushOf, World, type Wiring } from '#test/harness/behavior.ts';
import { Invoker } from '#test/harness/invoker.ts';

/** No chance, no cold start worth mentioning: 100 ms for an invocation and 10 ms for a record at one vCPU. */
const plain = {
  memorySize: 1769,
  serviceTimeLaw: 'deterministic',
  perInvocationMs: 100,
  perRecordMs: 10,
  cpuBoundRatio: 1,
  coldStartMs: 0,
  sandboxStartMinMs: 0,
  sandboxStartMaxMs: 0,
  idleTimeoutMinSeconds: 600,
  idleTimeoutMaxSeconds: 600,
} as const;

interface Setup {
  readonly world: World;
  readonly fn: BuiltNode;
  readonly invoker: Invoker;
}

function setup(settings: Partial<Config> = {}, wiring: (world: World) => Wiring = () => ({}), quotas = {}): Setup {
  const world = new World({ quotas, horizonSeconds: 36_000 });
  const fn = addFunction(world, 'fn', settings, wiring(world));
  return { world, fn, invoker: new Invoker(world, fn, 'kinesis') };
}

function addFunction(world: World, id: string, settings: Partial<Config>, wiring: Wiring = {}): BuiltNode {
  return world.add(id, build, config.parse({ ...plain, ...settings }), wiring);
}

const records = (world: World, n: number): number[] => Array.from({ length: n }, () => world.record());
const sum = (fn: BuiltNode, metric: string): number => fn.counters.get(metric)!.sum;
const duration = (fn: BuiltNode) => fn.samples.get('Duration')!.histogram;

describe('lambda: time of an invocation', () => {
  it('takes the time per invocation and per record', () => {
    const { world, invoker } = setup();
    expect(invoker.invoke(records(world, 5))).toBe('started');
    world.run(10);
    expect(invoker.outcomes).toMatchObject([{ at: 0.15, succeeded: true, failedAt: -1 }]);
  });

  it.each([
    [128, 1, 1769 / 128],
    [128, 0, 1],
    [884.5 * 2, 1, 1],
    [512, 0.5, 0.5 + 0.5 * (1769 / 512)],
    [3538, 1, 1],
  ])('stretches the CPU-bound share with falling memory: %i MB, share %f', (memorySize, cpuBoundRatio, factor) => {
    const { world, invoker } = setup({ memorySize, cpuBoundRatio, timeoutSeconds: 900 });
    invoker.invoke(records(world, 1));
    world.run(10);
    expect(invoker.outcomes[0]!.at).toBeCloseTo(0.11 * factor, 5);
  });

  it('begins with sandbox start and init in a new environment, and without them in a warm one', () => {
    const { world, fn, invoker } = setup({ coldStartMs: 200, sandboxStartMinMs: 150, sandboxStartMaxMs: 150 });
    invoker.invoke(records(world, 1));
    world.at(1, () => invoker.invoke(records(world, 1)));
    world.run(10);
    expect(invoker.outcomes.map(({ at }) => at)).toEqual([0.46, 1.11]);
    expect(sum(fn, 'ColdStarts')).toBe(1);
    expect(duration(fn).max).toBeCloseTo(110, 0);
  });

  it('draws sandbox starts between their ends', () => {
    const { world, invoker } = setup({
      perInvocationMs: 0,
      perRecordMs: 0,
      sandboxStartMinMs: 100,
      sandboxStartMaxMs: 200,
    });
    for (let i = 0; i < 100; i++) invoker.invoke(records(world, 1));
    world.run(10);
    const times = invoker.outcomes.map(({ at }) => at);
    expect(Math.min(...times)).toBeGreaterThan(0.1);
    expect(Math.max(...times)).toBeLessThan(0.2);
    expect(Math.max(...times) - Math.min(...times)).toBeGreaterThan(0.08);
  });

  it('starts an init of more than 10 s again inside the invocation, under its timeout', () => {
    const patient = setup({ coldStartMs: 12_000, timeoutSeconds: 15 });
    patient.invoker.invoke(records(patient.world, 1));
    patient.world.run(100);
    expect(patient.invoker.outcomes).toMatchObject([{ at: 10 + 12 + 0.11, succeeded: true }]);
    const hasty = setup({ coldStartMs: 12_000, timeoutSeconds: 5 });
    hasty.invoker.invoke(records(hasty.world, 1));
    hasty.world.run(100);
    expect(hasty.invoker.outcomes).toMatchObject([{ at: 15, succeeded: false }]);
  });

  it('cuts an invocation at its timeout and initialises its environment again inside the next one', () => {
    const { world, fn, invoker } = setup({ perRecordMs: 1000, coldStartMs: 400, timeoutSeconds: 3 });
    invoker.invoke(records(world, 5));
    world.at(10, () => invoker.invoke(records(world, 1)));
    world.at(20, () => invoker.invoke(records(world, 1)));
    world.run(30);
    expect(invoker.outcomes).toMatchObject([
      { at: 3.4, succeeded: false, failedAt: -1 },
      { at: 11.5, succeeded: true },
      { at: 21.1, succeeded: true },
    ]);
    expect([sum(fn, 'Timeouts'), sum(fn, 'Errors'), sum(fn, 'ColdStarts')]).toEqual([1, 1, 1]);
    expect(world.deliveries).toHaveLength(2);
  });

  it('draws service times by the ordinal of the invocation', () => {
    const times = [0, 1].map(() => {
      const { world, invoker } = setup({
        serviceTimeLaw: 'lognormal',
        coefficientOfVariation: 0.5,
        timeoutSeconds: 900,
      });
      for (let i = 0; i < 20; i++) world.at(i, () => invoker.invoke(records(world, 1)));
      world.run(100);
      return invoker.outcomes.map(({ at, token }) => at - token);
    });
    expect(times[0]).toEqual(times[1]);
    expect(new Set(times[0]!.map((time) => time.toFixed(6))).size).toBe(20);
  });

  it('takes longer under a latency fault', () => {
    const { world, fn, invoker } = setup();
    world.setFaults(fn, { latencyFactor: 4 });
    invoker.invoke(records(world, 1));
    world.run(10);
    expect(invoker.outcomes[0]!.at).toBeCloseTo(0.44, 9);
  });
});

describe('lambda: limits', () => {
  it('throttles above reserved concurrency and counts throttles as neither invocations nor errors', () => {
    const { world, fn, invoker } = setup({ reservedConcurrentExecutions: 2 });
    const answers = [0, 1, 2].map(() => invoker.invoke(records(world, 1)));
    expect(answers).toEqual(['started', 'started', 'throttled']);
    world.run(10);
    expect([sum(fn, 'Invocations'), sum(fn, 'Throttles'), sum(fn, 'Errors')]).toEqual([2, 1, 0]);
    expect(fn.limits.get('reserved-concurrency')).toMatchObject({ refused: 1, peakRatio: 1 });
    expect(invoker.invoke(records(world, 1))).toBe('started');
  });

  it('shares the unreserved concurrency of the account and takes reservations out of it', () => {
    const world = new World({ quotas: { 'lambda/concurrent-executions': 300 } });
    const [a, b, reserved] = [{}, {}, { reservedConcurrentExecutions: 150 }].map((settings, i) => {
      const fn = addFunction(world, `fn-${i}`, settings);
      return new Invoker(world, fn, 'sqs');
    });
    const started = (invoker: Invoker, n: number): number =>
      Array.from({ length: n }, () => invoker.invoke(records(world, 1))).filter((answer) => answer === 'started')
        .length;
    expect(started(a!, 100)).toBe(100);
    expect(started(b!, 100)).toBe(50);
    expect(started(reserved!, 200)).toBe(150);
    world.run(10);
    expect(started(b!, 200)).toBe(150);
  });

  it('keeps 100 environments unreserved and warns when more is reserved', () => {
    const world = new World();
    const greedy = addFunction(world, 'greedy', { reservedConcurrentExecutions: 950 });
    const other = addFunction(world, 'other', {});
    expect([greedy.warnings, other.warnings]).toEqual([['lambda/too-much-reserved'], ['lambda/too-much-reserved']]);
    const invoker = new Invoker(world, other, 'sqs');
    const answers = Array.from({ length: 101 }, () => invoker.invoke(records(world, 1)));
    expect(answers.filter((answer) => answer === 'started')).toHaveLength(100);
  });

  it('takes ten synchronous requests a second for each unit of reserved concurrency, short as they may be', () => {
    const { world, fn, invoker } = setup({ reservedConcurrentExecutions: 3, perInvocationMs: 1, perRecordMs: 0 });
    let started = 0;
    for (let i = 0; i < 400; i++) {
      world.at(i * 0.01, () => {
        if (invoker.invoke(records(world, 1)) === 'started') started++;
      });
    }
    world.run(10);
    // One second's worth at once and 30 a second for the 3.99 s that follow.
    expect(started).toBe(30 + 119);
    expect(fn.limits.get('request-rate')!.refused).toBe(400 - 149);
  });

  it('adds no more than 1,000 environments at once and 100 more a second', () => {
    const { world, fn, invoker } = setup({ perInvocationMs: 60_000, timeoutSeconds: 900 }, undefined, {
      'lambda/concurrent-executions': 5000,
    });
    const burst = (n: number): number =>
      Array.from({ length: n }, () => invoker.invoke(records(world, 1))).filter((answer) => answer === 'started')
        .length;
    expect(burst(2000)).toBe(1000);
    let later = 0;
    world.at(5, () => (later = burst(2000)));
    world.run(6);
    expect(later).toBe(500);
    expect(fn.limits.get('concurrency-scaling')!.refused).toBe(2500);
  });

  it('serves from provisioned environments without a cold start and spills above them', () => {
    const { world, fn, invoker } = setup({
      provisionedConcurrentExecutions: 2,
      coldStartMs: 500,
      reservedConcurrentExecutions: 3,
    });
    const answers = [0, 1, 2, 3].map(() => invoker.invoke(records(world, 1)));
    expect(answers).toEqual(['started', 'started', 'started', 'throttled']);
    world.run(10);
    expect(invoker.outcomes.map(({ at }) => at)).toEqual([0.11, 0.11, 0.61]);
    expect([sum(fn, 'ColdStarts'), sum(fn, 'ProvisionedConcurrencySpilloverInvocations')]).toEqual([1, 1]);
    expect(fn.gauges.get('ProvisionedConcurrencyUtilization')!.summary('Percent').max).toBe(100);
  });

  it('keeps to the share of its concurrency that a throttling fault leaves', () => {
    const { world, fn, invoker } = setup({ reservedConcurrentExecutions: 10 });
    world.setFaults(fn, { capacityRatio: 0.2 });
    const answers = Array.from({ length: 5 }, () => invoker.invoke(records(world, 1)));
    expect(answers.filter((answer) => answer === 'started')).toHaveLength(2);
  });

  it('fails at once in an outage, without an invocation or an attempt', () => {
    const { world, fn, invoker } = setup();
    world.setFaults(fn, { outage: true });
    expect(invoker.invoke(records(world, 1))).toBe('failed');
    expect([sum(fn, 'Invocations'), sum(fn, 'Errors'), sum(fn, 'Throttles')]).toEqual([0, 0, 0]);
  });

  it('logs throttling as one episode', () => {
    const { world, fn, invoker } = setup({ reservedConcurrentExecutions: 1 });
    for (let i = 0; i < 50; i++) world.at(i, () => [0, 1].forEach(() => invoker.invoke(records(world, 1))));
    world.run(200);
    expect(fn.log.map(({ t, code, params }) => [t, code, params])).toEqual([
      [0, 'lambda/throttled', { limit: 'reserved-concurrency' }],
      [109, 'lambda/throttling-over', { refused: 50, seconds: 49 }],
    ]);
  });

  it('records the iterator age of the batches it is handed', () => {
    const { world, fn, invoker } = setup();
    invoker.invoke(records(world, 1), 'off', 2_500_000);
    invoker.invoke(records(world, 1));
    expect(fn.samples.get('IteratorAge')!.summary('Milliseconds')).toMatchObject({ max: 2500 });
    expect(fn.samples.get('IteratorAge')!.histogram.count).toBe(1);
  });
});

describe('lambda: failures', () => {
  const poisoned = (world: World, n: number, bad: readonly number[]): number[] => {
    const parcels = records(world, n);
    for (const index of bad) world.flow.store.flags[parcels[index]!]! |= FLAG_POISON;
    return parcels;
  };

  it('fails at a poison record after those before it have taken effect, and repeats them as duplicates', () => {
    const { world, fn, invoker } = setup();
    const parcels = poisoned(world, 10, [3]);
    invoker.invoke(parcels);
    world.at(1, () => invoker.invoke(parcels));
    world.run(10);
    // 100 ms and 10 ms for each of the four records it got through.
    expect(invoker.outcomes).toMatchObject([
      { at: 0.14, succeeded: false, failedAt: 3 },
      { at: 1.14, succeeded: false, failedAt: 3 },
    ]);
    expect(world.ledger()).toMatchObject({ delivered: 3, duplicates: { made: 3, delivered: 3 } });
    expect(sum(fn, 'Errors')).toBe(2);
    expect(world.imbalances().every((difference) => difference === 0)).toBe(true);
  });

  it('leaves no effect of a failed batch that is one transaction', () => {
    const { world, invoker } = setup({ failureEffect: 'none' });
    invoker.invoke(poisoned(world, 10, [3]));
    world.run(10);
    expect(invoker.outcomes).toMatchObject([{ succeeded: false, failedAt: 3 }]);
    expect(world.deliveries).toHaveLength(0);
  });

  it('succeeds and names the first failed record where the mapping understands item failures', () => {
    const { world, fn, invoker } = setup();
    invoker.invoke(poisoned(world, 10, [3, 7]), 'first');
    world.run(10);
    expect(invoker.outcomes).toMatchObject([{ at: 0.14, succeeded: true, failedAt: 3 }]);
    expect(world.deliveries).toHaveLength(3);
    expect(sum(fn, 'Errors')).toBe(0);
  });

  it('works on all messages and names every failed one where each counts for itself', () => {
    const { world, invoker } = setup();
    invoker.invoke(poisoned(world, 10, [3, 7]), 'each');
    world.run(10);
    expect(invoker.outcomes).toMatchObject([{ at: 0.2, succeeded: true, failedAt: 3, failures: [3, 7] }]);
    expect(world.deliveries.map(({ entity }) => entity)).toEqual([0, 1, 2, 4, 5, 6, 8, 9]);
  });

  it('fails whole invocations at the error share of the handler and of a fault together, without any effect', () => {
    const { world, fn, invoker } = setup({ errorRatio: 0.3 });
    world.setFaults(fn, { invocationErrorRatio: 0.5 });
    for (let i = 0; i < 4000; i++) world.at(i * 0.2, () => invoker.invoke(records(world, 2)));
    world.run(1000);
    const failed = invoker.outcomes.filter(({ succeeded }) => !succeeded).length;
    // 1 - 0.7 x 0.5 = 0.65; standard deviation 30.2 of 4,000; four of them is one false alarm in 16,000.
    expect(Math.abs(failed - 2600)).toBeLessThan(121);
    expect(world.deliveries).toHaveLength(2 * (4000 - failed));
    expect(sum(fn, 'Errors')).toBe(failed);
  });

  it('meets record errors anew at every attempt', () => {
    const { world, fn, invoker } = setup();
    world.setFaults(fn, { recordErrorRatio: 0.5 });
    const [record] = records(world, 1);
    for (let i = 0; i < 40; i++) world.at(i, () => invoker.invoke([record!], 'first'));
    world.run(100);
    const failed = invoker.outcomes.filter(({ failedAt }) => failedAt === 0).length;
    expect(failed).toBeGreaterThan(5);
    expect(failed).toBeLessThan(35);
  });
});

describe('lambda: what it sends on', () => {
  const wired =
    (emit: Record<string, unknown>, refusals = 0) =>
    (world: World): Wiring => {
      const sink = world.sink('sink');
      let left = refusals;
      const push: Push = {
        meeting: 'push',
        offer(request, isBatch, reply) {
          if (left-- > 0) Object.assign(reply, newReply(), { refused: request.units });
          else pushOf(sink, 'in').offer(request, isBatch, reply);
        },
      };
      const gate = world.add('gate', () => ({ inputs: { in: push } }), {});
      return { outputs: { output: [{ id: 'out', emit, targets: [{ node: gate, port: 'in' }] }] } };
    };

  it('adds the time of its calls to the invocation and to the bill', () => {
    const { world, fn, invoker } = setup({}, wired({ callLatencyMs: 30 }));
    invoker.invoke(records(world, 2));
    world.run(10);
    expect(invoker.outcomes).toMatchObject([{ at: 0.18, succeeded: true }]);
    expect(fn.usage.get('gbSeconds')!.total).toBeCloseTo((1769 / 1024) * 0.18, 9);
    expect(world.deliveries).toHaveLength(2);
    expect(world.imbalances().every((difference) => difference === 0)).toBe(true);
  });

  it('fails when its calls are refused to the end, and takes the effects back', () => {
    const { world, fn, invoker } = setup(
      {},
      wired({ callLatencyMs: 10, maxAttempts: 2, retryBaseMs: 0, retryMaxMs: 0 }, 1000),
    );
    invoker.invoke(records(world, 1));
    world.run(10);
    expect(invoker.outcomes).toMatchObject([{ succeeded: false, failedAt: -1 }]);
    expect(sum(fn, 'Errors')).toBe(1);
    expect(world.ledger()).toMatchObject({ created: 1, inside: 1, delivered: 0 });
    expect(world.imbalances().every((difference) => difference === 0)).toBe(true);
  });

  it('is cut off by its timeout while calls are under way; the source hears of it when they have ended', () => {
    const { world, fn, invoker } = setup({ timeoutSeconds: 3 }, wired({ callLatencyMs: 5000 }));
    invoker.invoke(records(world, 1));
    let busyAfter = -1;
    world.at(3.5, () => (busyAfter = fn.gauges.get('ConcurrentExecutions')!.value));
    world.run(10);
    expect(busyAfter).toBe(0);
    expect(invoker.outcomes).toMatchObject([{ at: 5.11, succeeded: false }]);
    expect(sum(fn, 'Timeouts')).toBe(1);
    expect(duration(fn).max).toBeCloseTo(3000, 0);
    expect(world.deliveries).toHaveLength(1);
  });

  it('counts a repeated emission as duplicates', () => {
    const { world, invoker } = setup({}, wired({ callLatencyMs: 1 }));
    const parcels = records(world, 3);
    world.flow.store.flags[parcels[2]!]! |= FLAG_POISON;
    invoker.invoke(parcels);
    world.at(1, () => invoker.invoke(parcels));
    world.run(10);
    expect(world.ledger()).toMatchObject({ delivered: 2, duplicates: { made: 2, delivered: 2 } });
    expect(world.imbalances().every((difference) => difference === 0)).toBe(true);
  });
});

describe('lambda: asynchronous events', () => {
  const events = (settings: Partial<Config> = {}, hasDestination = false) => {
    const world = new World({ horizonSeconds: 36_000 });
    const failed = world.sink('failed');
    const wiring = hasDestination ? { outlets: { 'on-failure': [{ node: failed, port: 'in' }] } } : {};
    const fn = addFunction(world, 'fn', settings, wiring);
    const send = (bytes = 100) => world.send(pushOf(fn, 'events'), [world.record({ bytes })]);
    return { world, fn, failed, send };
  };

  it('takes an event, answers after its latency, and runs it as an invocation of one', () => {
    const { world, fn, send } = events({ asyncInvokeLatencyMs: 20 });
    expect(send().reply).toMatchObject({ accepted: 1, refused: 0, failed: 0, latencyUs: 20_000 });
    world.run(10);
    expect(world.deliveries).toMatchObject([{ node: fn.index, seconds: 0.11 }]);
    expect([sum(fn, 'AsyncEventsReceived'), sum(fn, 'Invocations')]).toEqual([1, 1]);
  });

  it('retries after an error 1 minute and 2 minutes later, then drops the event', () => {
    const { world, fn, send } = events({ errorRatio: 1 });
    send();
    world.run(400);
    expect(sum(fn, 'Invocations')).toBe(3);
    expect(fn.samples.get('AsyncEventAge')!.histogram.max).toBeCloseTo(180_220, -3);
    expect(world.ledger().droppedBy).toEqual({ 'retries-exhausted': 1 });
    expect(sum(fn, 'AsyncEventsDropped')).toBe(1);
    expect(fn.log.map(({ t, code }) => [t.toFixed(2), code])).toEqual([
      ['180.33', 'lambda/events-given-up'],
      ['240.33', 'lambda/events-given-up-over'],
    ]);
  });

  it('retries as often as it is told', () => {
    const { world, fn, send } = events({ errorRatio: 1, maximumRetryAttempts: 0 });
    send();
    world.run(400);
    expect(sum(fn, 'Invocations')).toBe(1);
  });

  it('hands what it gives up to the on-failure destination', () => {
    const { world, fn, failed, send } = events({ errorRatio: 1, maximumRetryAttempts: 1 }, true);
    send();
    world.run(400);
    expect(world.deliveries).toMatchObject([{ node: failed.index }]);
    expect(world.ledger()).toMatchObject({ delivered: 1, dropped: 0 });
    expect(sum(fn, 'DestinationDeliveryFailures')).toBe(0);
    expect(world.imbalances().every((difference) => difference === 0)).toBe(true);
  });

  it('drops what its destination refuses three times', () => {
    const { world, fn, failed, send } = events({ errorRatio: 1, maximumRetryAttempts: 0 }, true);
    world.setFaults(failed, { outage: true });
    send();
    world.run(400);
    expect(sum(fn, 'DestinationDeliveryFailures')).toBe(3);
    expect(world.ledger().droppedBy).toEqual({ 'on-failure-refused': 1 });
  });

  it('puts throttled events back for 1 s, 2 s, 4 s and more, without counting them as retries', () => {
    const { world, fn, send } = events({ reservedConcurrentExecutions: 1, perInvocationMs: 5000, timeoutSeconds: 900 });
    send();
    send();
    world.run(100);
    // The second is refused at 0, 1 and 3 s and starts at 7 s.
    expect(sum(fn, 'Throttles')).toBe(3);
    expect(fn.samples.get('AsyncEventAge')!.histogram.max).toBeCloseTo(7000, -2);
    expect(world.deliveries).toHaveLength(2);
  });

  it('gives throttled events up at the maximum event age', () => {
    const { world, fn, send } = events({ reservedConcurrentExecutions: 0, maximumEventAgeInSeconds: 60 });
    send();
    world.run(400);
    // Tried at 0, 1, 3, 7, 15 and 31 s; the next would be at 63 s.
    expect(sum(fn, 'Throttles')).toBe(6);
    expect(world.ledger().droppedBy).toEqual({ 'event-too-old': 1 });
  });

  it('waits out an outage without losing retries', () => {
    const { world, fn, send } = events();
    world.at(0, () => {
      send();
    });
    world.setFaults(fn, { outage: true });
    world.at(100, () => world.setFaults(fn, { outage: false }));
    world.run(400);
    expect(world.deliveries).toHaveLength(1);
    expect(sum(fn, 'Invocations')).toBe(1);
  });

  it('is not bound by the request rate', () => {
    const { world, fn } = events({ reservedConcurrentExecutions: 20, perInvocationMs: 1, perRecordMs: 0 });
    const parcels = Array.from({ length: 20 }, () => world.record());
    for (let i = 0; i < 100; i++) {
      world.at(i * 0.002, () => world.send(pushOf(fn, 'events'), i === 0 ? parcels : [world.record()]));
    }
    world.run(10);
    expect(fn.limits.get('request-rate')!.refused).toBe(0);
    expect(sum(fn, 'Throttles')).toBe(0);
  });

  it('refuses events above 1 MB and leaves them with the caller', () => {
    const { world, fn } = events();
    const parcels = [100, 1_048_577, 200].map((bytes) => world.record({ bytes }));
    const { reply, left } = world.send(pushOf(fn, 'events'), parcels);
    expect(reply).toMatchObject({ accepted: 2, failed: 1 });
    expect(left.length).toBe(1);
    expect(left.head).toBe(parcels[1]);
  });

  it('bills a large event as one request and one more for each 64 KB above 256 KB', () => {
    const { world, fn, send } = events();
    send(262_144);
    send(262_145);
    send(1_048_576);
    world.run(10);
    expect(fn.usage.get('requests')!.total).toBe(1 + 2 + 13);
  });
});
