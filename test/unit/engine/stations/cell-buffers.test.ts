import { describe, expect, it } from 'vitest';
import { Flow } from '#engine/flow/flow.ts';
import { FLAG_PACED, type ParcelList } from '#engine/flow/parcels.ts';
import { Kernel } from '#engine/kernel/kernel.ts';
import { CellBuffers, type WaitListener } from '#engine/stations/cell-buffers.ts';

const MS = 1000;
const SECOND = 1_000_000;

interface Call {
  readonly us: number;
  readonly records: number;
  readonly newestUs: number;
  readonly oldestUs: number;
}

function bench(maxRecords: number, maxWaitUs: number, producers = 1, startUs = 0) {
  const kernel = new Kernel(startUs);
  const flow = new Flow(1, () => undefined);
  const { store } = flow;
  const calls: Call[] = [];
  const waits: { us: number; area: number; leaving: number }[] = [];
  const pieces: [units: number, e0: number, e1: number][] = [];
  const onFlush = (held: ParcelList): void => {
    const { records } = held;
    let [newestUs, oldestUs] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    while (held.length > 0) {
      const p = held.shift();
      newestUs = Math.max(newestUs, store.e1[p]!);
      oldestUs = Math.min(oldestUs, store.e0[p]!);
      pieces.push([store.units[p]!, store.e0[p]!, store.e1[p]!]);
      flow.deliver(p, 0, kernel.nowUs);
    }
    calls.push({ us: kernel.nowUs, records, newestUs, oldestUs });
  };
  const onWaited: WaitListener = (fromUs, us, area, leaving) => {
    expect(fromUs).toBeLessThanOrEqual(us);
    waits.push({ us, area, leaving });
  };
  const buffers = new CellBuffers(kernel, flow, producers, { maxRecords, maxWaitUs }, onFlush, onWaited);
  const add = (second: number, count: number, paced = false): void => {
    const p = flow.createRun(0, 0, second * 1_000_000, count, 100 * count, second * SECOND, SECOND);
    if (paced) store.flags[p]! |= FLAG_PACED;
    buffers.add(p);
  };
  const addOne = (process: number): void =>
    buffers.addOne(flow.create(0, 0, 900_000_000 + kernel.nowUs, 1, 100, kernel.nowUs), process);
  const load = (seconds: number, count: number, paced = false): void => {
    const onCell = kernel.register((second) => add(second, count, paced));
    for (let second = 0; second < seconds; second++) kernel.at(second * SECOND, onCell, second);
  };
  return { kernel, flow, calls, buffers, load, waits, add, addOne, pieces };
}

const sum = (calls: readonly Call[]): number => calls.reduce((n, { records }) => n + records, 0);

describe('CellBuffers', () => {
  it('sends what came within the wait of the first record: 1 + rate x wait records a call', () => {
    const { kernel, calls, load } = bench(1000, 200 * MS);
    load(200, 50);
    kernel.run(202 * SECOND);
    expect(sum(calls)).toBe(10_000);
    expect(Math.abs(10_000 / calls.length - 11)).toBeLessThan(0.3);
    for (const { us, oldestUs } of calls) expect(us - oldestUs).toBeLessThanOrEqual(200 * MS + 50);
  });

  it('sends a full call of several seconds as one run, but for the few that came before the first second ended', () => {
    const { kernel, calls, load, pieces } = bench(400, 10 * SECOND);
    load(20, 150);
    kernel.run(20 * SECOND);
    expect(calls.length).toBeGreaterThan(5);
    const large = pieces.filter(([units]) => units > 336);
    expect(large).toHaveLength(calls.length);
    for (const [i, [, e0, e1]] of large.entries()) {
      expect(e1).toBe(calls[i]!.us);
      expect(e0).toBeLessThan(calls[i]!.us - 2 * SECOND);
    }
  });

  it('fills calls in a pre-roll, before time zero, as after it', () => {
    const { kernel, calls, add } = bench(100, 60 * SECOND, 1, -20 * SECOND);
    const onCell = kernel.register((second) => add(second - 20, 150));
    for (let second = 0; second < 10; second++) kernel.at((second - 20) * SECOND, onCell, second);
    kernel.run(-5 * SECOND);
    expect(calls).toHaveLength(15);
    for (const [i, { us }] of calls.entries())
      expect(Math.abs(us - ((i + 1) / 1.5 - 20) * SECOND)).toBeLessThan(0.4 * SECOND);
  });

  it('sends nothing before it was created', () => {
    const { kernel, calls, load } = bench(7, 100 * MS);
    load(50, 60);
    kernel.run(52 * SECOND);
    expect(sum(calls)).toBe(3000);
    for (const { us, newestUs } of calls) expect(newestUs).toBeLessThanOrEqual(us);
  });

  it('sends a call when it is full, with no more than fits', () => {
    const { kernel, calls, load } = bench(10, SECOND);
    load(20, 400);
    kernel.run(22 * SECOND);
    expect(Math.max(...calls.map(({ records }) => records))).toBe(10);
    expect(calls.filter(({ records }) => records === 10).length).toBeGreaterThanOrEqual(799);
    expect(sum(calls)).toBe(8000);
  });

  it('waits for the run before a record that came meanwhile, where that record fills the call', () => {
    for (let count = 985; count < 995; count++) {
      const { kernel, calls, add, addOne } = bench(500, 2 * SECOND);
      add(0, count);
      for (let i = count; i < 1000; i++) addOne(0);
      kernel.run(4 * SECOND);
      expect(calls.map(({ records }) => records)).toEqual([500, 500]);
      expect(Math.abs(calls[0]!.us - SECOND / 2)).toBeLessThan(100 * MS);
      expect(calls[1]!.us).toBe(SECOND);
    }
  });

  it('fills calls evenly from a paced load', () => {
    const { kernel, calls, load } = bench(5, 10 * SECOND);
    load(10, 20, true);
    kernel.run(30 * SECOND);
    const gaps = calls.slice(1).map(({ us }, i) => us - calls[i]!.us);
    expect(calls.length).toBe(40);
    for (const gap of gaps) expect(Math.abs(gap - 250 * MS)).toBeLessThanOrEqual(50 * MS);
  });

  it('sends paced records one by one at their instants where none may wait', () => {
    const { kernel, calls, load } = bench(4, 0);
    load(3, 120, true);
    kernel.run(4 * SECOND);
    expect(calls.length).toBe(360);
    const gaps = calls.slice(1).map(({ us }, i) => us - calls[i]!.us);
    expect(Math.max(...gaps)).toBeLessThan(8400);
    expect(Math.min(...gaps)).toBeGreaterThan(8200);
  });

  it('gives each process its share, and counts what waits by now', () => {
    const { kernel, calls, buffers, load } = bench(1000, 500 * MS, 4);
    load(100, 40);
    kernel.run(50.5 * SECOND);
    const held = buffers.heldRecords;
    expect(held).toBeGreaterThan(0);
    expect(held).toBeLessThan(40);
    kernel.run(102 * SECOND);
    expect(sum(calls)).toBe(4000);
    // 10 a second and process: 1 + 5 a call.
    expect(Math.abs(4000 / calls.length - 6)).toBeLessThan(0.4);
    expect(buffers.heldRecords).toBe(0);
  });

  it('fills calls of a random load after so many gaps, and holds half as many in the mean', () => {
    const { kernel, calls, load, waits } = bench(10, 100 * MS);
    load(400, 120);
    kernel.run(402 * SECOND);
    // A call leaves full when 9 more come within 100 ms of the first, else with what has come: 1 + E[min(9, Poisson(12))] records.
    const expected = 1 + meanOfLeast(9, 12);
    expect(Math.abs(sum(calls) / calls.length - expected)).toBeLessThan(0.08);
    expect(waits.reduce((n, { leaving }) => n + leaving, 0)).toBe(48_000);
    // Little: the records that wait are those that come each second times their mean wait.
    const area = waits.reduce((n, one) => n + one.area, 0);
    const waitUs = calls.reduce((n, { us, records, oldestUs }) => n + ((us - oldestUs) * records) / 2, 0);
    expect(Math.abs(area / waitUs - 1)).toBeLessThan(0.04);
  });

  it('tells what has waited so far at the beginning of every second', () => {
    const { kernel, load, waits } = bench(100_000, 10 * SECOND);
    load(5, 100);
    kernel.run(4.5 * SECOND);
    expect(waits.map(({ us, leaving }) => [us, leaving])).toEqual([1, 2, 3, 4].map((second) => [second * SECOND, 0]));
    const area = waits.reduce((n, one) => n + one.area, 0) / SECOND;
    expect(Math.abs(area - 800)).toBeLessThan(10);
  });

  it('gives the last record of a full call no wait', () => {
    const { kernel, calls, load } = bench(2, SECOND);
    load(300, 100);
    kernel.run(302 * SECOND);
    // The second of two comes as the call leaves: the mean of its records' instants is that of the first one and of the end.
    const full = calls.filter(({ records }) => records === 2);
    expect(full.length).toBeGreaterThan(14_900);
    const lateUs = full.reduce((n, { us, newestUs }) => n + us - newestUs, 0) / full.length;
    expect(lateUs).toBeLessThan(200);
  });

  it('leaves the first and the last record of a small call at their instants, also where a second ends between them', () => {
    const { kernel, calls, load, pieces } = bench(10, 60 * SECOND);
    load(300, 12);
    kernel.run(302 * SECOND);
    const full = calls.filter(({ records }) => records === 10);
    expect(full.length).toBeGreaterThan(355);
    // The first waits for nine more, 9/12 s; the mean of all is half of that: 3/8 s.
    const firstUs = full.reduce((n, { us, oldestUs }) => n + us - oldestUs, 0) / full.length;
    expect(Math.abs(firstUs / (0.75 * SECOND) - 1)).toBeLessThan(0.05);
    let i = 0;
    let waitedUs = 0;
    for (const { us, records } of calls) {
      for (let left = records; left > 0; i++) {
        const [units, e0, e1] = pieces[i]!;
        waitedUs += units * (us - (e0 + e1) / 2);
        left -= units;
      }
      const [units, e0, e1] = pieces[i - 1]!;
      expect([units, e0, e1]).toEqual([1, e1, e1]);
      expect(us - e1).toBeLessThan(2);
      if (i > 2000) break;
    }
    expect(Math.abs(waitedUs / (calls.length * 3.75 * SECOND) - 1)).toBeLessThan(0.05);
  });

  it('keeps the clock of a paced load within its calls', () => {
    const { kernel, calls, load, pieces, waits } = bench(4, SECOND);
    load(10, 20, true);
    kernel.run(12 * SECOND);
    expect(calls.length).toBe(50);
    // The four lie 50 ms apart, the last one comes as the call leaves: they wait 150, 100, 50 and 0 ms, 75 ms in the mean.
    expect(pieces.reduce((n, [units, e0, e1]) => n + (units * (e0 + e1)) / 2, 0) / 200).toBeCloseTo(
      calls.reduce((n, { us }) => n + us, 0) / 50 - 75 * MS,
      -1,
    );
    expect(waits.reduce((n, { area }) => n + area, 0) / 50).toBeCloseTo(300 * MS, -2);
  });

  it('knows how long paced records have waited that leave by time', () => {
    const { kernel, calls, load, waits } = bench(100, 120 * MS);
    load(10, 20, true);
    kernel.run(12 * SECOND);
    // The first, and those 50 and 100 ms after it: 120 + 70 + 20 ms.
    const whole = calls.filter(({ records }) => records === 3);
    expect(whole.length).toBeGreaterThan(60);
    const area = waits.reduce((n, one) => n + one.area, 0);
    expect(Math.abs(area / (calls.length * 210 * MS) - 1)).toBeLessThan(0.02);
  });

  it('fills the call that is open with the records of a second that come singly', () => {
    const { kernel, calls, add, addOne, waits } = bench(10, 60 * SECOND);
    const onSecond = kernel.register(() => add(0, 7));
    const onOne = kernel.register(() => addOne(0));
    kernel.at(0, onSecond);
    for (let i = 0; i < 5; i++) kernel.at((1.1 + 0.1 * i) * SECOND, onOne);
    kernel.run(3 * SECOND);
    expect(calls.map(({ us, records }) => [us, records])).toEqual([[1.3 * SECOND, 10]]);
    expect(calls[0]!.oldestUs).toBeLessThan(SECOND);
    kernel.run(70 * SECOND);
    expect(calls.map(({ us, records }) => [us, records])).toEqual([
      [1.3 * SECOND, 10],
      [61.4 * SECOND, 2],
    ]);
    expect(waits.reduce((n, { leaving }) => n + leaving, 0)).toBe(12);
  });

  it('collects single records for each process by itself', () => {
    const { kernel, calls, addOne } = bench(10, SECOND, 2);
    const onOne = kernel.register((process) => addOne(process));
    for (let i = 0; i < 6; i++) kernel.at(i * MS, onOne, i % 3 === 0 ? 1 : 0);
    kernel.run(3 * SECOND);
    expect(calls.map(({ us, records }) => [us, records])).toEqual([
      [SECOND, 2],
      [SECOND + MS, 4],
    ]);
  });
});

/** E[min(most, N)] of a Poisson number N of mean `mean`. */
function meanOfLeast(most: number, mean: number): number {
  let [chance, sum, rest] = [Math.exp(-mean), 0, 1];
  for (let n = 0; n < most; n++) {
    sum += n * chance;
    rest -= chance;
    chance *= mean / (n + 1);
  }
  return sum + most * rest;
}
