import { describe, expect, it } from 'vitest';
import { ArrivalStream, cellCounter, deepestLevel, partStartUs } from '#engine/workload/arrivals.ts';
import { compileProfile } from '#engine/workload/profile.ts';
import type { RateWindow } from '#engine/workload/rate-windows.ts';
import { profileSchema } from '#schema/workload.ts';

function streamOf(profile: unknown, windows: readonly RateWindow[] = [], seed = 7, id = 'clicks'): ArrivalStream {
  const calendar = { startSecondsOfDay: 0, startDayOfWeek: 0 };
  return new ArrivalStream(seed, id, compileProfile(profileSchema.parse(profile), calendar), windows);
}

/** Times of a cell after loading it. */
function timesOf(stream: ArrivalStream, cell: number): Float64Array {
  const out = new Float64Array(stream.load(cell));
  expect(stream.times(out)).toBe(out.length);
  return out;
}

const poisson = (recordsPerSecond: number) => ({ kind: 'poisson', recordsPerSecond });
const jump = { kind: 'ramp', fromRecordsPerSecond: 20, toRecordsPerSecond: 900, startSeconds: 5.4, durationSeconds: 0 };
const steep = { kind: 'ramp', fromRecordsPerSecond: 0, toRecordsPerSecond: 4000, startSeconds: 5, durationSeconds: 1 };
const trace = { kind: 'trace', binSeconds: 7, counts: [70, 0, 3, 9999], repeat: true };
const paced = { kind: 'constant', recordsPerSecond: 333.3, spacing: 'paced' };

describe('counts of one-second cells', () => {
  it.each([0.4, 12.5, 926])('have the mean and variance of a Poisson count at %d records/s', (rate) => {
    const stream = streamOf(poisson(rate));
    const cells = 20_000;
    let sum = 0;
    let squares = 0;
    for (let cell = -5000; cell < cells - 5000; cell += 1) {
      const count = stream.load(cell);
      sum += count;
      squares += (count - rate) ** 2;
    }
    // Standard deviations of the two estimates for Poisson counts; 4.9 of them: false alarm 1e-6.
    expect(Math.abs(sum / cells - rate)).toBeLessThan(4.9 * Math.sqrt(rate / cells));
    expect(Math.abs(squares / cells - rate)).toBeLessThan(4.9 * Math.sqrt((rate + 2 * rate * rate) / cells));
  });

  it('are the same in any order of asking, and after a jump', () => {
    const forward = streamOf(poisson(50));
    const counts = Array.from({ length: 100 }, (_, cell) => forward.load(cell));
    const backward = streamOf(poisson(50));
    for (let cell = 99; cell >= 0; cell -= 1) expect(backward.load(cell)).toBe(counts[cell]);
  });

  it('differ between seeds and between workloads', () => {
    const counts = (seed: number, id: string) => {
      const stream = streamOf(poisson(50), [], seed, id);
      return Array.from({ length: 20 }, (_, cell) => stream.load(cell)).join();
    };
    expect(counts(1, 'a')).not.toBe(counts(2, 'a'));
    expect(counts(1, 'a')).not.toBe(counts(1, 'b'));
    expect(counts(1, 'a')).toBe(counts(1, 'a'));
  });

  it('follow the profile over a day within the noise of a Poisson count', () => {
    const recordsPerDay = 1_000_000;
    const stream = streamOf({ kind: 'diurnal', recordsPerDay, peakToMeanRatio: 1.8, peakHour: 20 });
    let sum = 0;
    for (let cell = 0; cell < 86_400; cell += 1) sum += stream.load(cell);
    expect(Math.abs(sum - recordsPerDay)).toBeLessThan(4.9 * Math.sqrt(recordsPerDay));
  });
});

describe('times within a cell', () => {
  it.each([
    ['few records', poisson(5)],
    ['many records', poisson(3000)],
    ['a crowd', poisson(2_000_000)],
    ['a jump in the cell', jump],
    ['a steep ramp', steep],
    ['a trace', trace],
    ['a paced load', paced],
  ])('are sorted whole microseconds that agree with the counts at every depth: %s', (_, profile) => {
    const stream = streamOf(profile);
    const crowded = stream.load(5) > 100_000;
    for (const cell of crowded ? [5] : [-2, 0, 5, 21, 24]) {
      const times = timesOf(stream, cell);
      const inside = (time: number) => Number.isInteger(time) && time >= cell * 1e6 && time < (cell + 1) * 1e6;
      expect(times.every((time, i) => inside(time) && (i === 0 || time >= times[i - 1]!))).toBe(true);
      const counts = new Int32Array(1 << deepestLevel);
      for (const depth of [0, 1, 3, 4, 6, 7, 10, 13, deepestLevel]) {
        stream.subCounts(depth, counts);
        const expected = new Int32Array(1 << depth);
        let part = 0;
        for (const time of times) {
          while (part + 1 < expected.length && time - cell * 1e6 >= partStartUs(depth, part + 1)) part += 1;
          expected[part]! += 1;
        }
        // Compared in one go: matching 65,536 places one by one takes a second.
        expect(counts.subarray(0, 1 << depth).join()).toBe(expected.join());
      }
    }
  });

  it('are the same whether or not counts were asked for before', () => {
    const asked = streamOf(poisson(400));
    asked.load(3);
    asked.subCounts(8, new Float64Array(256));
    const times = new Float64Array(asked.count);
    asked.times(times);
    expect(timesOf(streamOf(poisson(400)), 3)).toEqual(times);
  });

  it('go to the place in the buffer that is asked for', () => {
    const stream = streamOf(poisson(40));
    const whole = timesOf(stream, 2);
    const out = new Float64Array(stream.count + 3).fill(-1);
    stream.times(out, 3);
    expect(out.subarray(0, 3)).toEqual(new Float64Array([-1, -1, -1]));
    expect(out.subarray(3)).toEqual(whole);
  });

  it('are spread evenly over the second', () => {
    const stream = streamOf(poisson(100));
    const parts = new Float64Array(50);
    let records = 0;
    for (let cell = 0; cell < 1000; cell += 1) {
      for (const time of timesOf(stream, cell)) parts[Math.floor((time - cell * 1e6) / 20_000)]! += 1;
      records += stream.count;
    }
    const mean = records / 50;
    const chiSquare = parts.reduce((sum, count) => sum + (count - mean) ** 2 / mean, 0);
    // 49 degrees of freedom: 1e-5 of true samples lie above (Wilson and Hilferty).
    expect(chiSquare).toBeLessThan(49 * (1 - 2 / 441 + 4.265 * Math.sqrt(2 / 441)) ** 3);
  });

  it('have the gaps of a Poisson process also across the borders of cells', () => {
    const rate = 20;
    const stream = streamOf(poisson(rate));
    let last = Number.NaN;
    let gaps = 0;
    let squares = 0;
    let count = 0;
    for (let cell = 0; cell < 2500; cell += 1) {
      for (const time of timesOf(stream, cell)) {
        if (Number.isFinite(last)) {
          const gap = ((time - last) * rate) / 1e6;
          gaps += gap;
          squares += gap * gap;
          count += 1;
        }
        last = time;
      }
    }
    // Exponential gaps of mean 1: second moment 2 with variance 20; 4.9 standard deviations.
    expect(Math.abs(gaps / count - 1)).toBeLessThan(4.9 / Math.sqrt(count));
    expect(Math.abs(squares / count - 2)).toBeLessThan(4.9 * Math.sqrt(20 / count));
  });

  it('follow the rate inside a cell where it changes', () => {
    const times = timesOf(streamOf(steep), 5);
    expect(times.length).toBeGreaterThan(1500);
    // Density 2x on (0, 1): mean 2/3, variance 1/18; 4.9 standard deviations.
    const mean = times.reduce((sum, time) => sum + (time - 5e6) / 1e6, 0) / times.length;
    expect(Math.abs(mean - 2 / 3)).toBeLessThan(4.9 * Math.sqrt(1 / 18 / times.length));
    const early = timesOf(streamOf(jump), 5).filter((time) => time < 5.4e6).length;
    expect(Math.abs(early - 8)).toBeLessThan(4.9 * Math.sqrt(8) + 1);
  });
});

describe('paced arrivals', () => {
  it('come one by one by the clock, from time zero on', () => {
    const stream = streamOf({ kind: 'constant', recordsPerSecond: 4, spacing: 'paced' });
    expect(timesOf(stream, 0)).toEqual(Float64Array.of(0, 250_000, 500_000, 750_000));
    expect(timesOf(stream, -1)).toEqual(Float64Array.of(-1_000_000, -750_000, -500_000, -250_000));
    expect(stream.dispersion).toBe(0);
  });

  it('keep slow and uneven rates exact', () => {
    const slow = streamOf({ kind: 'constant', recordsPerSecond: 0.1, spacing: 'paced' });
    for (let cell = 0; cell < 1000; cell += 1) {
      expect(Array.from(timesOf(slow, cell))).toEqual(cell % 10 === 0 ? [cell * 1e6] : []);
    }
    const third = streamOf({ kind: 'constant', recordsPerSecond: 10 / 3, spacing: 'paced' });
    let k = 0;
    for (let cell = 0; cell < 300; cell += 1) {
      for (const time of timesOf(third, cell)) {
        expect(Math.abs(time - k * 300_000)).toBeLessThanOrEqual(1);
        k += 1;
      }
    }
    expect(k).toBe(1000);
  });

  it('come closer together in a window that multiplies the rate', () => {
    const window = { startSeconds: 1.5, endSeconds: 2.5, factor: 10 };
    const stream = streamOf({ kind: 'constant', recordsPerSecond: 2, spacing: 'paced' }, [window]);
    expect(Array.from(timesOf(stream, 1))).toEqual([
      1e6, 1.5e6, 1.55e6, 1.6e6, 1.65e6, 1.7e6, 1.75e6, 1.8e6, 1.85e6, 1.9e6, 1.95e6,
    ]);
    expect(stream.load(2)).toBe(11);
    expect(stream.load(3)).toBe(2);
  });
});

describe('traces', () => {
  it('give every bin exactly its count, whole or scaled, at any cell asked first', () => {
    const stream = streamOf(trace);
    for (const [bin, count] of [
      [3, 9999],
      [0, 70],
      [2, 3],
      [-1, 9999],
      [5, 0],
      [4, 70],
    ] as const) {
      let sum = 0;
      for (let cell = bin * 7 + 6; cell >= bin * 7; cell -= 1) sum += stream.load(cell);
      expect(sum).toBe(count);
    }
  });

  it('bring nothing after the last bin and random records before the first', () => {
    const stream = streamOf({ kind: 'trace', binSeconds: 10, counts: [200, 50] });
    expect(stream.load(20)).toBe(0);
    let before = 0;
    for (let cell = -1000; cell < 0; cell += 1) before += stream.load(cell);
    expect(Math.abs(before - 20_000)).toBeLessThan(4.9 * Math.sqrt(20_000));
  });

  it('are multiplied in a window', () => {
    const windows = [
      { startSeconds: 0, endSeconds: 7, factor: 3 },
      { startSeconds: 14, endSeconds: 21, factor: 0 },
      { startSeconds: 21, endSeconds: 28, factor: 0.5 },
    ];
    const stream = streamOf(trace, windows);
    const sum = (bin: number) => [0, 1, 2, 3, 4, 5, 6].reduce((total, i) => total + stream.load(bin * 7 + i), 0);
    expect(sum(0)).toBe(210);
    expect(sum(2)).toBe(0);
    // Seven cells, each rounded up or down by at most one record.
    expect(Math.abs(sum(3) - 4999.5)).toBeLessThanOrEqual(7);
    expect(sum(4)).toBe(70);
  });
});

describe('windows that multiply a random load', () => {
  it('multiply the mean where they lie and change nothing elsewhere', () => {
    const calm = streamOf(poisson(100));
    const spiky = streamOf(poisson(100), [{ startSeconds: 100, endSeconds: 600.5, factor: 4 }]);
    let inside = 0;
    let changedOutside = 0;
    for (let cell = 0; cell < 1000; cell += 1) {
      const count = spiky.load(cell);
      if (cell >= 100 && cell < 600) inside += count;
      else if (cell !== 600 && count !== calm.load(cell)) changedOutside += 1;
    }
    expect(changedOutside).toBe(0);
    expect(Math.abs(inside - 200_000)).toBeLessThan(4.9 * Math.sqrt(200_000));
    expect(spiky.meanCount(600)).toBe(250);
    const early = timesOf(spiky, 600).filter((time) => time < 600.5e6).length;
    // 200 of 250 in the first half.
    expect(Math.abs(early - 0.8 * spiky.count)).toBeLessThan(4.9 * Math.sqrt(spiky.count * 0.16));
  });
});

describe('names of records', () => {
  it('rise with time and never meet', () => {
    const stream = streamOf(poisson(1));
    expect(stream.firstOrdinal(1) - stream.firstOrdinal(0)).toBe(2_097_152);
    expect(stream.firstOrdinal(-86_400)).toBeGreaterThan(0);
    expect(Number.isSafeInteger(stream.firstOrdinal(366 * 86_400))).toBe(true);
    expect(cellCounter(-1)).toBeGreaterThanOrEqual(0);
  });
});
