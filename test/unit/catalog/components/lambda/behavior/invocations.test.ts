import { describe, expect, it } from 'vitest';
import { FLAG_POISON } from '#engine/flow/parcels.ts';
import { newReply, type Push } from '#engine/flow/ports.ts';
import { pushOf, type Wiring, type World } from '#test/harness/behavior.ts';
import { duration, records, setup, sum } from './function-fixture.ts';

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
    expect([sum(fn, 'Errors'), sum(fn, 'InvocationsFailedByRecord')]).toEqual([2, 2]);
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
    expect(sum(fn, 'InvocationsFailedByRecord')).toBe(0);
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
