/** Both ways through an emitter: records that move on themselves, and effects of invocations; packing, calls, routes. */
import { describe, expect, it } from 'vitest';
import { NONE, ParcelList } from '#engine/flow/parcels.ts';
import { type EmitListener, Emitter } from '#engine/stations/emitter.ts';
import { audit } from '../flow/books.ts';
import { Ends, single, World } from './target.ts';

const MS = 1000;
const SECOND = 1_000_000;

describe('a continuous sender', () => {
  it('hands single records over at once', () => {
    const { world, target, emitter } = single();
    emitter.forward(world.record(1));
    expect(target.offers).toEqual([
      { atUs: 0, units: 1, records: 1, bytes: 100, accepted: 1, entities: [0], isBatch: false, isRetry: false },
    ]);
    expect(emitter.heldRecords).toBe(0);
    expect(audit(world.flow)).toMatchObject({ created: 1, inside: 1 });
    expect(world.kernel.pendingCount).toBe(0);
  });

  it('delivers records at the node when nothing is linked', () => {
    const world = new World();
    const emitter = new Emitter(world, []);
    expect(emitter.isSink).toBe(true);
    emitter.forward(world.record(1));
    expect(world.deliveries).toEqual([1]);
    expect(audit(world.flow)).toMatchObject({ delivered: 1 });
  });

  it('gives every edge of every output its copy', () => {
    const world = new World();
    const targets = [world.target(), world.target(), world.target()];
    const emitter = new Emitter(world, [world.output('a', targets.slice(0, 2)), world.output('b', targets.slice(2))]);
    emitter.forward(world.record(1));
    expect(targets.map(({ taken }) => taken.length)).toEqual([1, 1, 1]);
    expect(audit(world.flow)).toMatchObject({ created: 1, copied: 2, inside: 3 });
  });

  it('sends a full call at once and the rest when the linger time of its first record is over', () => {
    const { world, target, emitter } = single({ batchSize: 3, lingerMs: 50 });
    const add = world.kernel.register(() => emitter.forward(world.record(1)));
    for (const atMs of [0, 10, 20, 30, 70]) world.kernel.at(atMs * MS, add);
    world.kernel.run(25 * MS);
    expect(target.offers.map(({ atUs, units, isBatch }) => [atUs, units, isBatch])).toEqual([[20 * MS, 3, true]]);
    world.kernel.run(40 * MS);
    expect(emitter.heldRecords).toBe(1);
    world.kernel.run(SECOND);
    expect(target.offers.map(({ atUs, units }) => [atUs, units])).toEqual([
      [20 * MS, 3],
      [80 * MS, 2],
    ]);
    expect(emitter.heldRecords).toBe(0);
    expect(audit(world.flow)).toMatchObject({ created: 5, inside: 5 });
  });

  it('opens a new linger window after a call that was full', () => {
    const { world, target, emitter } = single({ batchSize: 2, lingerMs: 50 });
    const add = world.kernel.register(() => emitter.forward(world.record(1)));
    for (const atMs of [0, 1, 40]) world.kernel.at(atMs * MS, add);
    world.kernel.run(SECOND);
    expect(target.offers.map(({ atUs }) => atUs)).toEqual([1 * MS, 90 * MS]);
  });

  it('sends what comes at one instant in one call when the linger time is zero', () => {
    const { world, target, emitter } = single({ batchSize: 10, lingerMs: 0 });
    for (let i = 0; i < 4; i += 1) emitter.forward(world.record(1));
    world.kernel.run(0);
    expect(target.offers.map(({ units }) => units)).toEqual([4]);
  });

  it('packs records into messages and messages into calls; the last ones are as full as can be', () => {
    const { world, target, emitter } = single({ batchSize: 2, recordsPerMessage: 3, lingerMs: 5 });
    for (let i = 0; i < 10; i += 1) emitter.forward(world.record(1));
    world.kernel.run(SECOND);
    expect(target.offers.map(({ units, records, bytes }) => [units, records, bytes])).toEqual([
      [2, 6, 600],
      [2, 4, 400],
    ]);
    expect(target.entities).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(audit(world.flow)).toMatchObject({ created: 10, inside: 10 });
  });

  it('takes a unit apart before it sends its records on, also while it packs new ones', () => {
    const { world, target, emitter } = single({ recordsPerMessage: 2, lingerMs: 5 });
    const list = new ParcelList(world.flow.store);
    for (let i = 0; i < 5; i += 1) list.push(world.record(1));
    emitter.forward(world.flow.pack(list, 30));
    world.kernel.run(SECOND);
    expect(target.offers.map(({ entities }) => entities)).toEqual([[0, 1], [2, 3], [4]]);
    expect(audit(world.flow)).toMatchObject({ created: 5, inside: 5, dropped: 0 });
  });

  it('tells when what it holds has changed later than the record that came', () => {
    const world = new World();
    const target = world.target();
    target.script.push(0, 0);
    const seen: number[] = [];
    const emitter: Emitter = new Emitter(
      Object.assign(Object.create(world) as World, { onHeldChange: () => seen.push(emitter.heldRecords) }),
      [world.output('out', [target], { batchSize: 2, lingerMs: 10, maxAttempts: 3 })],
    );
    emitter.forward(world.record(1));
    expect(emitter.heldRecords).toBe(1);
    world.kernel.run(60 * SECOND);
    expect(seen).toEqual([1, 1, 0]);
  });

  it('tells at once when a record of a run is held that its target refused', () => {
    const world = new World();
    const target = Object.assign(world.target(), { offerCell: () => undefined });
    target.script.push(0);
    const seen: [us: number, held: number][] = [];
    const emitter: Emitter = new Emitter(
      Object.assign(Object.create(world) as World, {
        onHeldChange: () => seen.push([world.kernel.nowUs, emitter.heldRecords]),
      }),
      [world.output('out', [target], { maxAttempts: 3, retryBaseMs: 10 })],
    );
    emitter.sendCell(world.flow.createRun(0, 0, 1, 2, 200, 0, SECOND));
    world.kernel.run(60 * SECOND);
    expect(seen.map(([, held]) => held)).toEqual([1, 0, 0]);
    expect(seen[1]![0] - seen[0]![0]).toBeLessThanOrEqual(10_000);
  });

  it('sends each record through exactly one of the weighted outputs, and through all the others', () => {
    const world = new World();
    const [often, rarely, always] = [world.target(), world.target(), world.target()];
    const emitter = new Emitter(world, [
      world.output('often', [often], { weight: 3 }),
      world.output('rarely', [rarely], { weight: 1 }),
      world.output('always', [always]),
    ]);
    const n = 4000;
    for (let i = 0; i < n; i += 1) emitter.forward(world.record(1));
    expect(always.taken.length).toBe(n);
    expect(often.taken.length + rarely.taken.length).toBe(n);
    expect(Math.abs(rarely.taken.length - n / 4)).toBeLessThan(5 * Math.sqrt(n * 0.25 * 0.75));
    expect(audit(world.flow)).toMatchObject({ created: n, copied: n });
  });

  it('delivers at the node a record whose weighted output leads nowhere', () => {
    const world = new World();
    const on = world.target();
    const emitter = new Emitter(world, [
      world.output('on', [on], { weight: 1 }),
      world.output('out', [], { weight: 1 }),
    ]);
    for (let i = 0; i < 100; i += 1) emitter.forward(world.record(1));
    expect(on.taken.length).toBeGreaterThan(0);
    expect(world.deliveries.length).toBe(100 - on.taken.length);
    audit(world.flow);
  });
});

describe('an invocation', () => {
  it('sends the effects of its records and leaves the originals alone', () => {
    const { world, target, emitter, ends } = single();
    const units = world.batch(3);
    emitter.emit(units, 3, ends, 7);
    expect(ends.seen).toEqual([{ token: 7, ok: true, atUs: 0 }]);
    expect(target.offers.map(({ units: n }) => n)).toEqual([1, 1, 1]);
    expect(audit(world.flow)).toMatchObject({ created: 3, inside: 3 });
    expect(world.flow.store.liveCount).toBe(6);
    world.settle(units);
    expect(audit(world.flow)).toMatchObject({ inside: 3, delivered: 0 });
  });

  it('leaves the units after the first few alone', () => {
    const { world, target, emitter, ends } = single();
    emitter.emit(world.batch(5), 2, ends, 0);
    expect(target.entities).toEqual([0, 1]);
  });

  it('ends at once when there is nothing to send: no units, or no edges', () => {
    const { world, emitter, ends } = single();
    emitter.emit(new Int32Array(0), 0, ends, 1);
    const sink = new Emitter(new World(), []);
    sink.emit(world.batch(1), 1, ends, 2);
    expect(ends.seen.map(({ token, ok }) => [token, ok])).toEqual([
      [1, true],
      [2, true],
    ]);
  });

  it('sends every record inside a unit', () => {
    const { world, target, emitter, ends } = single({ batchSize: 10 });
    const list = new ParcelList(world.flow.store);
    for (let i = 0; i < 3; i += 1) list.push(world.record(0));
    const unit = world.flow.pack(list, 9);
    emitter.emit(Int32Array.of(unit, world.record(0)), 2, ends, 0);
    expect(target.offers.map(({ entities }) => entities)).toEqual([[0, 1, 2, 3]]);
    world.flow.settle(unit, 1, 0);
    expect(audit(world.flow)).toMatchObject({ created: 4, inside: 4 });
  });

  it('makes sequential calls one after the other: latency adds up', () => {
    const { world, target, emitter, ends } = single({ batchSize: 2, callLatencyMs: 30, order: 'sequential' });
    emitter.emit(world.batch(5), 5, ends, 0);
    world.kernel.run(SECOND);
    expect(target.offers.map(({ atUs, units }) => [atUs, units])).toEqual([
      [0, 2],
      [30 * MS, 2],
      [60 * MS, 1],
    ]);
    expect(ends.seen).toEqual([{ token: 0, ok: true, atUs: 90 * MS }]);
  });

  it('makes parallel calls at once: latency is that of one', () => {
    const { world, target, emitter, ends } = single({ batchSize: 2, callLatencyMs: 30, order: 'parallel' });
    emitter.emit(world.batch(5), 5, ends, 0);
    world.kernel.run(SECOND);
    expect(target.offers.map(({ atUs }) => atUs)).toEqual([0, 0, 0]);
    expect(ends.seen[0]!.atUs).toBe(30 * MS);
  });

  it('makes sequential calls one by one also beside parallel ones', () => {
    const world = new World();
    const [fast, slow] = [world.target(), world.target()];
    const emitter = new Emitter(world, [
      world.output('fast', [fast], { callLatencyMs: 1, order: 'parallel' }),
      world.output('slow', [slow], { callLatencyMs: 10, order: 'sequential' }),
    ]);
    const ends = new Ends(world);
    emitter.emit(world.batch(4), 4, ends, 0);
    world.kernel.run(SECOND);
    expect(fast.offers.map(({ atUs }) => atUs)).toEqual([0, 0, 0, 0]);
    expect(slow.offers.map(({ atUs }) => atUs)).toEqual([0, 10 * MS, 20 * MS, 30 * MS]);
    expect(ends.seen).toEqual([{ token: 0, ok: true, atUs: 40 * MS }]);
  });

  it('routes each record of a batch by weight, the same way in every attempt, also into batch records', () => {
    const world = new World();
    const [one, many] = [world.target(), world.target()];
    const emitter = new Emitter(world, [
      world.output('one', [one], { weight: 1, maxAttempts: 1 }),
      world.output('many', [many], { weight: 1, per: 'batch' }),
    ]);
    const ends = new Ends(world);
    const units = world.batch(60);
    emitter.emit(units, 60, ends, 0);
    world.settle(units);
    expect(one.taken.length).toBeGreaterThan(10);
    expect(one.taken.length).toBeLessThan(50);
    expect(many.taken.length).toBe(1);
    expect(world.flow.store.bytes[many.taken.head]).toBe(100 * (60 - one.taken.length));
    expect(audit(world.flow)).toMatchObject({ absorbed: 60 - one.taken.length, emitted: 1, copied: 0 });
  });

  it('settles at the node a record whose weighted output leads nowhere', () => {
    const world = new World();
    const on = world.target();
    const emitter = new Emitter(world, [
      world.output('on', [on], { weight: 1 }),
      world.output('out', [], { weight: 1 }),
    ]);
    const ends = new Ends(world);
    const units = world.batch(50);
    emitter.emit(units, 50, ends, 0);
    world.settle(units);
    expect(on.taken.length + world.deliveries.length).toBe(50);
    expect(world.deliveries.length).toBeGreaterThan(0);
    audit(world.flow);
  });

  it('serves many invocations at a time, each told once', () => {
    const { world, target, emitter, ends } = single({ callLatencyMs: 7, batchSize: 3 });
    const batches = Array.from({ length: 20 }, () => world.batch(5));
    const begin = world.kernel.register((i) => emitter.emit(batches[i]!, 5, ends, i));
    for (let i = 0; i < 20; i += 1) world.kernel.at(i * MS, begin, i);
    world.kernel.run(SECOND);
    expect(ends.seen.map(({ token }) => token)).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(ends.seen.every(({ atUs, token }) => atUs === (token + 14) * MS)).toBe(true);
    expect(target.taken.records).toBe(100);
    for (const units of batches) world.settle(units);
    expect(audit(world.flow)).toMatchObject({ created: 100, inside: 100 });
    expect(world.flow.store.liveCount).toBe(100);
  });

  it('may be begun again by the one who is told that it has ended', () => {
    const { world, target, emitter } = single({ callLatencyMs: 5 });
    const units = world.batch(1);
    let rounds = 0;
    const listener: EmitListener = {
      onEmitted: () => {
        rounds += 1;
        if (rounds < 4) emitter.emit(units, 1, listener, rounds);
      },
    };
    emitter.emit(units, 1, listener, 0);
    world.kernel.run(SECOND);
    expect(rounds).toBe(4);
    expect(target.offers.map(({ atUs }) => atUs)).toEqual([0, 5 * MS, 10 * MS, 15 * MS]);
    expect(audit(world.flow)).toMatchObject({ inside: 1, duplicates: { made: 3, inside: 3 } });
  });

  it('ends with nothing held and no parcel lost, whatever is refused when', () => {
    for (let seed = 0; seed < 60; seed += 1) {
      const world = new World();
      const targets = [world.target(), world.target(), world.target()];
      const emitter = new Emitter(world, [
        world.output('a', targets.slice(0, 1), {
          batchSize: 1 + (seed % 3),
          maxAttempts: 1 + (seed % 2),
          callLatencyMs: seed % 4,
          selectivity: [1, 0.5, 2.5][seed % 3],
          order: seed % 2 === 0 ? 'parallel' : 'sequential',
        }),
        world.output('b', targets.slice(1), {
          per: seed % 5 === 0 ? 'batch' : 'record',
          recordsPerMessage: 1 + (seed % 2),
          maxAttempts: 2,
          retryBaseMs: 1,
          onExhausted: seed % 4 === 0 ? 'drop' : 'fail',
        }),
      ]);
      targets.forEach((target, i) => {
        for (let k = 0; k < 12; k += 1) target.script.push((seed * 7 + k * 5 + i * 3) % 4);
      });
      const units = world.batch(6);
      let done = false;
      let attempt = 0;
      const listener: EmitListener = {
        onEmitted: (_token, ok) => {
          audit(world.flow);
          attempt += 1;
          done = ok;
          if (!ok && attempt < 20) emitter.emit(units, 6, listener, attempt);
        },
      };
      emitter.emit(units, 6, listener, 0);
      world.kernel.run(60 * SECOND);
      expect(done, `seed ${seed}`).toBe(true);
      expect(emitter.heldRecords).toBe(0);
      world.settle(units);
      const held = targets.reduce((sum, { taken }) => sum + taken.records, 0);
      const ledger = audit(world.flow);
      expect(ledger.inside + ledger.duplicates.inside, `seed ${seed}`).toBe(held);
      let live = 0;
      for (const { taken } of targets) {
        for (let p = taken.head; p !== NONE; p = world.flow.store.next[p]!) {
          live += world.flow.store.child[p] === NONE ? 1 : 1 + world.flow.store.records[p]!;
        }
      }
      expect(world.flow.store.liveCount, `seed ${seed}`).toBe(live);
    }
  });
});
