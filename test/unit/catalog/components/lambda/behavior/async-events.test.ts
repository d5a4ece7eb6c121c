import { describe, expect, it } from 'vitest';
import type { Config } from '#catalog/components/lambda/config.ts';
import { pushOf, World } from '#test/harness/behavior.ts';
import { addFunction, sum } from './function-fixture.ts';

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
