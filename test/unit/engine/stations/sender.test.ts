/** Calls of an emitter: what is refused, retried, given up and taken back, and how long that takes. */
import { describe, expect, it } from 'vitest';
import { ParcelList } from '#engine/flow/parcels.ts';
import { Emitter } from '#engine/stations/emitter.ts';
import { audit } from '../flow/books.ts';
import { Ends, single, World } from './target.ts';

const MS = 1000;
const SECOND = 1_000_000;

describe('a continuous sender', () => {
  it('loses only the refused record of a unit, not those still to be sent', () => {
    const { world, target, emitter } = single({ maxAttempts: 1 });
    target.script.push(1, 0, 1);
    const list = new ParcelList(world.flow.store);
    for (let i = 0; i < 3; i += 1) list.push(world.record(1));
    emitter.forward(world.flow.pack(list, 0));
    expect(target.entities).toEqual([0, 2]);
    expect(audit(world.flow)).toMatchObject({ inside: 2, dropped: 1, droppedBy: { 'send-attempts-exhausted': 1 } });
    expect(target.dropped).toBe(1);
  });

  it('sends again what was refused, and only that, until the attempts are used up', () => {
    const { world, target, emitter } = single({ batchSize: 4, maxAttempts: 3, lingerMs: 0 });
    target.script.push(1, 2, 0);
    for (let i = 0; i < 4; i += 1) emitter.forward(world.record(1));
    world.kernel.run(60 * SECOND);
    expect(target.offers.map(({ units, accepted, isRetry }) => [units, accepted, isRetry])).toEqual([
      [4, 1, false],
      [3, 2, true],
      [1, 0, true],
    ]);
    expect(target.offers[1]!.entities).toEqual([1, 2, 3]);
    expect(target.offers[2]!.entities).toEqual([3]);
    expect(audit(world.flow)).toMatchObject({ created: 4, inside: 3, dropped: 1 });
    expect(emitter.heldRecords).toBe(0);
  });

  it('waits between attempts: at most the base, doubled each time, and never above the cap', () => {
    const waits: number[][] = [];
    for (let run = 0; run < 40; run += 1) {
      const { world, target, emitter } = single({ maxAttempts: 6, retryBaseMs: 100, retryMaxMs: 400 });
      for (let i = 0; i < run; i += 1) world.record(0);
      target.script.push(0, 0, 0, 0, 0, 0);
      emitter.forward(world.record(1));
      world.kernel.run(60 * SECOND);
      const times = target.offers.map(({ atUs }) => atUs);
      expect(times).toHaveLength(6);
      waits.push(times.slice(1).map((atUs, i) => (atUs - times[i]!) / MS));
    }
    const caps = [100, 200, 400, 400, 400];
    caps.forEach((cap, i) => {
      const own = waits.map((row) => row[i]!);
      expect(Math.max(...own)).toBeLessThanOrEqual(cap);
      // Full jitter: uniform between 0 and the cap. The mean of 40 lies within five standard deviations.
      const mean = own.reduce((sum, wait) => sum + wait, 0) / own.length;
      expect(Math.abs(mean - cap / 2)).toBeLessThan((5 * cap) / Math.sqrt(12 * own.length));
    });
  });

  it('does not come back before the callee asked it to', () => {
    const { world, target, emitter } = single({ maxAttempts: 2, retryBaseMs: 1 });
    target.script.push(0);
    target.retryAfterUs = 3 * SECOND;
    emitter.forward(world.record(1));
    world.kernel.run(60 * SECOND);
    expect(target.offers.map(({ atUs }) => atUs)).toEqual([0, 3 * SECOND]);
  });

  it('learns of a refusal one round trip later, and holds the records meanwhile', () => {
    const { world, target, emitter } = single({ maxAttempts: 2, callLatencyMs: undefined, retryBaseMs: 0 });
    target.latencyUs = 50 * MS;
    target.script.push(0);
    emitter.forward(world.record(1));
    expect(emitter.heldRecords).toBe(1);
    world.kernel.run(40 * MS);
    expect(target.offers).toHaveLength(1);
    world.kernel.run(SECOND);
    expect(target.offers.map(({ atUs }) => atUs)).toEqual([0, 50 * MS + 1]);
    expect(emitter.heldRecords).toBe(0);
  });
});

describe('an invocation', () => {
  it('waits for the latency its target gives, or its own times the factor of a fault', () => {
    const own = single({ callLatencyMs: 20 });
    own.target.latencyUs = 5 * MS;
    own.target.latencyFactor = 3;
    own.emitter.emit(own.world.batch(1), 1, own.ends, 0);
    own.world.kernel.run(SECOND);
    expect(own.ends.seen[0]!.atUs).toBe(60 * MS);
    const given = single({ callLatencyMs: undefined });
    given.target.latencyUs = 5 * MS;
    given.emitter.emit(given.world.batch(1), 1, given.ends, 0);
    given.world.kernel.run(SECOND);
    expect(given.ends.seen[0]!.atUs).toBe(5 * MS);
  });

  it('fails when its attempts run out: what was not accepted comes back, what was is repeated as duplicates', () => {
    const { world, target, emitter, ends } = single({ batchSize: 4, maxAttempts: 2, retryBaseMs: 1 });
    target.script.push(1, 0);
    const units = world.batch(4);
    emitter.emit(units, 4, ends, 0);
    world.kernel.run(SECOND);
    expect(ends.seen.map(({ ok }) => ok)).toEqual([false]);
    expect(target.dropped).toBe(0);
    expect(audit(world.flow)).toMatchObject({ inside: 4, dropped: 0, duplicates: { made: 0 } });
    expect(world.flow.countInside()[0]!.inside).toBe(3);
    emitter.emit(units, 4, ends, 1);
    world.settle(units);
    expect(ends.seen.map(({ ok }) => ok)).toEqual([false, true]);
    expect(audit(world.flow)).toMatchObject({ inside: 4, dropped: 0, duplicates: { made: 1, inside: 1 } });
    expect(world.deliveries).toEqual([]);
  });

  it('drops what is not accepted where the output says so, and succeeds', () => {
    const { world, target, emitter, ends } = single({ batchSize: 4, maxAttempts: 1, onExhausted: 'drop' });
    target.script.push(3);
    const units = world.batch(4);
    emitter.emit(units, 4, ends, 0);
    world.settle(units);
    expect(ends.seen[0]!.ok).toBe(true);
    expect(target.dropped).toBe(1);
    expect(audit(world.flow)).toMatchObject({ inside: 3, dropped: 1, droppedBy: { 'send-attempts-exhausted': 1 } });
  });

  it('takes back what is still to be sent when a call fails, through every output', () => {
    const world = new World();
    const [left, right] = [world.target(), world.target()];
    const emitter = new Emitter(world, [
      world.output('left', [left], { maxAttempts: 1, callLatencyMs: 10 }),
      world.output('right', [right], { onExhausted: 'drop' }),
    ]);
    const ends = new Ends(world);
    left.script.push(1, 0);
    const units = world.batch(4);
    emitter.emit(units, 4, ends, 0);
    world.kernel.run(SECOND);
    expect(ends.seen.map(({ ok }) => ok)).toEqual([false]);
    expect([left.offers.length, right.offers.length]).toEqual([2, 0]);
    expect(audit(world.flow)).toMatchObject({ inside: 4, dropped: 0, copied: 0 });
    emitter.emit(units, 4, ends, 1);
    world.kernel.run(2 * SECOND);
    world.settle(units);
    expect(audit(world.flow)).toMatchObject({ inside: 8, copied: 4, dropped: 0, duplicates: { made: 1 } });
  });

  it('takes back, and does not lose, what another output would drop when the invocation has failed', () => {
    const world = new World();
    const [strict, lax] = [world.target(), world.target()];
    const emitter = new Emitter(world, [
      world.output('strict', [strict], { maxAttempts: 1, callLatencyMs: 1, order: 'parallel' }),
      world.output('lax', [lax], { maxAttempts: 3, callLatencyMs: 5, order: 'parallel', onExhausted: 'drop' }),
    ]);
    const ends = new Ends(world);
    strict.script.push(0);
    lax.script.push(0);
    const units = world.batch(1);
    emitter.emit(units, 1, ends, 0);
    world.kernel.run(SECOND);
    expect(ends.seen).toEqual([{ token: 0, ok: false, atUs: 5 * MS }]);
    expect(lax.offers).toHaveLength(1);
    expect(audit(world.flow)).toMatchObject({ inside: 1, dropped: 0 });
    emitter.emit(units, 1, ends, 1);
    world.kernel.run(2 * SECOND);
    world.settle(units);
    expect(audit(world.flow)).toMatchObject({ inside: 2, copied: 1, dropped: 0, duplicates: { made: 0 } });
  });
});
