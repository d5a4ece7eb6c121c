/** What an emitter makes of records: none, others, one of many; and that nothing is lost or doubled when work is repeated. */
import { describe, expect, it } from 'vitest';
import { Emitter } from '#engine/stations/emitter.ts';
import { audit } from '../flow/books.ts';
import { Ends, single, World } from './target.ts';

describe('a continuous sender', () => {
  it('filters below a selectivity of one and explodes above it, the mean being the selectivity', () => {
    for (const selectivity of [0.3, 2.5]) {
      const { world, target, emitter } = single({ selectivity });
      const n = 5000;
      for (let i = 0; i < n; i += 1) emitter.forward(world.record(1));
      const rest = selectivity % 1;
      const deviation = Math.sqrt(rest * (1 - rest) * n);
      expect(Math.abs(target.taken.length - selectivity * n)).toBeLessThan(5 * deviation);
      const ledger = audit(world.flow);
      expect(ledger.inside).toBe(target.taken.length);
      if (selectivity < 1) expect(ledger.filtered).toBe(n - target.taken.length);
      else expect(ledger).toMatchObject({ absorbed: n, emitted: target.taken.length });
    }
  });

  it('decides anew about a record that comes round again', () => {
    const { world, target, emitter } = single({ selectivity: 0.5 });
    let rounds = 0;
    emitter.forward(world.record(1));
    while (target.taken.length > 0 && rounds < 200) {
      rounds += 1;
      const p = target.taken.shift();
      world.flow.transfer(p, 1);
      emitter.forward(p);
    }
    expect(rounds).toBeLessThan(200);
    expect(audit(world.flow)).toMatchObject({ filtered: 1 });
  });

  it('gives what leaves on a cycle another identity, and what leaves elsewhere its own', () => {
    const world = new World();
    const [back, on] = [world.target(), world.target()];
    back.isFeedback = true;
    const emitter = new Emitter(world, [world.output('out', [back, on])]);
    emitter.forward(world.record(1));
    expect(on.entities).toEqual([0]);
    expect(back.entities[0]).toBeGreaterThanOrEqual(2 ** 50);
  });

  it('draws filters of two outputs independently', () => {
    const world = new World();
    const [left, right] = [world.target(), world.target()];
    const emitter = new Emitter(world, [
      world.output('left', [left], { selectivity: 0.5 }),
      world.output('right', [right], { selectivity: 0.5 }),
    ]);
    const n = 4000;
    for (let i = 0; i < n; i += 1) emitter.forward(world.record(1));
    const taken = new Set(left.entities);
    const both = right.entities.filter((entity) => taken.has(entity)).length;
    expect(Math.abs(both - n / 4)).toBeLessThan(5 * Math.sqrt(n * 0.25 * 0.75));
  });

  it('changes size and key as the output says', () => {
    const { world, target, emitter } = single({ sizeFactor: 0.004, key: 'new' });
    emitter.forward(world.record(1, 1000));
    emitter.forward(world.record(1, 1));
    const { store } = world.flow;
    const first = target.taken.head;
    expect([store.bytes[first], store.key[first]]).toEqual([4, -1]);
    expect(store.bytes[store.next[first]!]).toBe(1);
  });
});

describe('an invocation', () => {
  it('loses nothing and duplicates nothing when records it makes of one are refused and made again', () => {
    const { world, target, emitter, ends } = single({ selectivity: 3, batchSize: 10, maxAttempts: 1 });
    target.script.push(0);
    const units = world.batch(2);
    emitter.emit(units, 2, ends, 0);
    expect(ends.seen[0]!.ok).toBe(false);
    expect(audit(world.flow)).toMatchObject({ inside: 2, emitted: 0, absorbed: 0, dropped: 0 });
    emitter.emit(units, 2, ends, 1);
    world.settle(units);
    expect(target.taken.length).toBe(6);
    expect(audit(world.flow)).toMatchObject({
      emitted: 6,
      absorbed: 2,
      dropped: 0,
      inside: 6,
      duplicates: { made: 0 },
    });
  });

  it('sends only as duplicates those made records that were accepted before', () => {
    const { world, target, emitter, ends } = single({ selectivity: 4, batchSize: 10, maxAttempts: 1 });
    target.script.push(3);
    const units = world.batch(1);
    emitter.emit(units, 1, ends, 0);
    expect(audit(world.flow)).toMatchObject({ emitted: 3, absorbed: 1, dropped: 0 });
    emitter.emit(units, 1, ends, 1);
    world.settle(units);
    expect(target.taken.length).toBe(7);
    expect(audit(world.flow)).toMatchObject({
      emitted: 4,
      absorbed: 1,
      duplicates: { made: 4, removed: 1, inside: 3 },
    });
  });

  it('filters a record once, though the invocation is repeated', () => {
    const world = new World();
    const [sieve, other] = [world.target(), world.target()];
    const emitter = new Emitter(world, [
      world.output('sieve', [sieve], { selectivity: 0.5 }),
      world.output('other', [other], { maxAttempts: 1 }),
    ]);
    const ends = new Ends(world);
    other.script.push(0);
    const units = world.batch(40);
    emitter.emit(units, 40, ends, 0);
    const accepted = sieve.taken.length;
    expect(audit(world.flow)).toMatchObject({ filtered: 0, inside: 40, duplicates: { made: 0 } });
    emitter.emit(units, 40, ends, 1);
    world.settle(units);
    const passed = sieve.taken.length - accepted;
    expect(passed).toBe(accepted);
    expect(audit(world.flow)).toMatchObject({ filtered: 40 - passed, duplicates: { made: accepted } });
  });

  it('absorbs its batch into one record with the size and the events of all', () => {
    const { world, target, emitter, ends } = single({ per: 'batch', sizeFactor: 0.5, key: 'new' });
    const units = Int32Array.from({ length: 3 }, (_, i) => {
      const p = world.record(0, 100 * (i + 1));
      world.flow.store.e0[p] = 1000 - i;
      world.flow.store.e1[p] = 2000 + i;
      return p;
    });
    emitter.emit(units, 3, ends, 0);
    world.settle(units);
    const { store } = world.flow;
    const p = target.taken.head;
    expect([store.bytes[p], store.e0[p], store.e1[p], store.key[p]]).toEqual([300, 998, 2002, -1]);
    expect(target.taken.length).toBe(1);
    expect(audit(world.flow)).toMatchObject({ created: 3, absorbed: 3, emitted: 1, inside: 1, delivered: 0 });
  });

  it('makes a batch record anew when it was refused, without loss or duplicate', () => {
    const { world, target, emitter, ends } = single({ per: 'batch', selectivity: 2, maxAttempts: 1, batchSize: 2 });
    target.script.push(0, 1);
    const units = world.batch(5);
    emitter.emit(units, 5, ends, 0);
    expect(audit(world.flow)).toMatchObject({ inside: 5, absorbed: 0, emitted: 0, dropped: 0 });
    emitter.emit(units, 5, ends, 1);
    expect(ends.seen.map(({ ok }) => ok)).toEqual([false, false]);
    expect(audit(world.flow)).toMatchObject({ absorbed: 5, emitted: 1, dropped: 0 });
    emitter.emit(units, 5, ends, 2);
    world.settle(units);
    expect(audit(world.flow)).toMatchObject({ absorbed: 5, emitted: 2, dropped: 0, inside: 2 });
    expect(target.taken.length).toBe(3);
  });

  it('gives every record made of a batch an identity of its own', () => {
    const { world, target, emitter, ends } = single({ per: 'batch', selectivity: 300, batchSize: 500 });
    emitter.emit(world.batch(2), 2, ends, 0);
    expect(new Set(target.entities).size).toBe(300);
  });

  it('makes nothing of a batch when the draw says so, and absorbs it all the same', () => {
    const { world, target, emitter, ends } = single({ per: 'batch', selectivity: 0 });
    const units = world.batch(3);
    emitter.emit(units, 3, ends, 0);
    world.settle(units);
    expect(target.offers).toHaveLength(0);
    expect(ends.seen[0]!.ok).toBe(true);
    expect(audit(world.flow)).toMatchObject({ absorbed: 3, inside: 0, delivered: 0 });
  });
});
