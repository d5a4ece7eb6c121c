import { describe, expect, it } from 'vitest';
import { World } from '#test/harness/behavior.ts';
import { Invoker } from '#test/harness/invoker.ts';
import { addFunction, duration, records, setup, sum } from './function-fixture.ts';

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
