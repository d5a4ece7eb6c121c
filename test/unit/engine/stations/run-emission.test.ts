/** Runs through an invocation: cut where calls and messages end, thinned, routed, taken back and made again. */
import { describe, expect, it } from 'vitest';
import { Emitter } from '#engine/stations/emitter.ts';
import { audit } from '../flow/books.ts';
import { Ends, type Target, World } from './target.ts';

const SECOND = 1_000_000;

interface Bench {
  readonly world: World;
  readonly targets: readonly Target[];
  readonly emitter: Emitter;
  readonly ends: Ends;
}

/** One output to each of some targets that take runs. */
function bench(...emits: readonly Record<string, unknown>[]): Bench {
  const world = new World();
  const targets = emits.map(() => Object.assign(world.target(), { takesRuns: () => true }));
  const outputs = emits.map((emit, i) => world.output(`o${i}`, [targets[i]!], emit));
  return { world, targets, emitter: new Emitter(world, outputs), ends: new Ends(world) };
}

function run(world: World, count: number, entity = 0): number {
  const p = world.flow.createRun(0, 0, entity, count, 100 * count, 0, SECOND);
  world.flow.store.span[p] = 0;
  return p;
}

function emit({ emitter, ends, world }: Bench, units: readonly number[]): Int32Array {
  const batch = Int32Array.from(units);
  emitter.emit(batch, batch.length, ends, 1);
  world.kernel.run(world.kernel.nowUs);
  return batch;
}

const calls = (target: Target): number[][] => target.offers.map(({ records, units }) => [records, units]);

describe('an invocation that works on runs', () => {
  it('sends them whole as far as a call goes, the rest in the next', () => {
    const b = bench({ batchSize: 10 });
    const units = emit(b, [run(b.world, 25), run(b.world, 8, 100)]);
    expect(calls(b.targets[0]!)).toEqual([
      [10, 10],
      [10, 10],
      [10, 10],
      [3, 3],
    ]);
    expect(b.targets[0]!.taken.length).toBeLessThan(10);
    b.world.settle(units);
    expect(audit(b.world.flow)).toMatchObject({ created: 33, inside: 33 });
  });

  it('packs them into messages, the last one with what is left', () => {
    const b = bench({ batchSize: 2, recordsPerMessage: 5 });
    b.world.settle(emit(b, [run(b.world, 23)]));
    expect(calls(b.targets[0]!)).toEqual([
      [10, 2],
      [10, 2],
      [3, 1],
    ]);
    expect(audit(b.world.flow)).toMatchObject({ created: 23, inside: 23 });
  });

  it('takes them apart for a target that takes none', () => {
    const b = bench({ batchSize: 10 });
    Object.assign(b.targets[0]!, { takesRuns: () => false });
    b.world.settle(emit(b, [run(b.world, 12)]));
    expect(b.targets[0]!.taken.length).toBe(12);
    expect(b.targets[0]!.entities).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });

  it('takes them apart where records are multiplied', () => {
    const b = bench({ batchSize: 10, selectivity: 3 });
    b.world.settle(emit(b, [run(b.world, 7)]));
    expect(b.targets[0]!.offers.reduce((sum, { records }) => sum + records, 0)).toBe(21);
    expect(audit(b.world.flow)).toMatchObject({ created: 7, absorbed: 7, emitted: 21, inside: 21 });
  });

  it('lets the share of a selectivity below 1 through and filters the others', () => {
    const b = bench({ batchSize: 10, selectivity: 0.2 });
    const units = Array.from({ length: 200 }, (_, i) => run(b.world, 50, i * 1000));
    b.world.settle(emit(b, units));
    const { filtered, inside } = audit(b.world.flow);
    expect(filtered + inside).toBe(10_000);
    expect(Math.abs(inside - 2000)).toBeLessThan(160);
  });

  it('routes each record to one of the weighted outputs', () => {
    const b = bench({ batchSize: 10, weight: 3 }, { batchSize: 10, weight: 1 });
    const units = Array.from({ length: 200 }, (_, i) => run(b.world, 50, i * 1000));
    b.world.settle(emit(b, units));
    const [first, second] = b.targets.map(({ taken }) => taken.records);
    expect(first! + second!).toBe(10_000);
    expect(Math.abs(first! - 7500)).toBeLessThan(180);
    expect(audit(b.world.flow)).toMatchObject({ copied: 0, inside: 10_000 });
  });

  it('sends all of them to each of several outputs, cut where the calls of either end', () => {
    const b = bench({ batchSize: 10 }, { batchSize: 4 });
    b.world.settle(emit(b, [run(b.world, 20)]));
    expect(calls(b.targets[0]!)).toEqual([
      [10, 10],
      [10, 10],
    ]);
    expect(calls(b.targets[1]!)).toEqual(Array.from({ length: 5 }, () => [4, 4]));
    expect(audit(b.world.flow)).toMatchObject({ created: 20, copied: 20, inside: 40 });
  });

  it('takes everything back that was not accepted, and makes no duplicates of it in the next attempt', () => {
    const b = bench({ batchSize: 10, maxAttempts: 1 });
    b.targets[0]!.script.push(100, 0);
    const units = emit(b, [run(b.world, 25)]);
    expect(b.ends.seen).toEqual([{ token: 1, ok: false, atUs: 0 }]);
    expect(audit(b.world.flow)).toMatchObject({ created: 25, inside: 25, duplicates: { made: 0 } });
    emit(b, [...units]);
    expect(b.ends.seen.at(-1)?.ok).toBe(true);
    b.world.settle(units);
    // The first call is repeated, the others are not; nothing was drawn, so that runs stay what they are.
    expect(audit(b.world.flow)).toMatchObject({ created: 25, duplicates: { made: 10 } });
    expect(b.targets[0]!.offers.slice(2).map(({ records, accepted }) => [records, accepted])).toEqual([
      [10, 1],
      [10, 1],
      [5, 1],
    ]);
  });

  it('draws the same for every attempt', () => {
    const attempt = (): number[] => {
      const b = bench({ batchSize: 10, selectivity: 0.5, maxAttempts: 1 });
      b.targets[0]!.script.push(0);
      const units = emit(b, [run(b.world, 40)]);
      emit(b, [...units]);
      return b.targets[0]!.taken.length === 0 ? [] : [b.targets[0]!.taken.records];
    };
    expect(attempt()).toEqual(attempt());
  });
});
