import { describe, expect, it } from 'vitest';
import { Flow } from '#engine/flow/flow.ts';
import { FLAG_PACED, KEY_MIXED, NONE, ParcelList } from '#engine/flow/parcels.ts';
import { audit } from './books.ts';

const SECOND = 1_000_000;

/** A run of `count` records of 100 bytes that come over a second, 2 s after they were created. */
function bench(count: number, paced = false) {
  const flow = new Flow(1, () => undefined);
  const { store, runs } = flow;
  const make = (entity = 0, n = count): number => {
    const p = flow.createRun(0, 0, entity, n, 100 * n, 0, SECOND);
    store.a0[p] = 2 * SECOND;
    if (paced) store.flags[p]! |= FLAG_PACED;
    return p;
  };
  return { flow, store, runs, make };
}

/** Mean over runs that differ in their identities. */
function meanOver(n: number, value: (entity: number) => number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += value(i * 1000);
  return sum / n;
}

describe('Runs', () => {
  it('cuts off what has come by a moment: a binomial number, the same every time it is asked', () => {
    const { store, runs, make } = bench(40);
    const counts: number[] = [];
    const mean = meanOver(2000, (entity) => {
      const p = make(entity);
      const known = runs.countBy(p, 2.25 * SECOND);
      const q = runs.cutAt(p, 2.25 * SECOND);
      counts.push(known);
      expect(q === NONE ? 0 : store.units[q]).toBe(known);
      return known;
    });
    expect(mean).toBeCloseTo(10, 0);
    const variance = counts.reduce((sum, k) => sum + (k - mean) ** 2, 0) / counts.length;
    expect(Math.abs(variance - 7.5)).toBeLessThan(0.8);
  });

  it('gives both sides of a cut the interval that is left, in creation and in availability', () => {
    const { store, runs, make } = bench(1000);
    const p = make();
    const q = runs.cutAt(p, 2.25 * SECOND);
    expect([store.e0[q], store.e1[q], store.a0[q], runs.lastUs(q)]).toEqual([0, SECOND / 4, 2 * SECOND, 2.25 * SECOND]);
    expect([store.e0[p], store.e1[p]]).toEqual([SECOND / 4, SECOND]);
    expect(store.a0[p]).toBe(2.25 * SECOND + 1);
    expect(runs.lastUs(p)).toBe(3 * SECOND);
    expect([store.units[p]! + store.units[q]!, store.bytes[p]! + store.bytes[q]!]).toEqual([1000, 100_000]);
    expect(store.entity[p]).toBe(store.units[q]);
  });

  it('gives them that interval also where one side is empty', () => {
    const { store, runs, make } = bench(1000);
    const none = make();
    expect(runs.cutAt(none, 2 * SECOND)).toBe(NONE);
    expect(store.a0[none]).toBe(2 * SECOND + 1);
    const all = make();
    expect(runs.cutAt(all, 3 * SECOND - 1)).toBe(all);
    expect(runs.lastUs(all)).toBe(3 * SECOND - 1);
    expect(store.e1[all]).toBeCloseTo(SECOND - 1, 6);
  });

  it('cuts by number in proportion, one record at a time if need be, and loses nothing', () => {
    const { flow, store, runs, make } = bench(5);
    const p = make();
    const pieces = [runs.cut(p, 1), runs.cut(p, 1), runs.cut(p, 2), p];
    expect(pieces.map((q) => store.units[q])).toEqual([1, 1, 2, 1]);
    expect(pieces.map((q) => store.entity[q])).toEqual([0, 1, 2, 4]);
    expect(pieces.reduce((sum, q) => sum + store.bytes[q]!, 0)).toBe(500);
    for (const q of [pieces[0]!, pieces[1]!, pieces[3]!])
      expect(store.e1[q], 'a single record has one instant').toBe(store.e0[q]);
    for (const q of pieces) flow.deliver(q, 0, 3 * SECOND);
    expect(audit(flow).delivered).toBe(5);
  });

  it('keeps the distances of a paced run, however it is cut', () => {
    const { store, runs, make } = bench(10, true);
    const into = new ParcelList(store);
    const p = make();
    expect(runs.countBy(p, 2 * SECOND + 49_999)).toBe(0);
    expect(runs.countBy(p, 2 * SECOND + 50_000)).toBe(1);
    for (const part of [runs.cutAt(p, 2.17 * SECOND), runs.cutBoth(p, 2, 2 * SECOND + runs.placeOf(p, 2) + 200_000)]) {
      runs.scatter(part, into);
    }
    runs.scatter(p, into);
    const places: number[] = [];
    for (let q = into.shift(); q !== NONE; q = into.shift()) places.push(store.e0[q]!);
    expect(places).toHaveLength(10);
    // The last six were not touched.
    expect(places.slice(4)).toEqual([450_000, 550_000, 650_000, 750_000, 850_000, 950_000]);
  });

  it('takes the first of a paced run half a distance after its beginning, the others a distance apart', () => {
    const { store, runs, make } = bench(4, true);
    const p = make();
    const places = [runs.first(p), runs.first(p), runs.first(p), runs.first(p)].map((q) => store.a0[q]! - 2 * SECOND);
    expect(places).toEqual([125_000, 375_000, 625_000, 875_000]);
  });

  it('takes the first of a random run at the least of so many places', () => {
    const { store, runs, make } = bench(9);
    const mean = meanOver(4000, (entity) => {
      const q = runs.first(make(entity));
      expect([store.span[q], store.units[q]]).toEqual([0, 1]);
      expect(store.e0[q]).toBeCloseTo(store.a0[q]! - 2 * SECOND, 6);
      return store.a0[q]! - 2 * SECOND;
    });
    expect(Math.abs(mean / SECOND - 0.1)).toBeLessThan(0.006);
  });

  it.each([
    [1, 1],
    [1, 3],
    [2, 3],
    [3, 3],
    [30, 60],
    [60, 60],
  ])('places unit %i of %i where order statistics have it in the mean', (k, n) => {
    const { runs, make } = bench(n);
    const mean = meanOver(3000, (entity) => runs.placeOf(make(entity), k)) / SECOND;
    const deviation = Math.sqrt((k * (n + 1 - k)) / (n + 2)) / (n + 1);
    expect(Math.abs(mean - k / (n + 1))).toBeLessThan((5 * deviation) / Math.sqrt(3000));
  });

  it('parts units at random without touching the intervals, and thins by a chance each', () => {
    const { store, runs, make } = bench(100);
    const p = make();
    const q = runs.part(p, 30);
    expect([store.units[q], store.units[p]]).toEqual([30, 70]);
    expect([store.a0[q], store.span[q], store.a0[p], store.span[p]]).toEqual([2 * SECOND, SECOND, 2 * SECOND, SECOND]);
    expect(Math.abs(meanOver(2000, (entity) => runs.thin(make(entity), 0.2, 1)) - 20)).toBeLessThan(0.5);
  });

  it('parts units with the keys of a stretch of the ring; a single one gets a key of that stretch', () => {
    const asked: number[][] = [];
    const flow = new Flow(1, () => undefined, 1, {
      keyWithin: (_load, entity, _eventUs, from, to) => {
        asked.push([entity, from, to]);
        return 7;
      },
      haveSameKeys: () => true,
      meanCeil: () => 1,
      variation: () => 0,
      bytesOf: () => 100,
    });
    const { store, runs } = flow;
    const p = flow.createRun(0, 0, 0, 5, 500, 0, SECOND);
    const several = runs.partWithin(p, 3, 0.25, 0.5);
    const one = runs.partWithin(p, 1, 0.5, 0.75);
    const last = runs.partWithin(p, 1, 0.75, 1);
    expect([store.key[several], store.key[one], store.key[last]]).toEqual([KEY_MIXED, 7, 7]);
    expect([store.r0[several], store.r1[several]]).toEqual([0.25, 0.5]);
    expect(last).toBe(p);
    expect(asked).toEqual([
      [3, 0.5, 0.75],
      [4, 0.75, 1],
    ]);
  });

  it('scatters into single records in order, with rising instants and sizes of their own', () => {
    const { flow, store, runs, make } = bench(50);
    const into = new ParcelList(store);
    runs.scatter(make(), into);
    expect([into.length, into.records]).toEqual([50, 50]);
    let before = 0;
    for (let q = into.head; q !== NONE; q = store.next[q]!) {
      expect(store.a0[q]).toBeGreaterThanOrEqual(before);
      expect(store.e0[q]).toBe(store.e1[q]);
      expect(store.a0[q]! - store.e0[q]!).toBe(2 * SECOND);
      before = store.a0[q]!;
    }
    while (into.length > 0) flow.drop(into.shift(), 'test');
    expect(audit(flow).dropped).toBe(50);
  });

  it('knows that fewer than k came before the k-th one', () => {
    const { store, runs, make } = bench(40);
    const mean = meanOver(2000, (entity) => {
      const p = make(entity);
      const placeUs = store.a0[p]! + runs.placeOf(p, 10);
      const cutoffUs = 2.2 * SECOND;
      if (placeUs <= cutoffUs) return 9;
      const q = runs.cutAt(p, cutoffUs, 10);
      const n = q === NONE ? 0 : store.units[q]!;
      expect(n).toBeLessThan(10);
      return n;
    });
    // E[min(9, N)] of a binomial number N of 40 trials of 0.2.
    expect(Math.abs(mean - leastOf(9, 40, 0.2))).toBeLessThan(0.12);
  });

  it('gives units of several records the sizes that these have together, and bills them by these', () => {
    // 40 bytes and twice 130: 100 in the mean.
    const details = {
      keyWithin: () => 0,
      meanCeil: () => 1,
      haveSameKeys: () => true,
      variation: () => 0.4,
      bytesOf: (_load: number, entity: number) => (entity % 3 === 0 ? 40 : 130),
    };
    const flow = new Flow(1, () => undefined, 1, details);
    const { store, runs } = flow;
    const p = flow.createRun(0, 0, 0, 12, 1200, 0, SECOND);
    runs.regroup(p, 2);
    expect([0, 1, 2, 3, 4, 5].map((i) => runs.sizeOf(p, i))).toEqual([170, 170, 260, 170, 170, 260]);
    expect(runs.sizes.drawnBytes(p)).toBe(1200);
    expect([runs.ceilUnits(p, 200), runs.ceilUnits(p, 1000)]).toEqual([8, 6]);
    const into = new ParcelList(store);
    runs.scatter(p, into);
    expect(store.bytes[into.head]).toBe(170);
  });

  it('knows of a few records the bytes that they will have one by one', () => {
    const details = {
      keyWithin: () => 0,
      meanCeil: () => 1,
      haveSameKeys: () => true,
      variation: () => 1,
      bytesOf: (_load: number, entity: number, mean: number) => Math.round(mean * (0.2 + ((entity * 7) % 11) / 6)),
    };
    const flow = new Flow(1, () => undefined, 1, details);
    const { store, runs } = flow;
    for (let n = 1; n <= 20; n++) {
      const p = flow.createRun(0, 0, 100 * n, n, 1000 * n, 0, SECOND);
      const drawn = runs.sizes.drawnBytes(p);
      const isKnown = runs.sizes.isDrawnSingly(p);
      const into = new ParcelList(store);
      if (n > 1) runs.scatter(p, into);
      expect(isKnown).toBe(n <= 16);
      if (n > 1 && isKnown) expect(into.bytes).toBe(drawn);
    }
  });

  it('splits a run in its place into a container of records, and takes units off it', () => {
    const { flow, store, runs, make } = bench(6);
    const p = make();
    runs.regroup(p, 2);
    runs.explode(p);
    let children = 0;
    for (let c = store.child[p]!; c !== NONE; c = store.next[c]!) children += store.records[c]!;
    expect([store.units[p], store.records[p], children]).toEqual([3, 6, 6]);
    const unit = runs.splitUnit(p);
    expect([store.units[unit], store.records[unit], store.units[p], store.records[p]]).toEqual([1, 2, 2, 4]);
    flow.deliver(unit, 0, 3 * SECOND);
    flow.deliver(p, 0, 3 * SECOND);
    expect(audit(flow).delivered).toBe(6);
  });

  it('sets the last unit of a run apart, at the end of its interval', () => {
    const random = bench(8);
    const p = random.make();
    const others = random.runs.splitLast(p);
    expect([random.store.units[others], random.store.e0[others], random.store.e1[others]]).toEqual([7, 0, SECOND]);
    expect([random.store.units[p], random.store.e0[p], random.store.e1[p]]).toEqual([1, SECOND, SECOND]);
    // Ten at 50, 150 ... 950 ms, of which the first eight are taken: the last of these at 750 ms.
    const { store, runs, make } = bench(10, true);
    const rest = make();
    const last = runs.cutBoth(rest, 8, 2.75 * SECOND);
    const before = runs.splitLast(last);
    expect([store.units[last], store.e0[last]]).toEqual([1, 0.75 * SECOND]);
    const into = new ParcelList(store);
    runs.scatter(before, into);
    const instants: number[] = [];
    for (let q = into.head; q !== NONE; q = store.next[q]!) instants.push(Math.round(store.e0[q]! / 1000));
    expect(instants).toEqual([50, 150, 250, 350, 450, 550, 650]);
    expect([store.units[rest], store.e0[rest]]).toEqual([2, 0.8 * SECOND]);
  });

  it('shortens a run whose last unit came before the end of its span', () => {
    const { store, runs, make } = bench(8);
    const p = make();
    runs.endAt(p, 2.5 * SECOND);
    expect([runs.lastUs(p), store.e1[p], store.units[p]]).toEqual([2.5 * SECOND, SECOND / 2, 8]);
    runs.endAt(p, 2.9 * SECOND);
    expect(runs.lastUs(p)).toBe(2.5 * SECOND);
  });

  it('makes one message of a run that is packed alone', () => {
    const { flow, store, make } = bench(15);
    const list = new ParcelList(store);
    list.push(make());
    const unit = flow.pack(list, 0);
    expect([store.units[unit], store.records[unit]]).toEqual([1, 15]);
  });
});

/** E[min(most, N)] of a binomial number N of `n` trials of `ratio`. */
function leastOf(most: number, n: number, ratio: number): number {
  let chance = Math.exp(n * Math.log(1 - ratio));
  let [sum, rest] = [0, 1];
  for (let k = 0; k < most; k++) {
    sum += k * chance;
    rest -= chance;
    chance *= ((n - k) / (k + 1)) * (ratio / (1 - ratio));
  }
  return sum + most * rest;
}
