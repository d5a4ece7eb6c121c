import { describe, expect, it } from 'vitest';
import { Flow } from '#engine/flow/flow.ts';
import { FLAG_DUPLICATE, FLAG_PACED, KEY_MIXED } from '#engine/flow/parcels.ts';
import { noDetails } from '#engine/flow/run-details.ts';
import { FIRST_DERIVED, FIRST_JOINED } from '#engine/workload/entities.ts';
import { audit } from './books.ts';

const SECOND = 1_000_000;

function bench(haveSameKeys: (fromUs: number, untilUs: number) => boolean = () => true) {
  const flow = new Flow(2, () => undefined, 1, {
    ...noDetails,
    haveSameKeys: (_load, fromUs, untilUs) => haveSameKeys(fromUs, untilUs),
  });
  const { store } = flow;
  let cell = 0;
  /** A run that is available now. */
  const run = (fromUs: number, untilUs: number, count: number, load = 0): number => {
    cell += 1;
    const p = flow.createRun(0, load, cell * 1_000_000, count, 100 * count, fromUs, untilUs - fromUs);
    store.a0[p] = 9 * SECOND;
    store.span[p] = 0;
    return p;
  };
  return { flow, store, joins: flow.runs.joins, run };
}

describe('RunJoins.join', () => {
  it('makes one run of two that came one after the other, and loses nothing', () => {
    const { flow, store, joins, run } = bench();
    const p = run(0, SECOND, 400);
    expect(joins.join(p, run(SECOND, 1.5 * SECOND, 210))).toBe(true);
    expect([store.records[p], store.units[p], store.bytes[p]]).toEqual([610, 610, 61_000]);
    expect([store.e0[p], store.e1[p], store.a0[p], store.span[p]]).toEqual([0, 1.5 * SECOND, 9 * SECOND, 0]);
    expect(flow.store.liveCount).toBe(1);
    expect(audit(flow).inside).toBe(610);
  });

  it('gives joined records identities that none had, different for each; those that follow each other keep theirs', () => {
    const { store, joins, run } = bench();
    const [p, q] = [run(0, SECOND, 400), run(2 * SECOND, 3 * SECOND, 400)];
    joins.join(p, run(SECOND, 2 * SECOND, 400));
    joins.join(q, run(3 * SECOND, 4 * SECOND, 400));
    expect([store.entity[p], store.entity[q]]).toEqual([FIRST_JOINED, FIRST_JOINED + 800]);
    const whole = run(5 * SECOND, 6 * SECOND, 100);
    const first = store.entity[whole]!;
    const q1 = bench();
    const rest = q1.run(0, SECOND, 100);
    const one = q1.flow.runs.first(rest);
    expect(q1.joins.join(one, rest)).toBe(true);
    expect([q1.store.entity[one], q1.store.records[one], q1.store.key[one]]).toEqual([
      first - 4_000_000,
      100,
      KEY_MIXED,
    ]);
  });

  it('says no where the rate has changed by more than chance', () => {
    const { flow, joins, run } = bench();
    expect(joins.join(run(0, SECOND, 400), run(SECOND, 2 * SECOND, 480))).toBe(true);
    expect(joins.join(run(0, SECOND, 400), run(SECOND, 2 * SECOND, 580))).toBe(false);
    expect(audit(flow).inside).toBe(1860);
  });

  it('says no to a gap, another load, another moment, other keys, and to what has been stored twice', () => {
    const { store, joins, run } = bench((_from, untilUs) => untilUs <= 2 * SECOND);
    const next = (): number => run(SECOND, 2 * SECOND, 400);
    expect(joins.join(run(0, SECOND, 400), run(SECOND + 10, 2 * SECOND, 400)), 'gap').toBe(false);
    expect(joins.join(run(0, SECOND, 400, 1), next()), 'load').toBe(false);
    const late = next();
    store.a0[late]! += 1;
    expect(joins.join(run(0, SECOND, 400), late), 'moment').toBe(false);
    expect(joins.join(run(SECOND, 2 * SECOND, 400), run(2 * SECOND, 3 * SECOND, 400)), 'key law').toBe(false);
    const narrow = next();
    store.r1[narrow] = 0.5;
    expect(joins.join(run(0, SECOND, 400), narrow), 'stretch of the ring').toBe(false);
    const twice = next();
    store.flags[twice] = FLAG_DUPLICATE;
    expect(joins.join(run(0, SECOND, 400), twice), 'duplicate').toBe(false);
    const worked = next();
    store.effects[worked] = 1;
    expect(joins.join(run(0, SECOND, 400), worked), 'effects').toBe(false);
  });

  it('keeps the even distances of paced runs only where both have them', () => {
    const { store, joins, run } = bench();
    const [p, q] = [run(0, SECOND, 50), run(SECOND, 2 * SECOND, 50)];
    store.flags[p] = FLAG_PACED;
    store.flags[q] = FLAG_PACED;
    joins.join(p, q);
    expect(store.flags[p]).toBe(FLAG_PACED);
    joins.join(p, run(2 * SECOND, 3 * SECOND, 50));
    expect(store.flags[p]).toBe(0);
  });
});

describe('RunJoins.joinAll', () => {
  it('makes three runs of many that overlap: while calls begin, meanwhile, and while they end', () => {
    const { flow, store, joins, run } = bench();
    // Two processes whose calls of a second follow each other half a second apart.
    const units = Int32Array.from({ length: 8 }, (_, i) => run((i / 2) * SECOND, (1 + i / 2) * SECOND, 150));
    expect(joins.joinAll(units, 8)).toBe(3);
    const parts = Array.from(units.subarray(0, 3));
    expect(parts.map((p) => [store.e0[p]! / SECOND, store.e1[p]! / SECOND])).toEqual([
      [0, 1],
      [1, 3.5],
      [3.5, 4.5],
    ]);
    expect(parts.map((p) => store.records[p])).toEqual([225, 750, 225]);
    expect(parts.reduce((sum, p) => sum + store.bytes[p]!, 0)).toBe(120_000);
    expect(store.liveCount).toBe(3);
    expect(audit(flow).inside).toBe(1200);
  });

  it('gives joined records identities that none had, one after the other', () => {
    const { store, joins, run } = bench();
    const units = Int32Array.from({ length: 8 }, (_, i) => run(i * SECOND, (i + 1) * SECOND, 100));
    expect(joins.joinAll(units, 8)).toBe(3);
    expect(Array.from(units.subarray(0, 3), (p) => store.entity[p]! - FIRST_JOINED)).toEqual([0, 100, 700]);
  });

  it('keeps when the first and the last became available', () => {
    const { flow, store, joins, run } = bench();
    const units = Int32Array.from({ length: 6 }, (_, i) => run(i * SECOND, (i + 1) * SECOND, 100));
    units.forEach((p, i) => {
      store.a0[p] = (10 + i) * SECOND;
    });
    store.span[units[5]!] = SECOND / 2;
    expect(joins.joinAll(units, 6)).toBe(3);
    expect(store.a0[units[0]!]).toBe(10 * SECOND);
    expect(flow.runs.lastUs(units[2]!)).toBeCloseTo(15.5 * SECOND, 3);
  });

  it('leaves few runs alone, and what is no run, and joins what stands on either side', () => {
    const { flow, store, joins, run } = bench();
    const single = flow.create(0, 0, 5, 3, 100, SECOND);
    const seconds = (from: number, count: number, load = 0): number[] =>
      Array.from({ length: count }, (_, i) => run((from + i) * SECOND, (from + i + 1) * SECOND, 300, load));
    const units = Int32Array.of(...seconds(0, 3), single, ...seconds(4, 6), ...seconds(10, 2, 1));
    const last = units[11]!;
    expect(joins.joinAll(units, 12)).toBe(9);
    expect(Array.from(units.subarray(0, 9), (p) => store.records[p])).toEqual([
      300, 300, 300, 1, 300, 1200, 300, 300, 300,
    ]);
    expect([units[3], units[8]]).toEqual([single, last]);
    expect(audit(flow).inside).toBe(3301);
  });

  it('joins by halves where the records of the whole are too uneven to be random instants', () => {
    const { joins, run } = bench();
    const uneven = (): Int32Array =>
      Int32Array.from({ length: 8 }, (_, i) => run(i * SECOND, (i + 1) * SECOND, i < 4 ? 300 : 900));
    expect(joins.joinAll(uneven(), 8)).toBe(6);
  });

  it('does not join across a change of the keys', () => {
    const { joins, run } = bench((fromUs, untilUs) => untilUs <= 4 * SECOND || fromUs >= 4 * SECOND);
    const units = Int32Array.from({ length: 8 }, (_, i) => run(i * SECOND, (i + 1) * SECOND, 300));
    expect(joins.joinAll(units, 8)).toBe(6);
  });

  it('compares eight at a time: more than that would stand far from the order of their calls', () => {
    const { store, joins, run } = bench();
    const units = Int32Array.from({ length: 19 }, (_, i) => run(i * SECOND, (i + 1) * SECOND, 100));
    expect(joins.joinAll(units, 19)).toBe(9);
    expect(Array.from(units.subarray(0, 9), (p) => store.records[p])).toEqual([
      100, 600, 100, 100, 600, 100, 100, 100, 100,
    ]);
  });

  it('gives out no identity of derived records: when there are no more, runs stay apart', () => {
    const { joins, run } = bench();
    const huge = FIRST_DERIVED - FIRST_JOINED;
    expect(joins.join(run(0, SECOND, huge / 2), run(SECOND, 2 * SECOND, huge / 2))).toBe(true);
    expect(joins.join(run(0, SECOND, 400), run(SECOND, 2 * SECOND, 400))).toBe(false);
    const units = Int32Array.from({ length: 8 }, (_, i) => run(i * SECOND, (i + 1) * SECOND, 100));
    expect(joins.joinAll(units, 8)).toBe(8);
  });
});
