import { describe, expect, it } from 'vitest';
import { Kernel } from '#engine/kernel/kernel.ts';
import { LoadSchedule } from '#engine/stations/load-schedule.ts';
import { ArrivalSource } from '#engine/workload/source.ts';
import { workloadSchema } from '#schema/workload.ts';

it('hands on every record of the workload at its instant, with its own identity, from the start to the horizon', () => {
  const kernel = new Kernel(-2_000_000);
  const workload = workloadSchema.parse({
    id: 'load',
    node: 'api',
    arrivals: { kind: 'constant', recordsPerSecond: 2, spacing: 'paced' },
    recordSize: { kind: 'constant', bytes: 70 },
    partitionKey: { kind: 'single' },
  });
  const source = new ArrivalSource(1, 3, workload, { startSecondsOfDay: 0, startDayOfWeek: 0 }, [
    { id: 'f', node: 'api', kind: 'poisonRecord', count: 1, startSeconds: 1, durationSeconds: 1 },
  ]);
  const seen: { atUs: number; load: number; entity: number; bytes: number; isPoison: boolean }[] = [];
  const schedule = new LoadSchedule({ kernel, startUs: -2_000_000, horizonUs: 3_000_000 }, source, {
    onArrival: (load, entity, _key, bytes, isPoison) =>
      seen.push({ atUs: kernel.nowUs, load, entity, bytes, isPoison }),
    admitsRun: () => true,
    onRun: () => expect.unreachable('records travel one by one here'),
  });
  schedule.start();
  kernel.run(3_000_000);
  expect(seen).toHaveLength(10);
  expect(new Set(seen.map(({ entity }) => entity)).size).toBe(10);
  expect(seen.every(({ load, bytes }) => load === 3 && bytes === 70)).toBe(true);
  expect(seen[1]!.atUs - seen[0]!.atUs).toBe(500_000);
  expect(seen.filter(({ isPoison }) => isPoison).map(({ atUs }) => Math.floor(atUs / 1e6))).toEqual([1]);
});

describe('a load schedule whose listener takes runs', () => {
  const workload = workloadSchema.parse({
    id: 'load',
    node: 'api',
    arrivals: { kind: 'poisson', recordsPerSecond: 100 },
    recordSize: { kind: 'constant', bytes: 70 },
    partitionKey: { kind: 'single' },
  });
  const poison = { id: 'f', node: 'api', kind: 'poisonRecord', count: 1, startSeconds: 6, durationSeconds: 1 } as const;
  const isSteady = (fromUs: number, untilUs: number) => !(fromUs < 8_500_000 && untilUs > 8_500_000);

  /** What comes in each of the first ten seconds: records in runs and single ones. */
  function play(cellUs: number | undefined, admits: (cell: number) => boolean) {
    const kernel = new Kernel(0);
    const source = new ArrivalSource(1, 0, workload, { startSecondsOfDay: 0, startDayOfWeek: 0 }, [poison]);
    const inRuns = Array.from({ length: 10 }, () => 0);
    const single = Array.from({ length: 10 }, () => 0);
    const spansUs = new Set<number>();
    const env = { kernel, startUs: 0, horizonUs: 10_000_000, isSteady, ...(cellUs === undefined ? {} : { cellUs }) };
    new LoadSchedule(env, source, {
      onArrival: () => {
        single[Math.floor(kernel.nowUs / 1e6)]! += 1;
      },
      admitsRun: () => admits(kernel.nowUs / 1e6),
      onRun: (_source, _entity, count, bytes, _fromUs, spanUs) => {
        inRuns[kernel.nowUs / 1e6]! += count;
        spansUs.add(spanUs);
        expect(bytes).toBe(70 * count);
      },
    }).start();
    kernel.run(10_000_000);
    return { inRuns, single, spansUs: [...spansUs] };
  }

  it('hands the same records on, a second at a time, and singly where one of them is poison or a fault begins', () => {
    const singly = play(undefined, () => true);
    expect(singly.inRuns.every((count) => count === 0)).toBe(true);
    const together = play(1_000_000, () => true);
    expect(together.spansUs).toEqual([1_000_000]);
    expect(together.inRuns.map((count, cell) => count + together.single[cell]!)).toEqual(singly.single);
    expect(together.single.map((count) => count > 0)).toEqual(
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((c) => c === 6 || c === 8),
    );
  });

  it('cuts a second into parts where runs are to be shorter, and asks the listener at each second', () => {
    const { inRuns, single, spansUs } = play(300_000, (cell) => cell < 4);
    expect(spansUs).toEqual([250_000]);
    expect(inRuns.map((count) => count > 0)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((cell) => cell < 4));
    expect(single.slice(4).every((count) => count > 50)).toBe(true);
  });
});

it('gives paced records in runs the instants that they have one by one', () => {
  const given = {
    id: 'load',
    node: 'api',
    recordSize: { kind: 'constant', bytes: 70 },
    partitionKey: { kind: 'single' },
  };
  // 30.3 a second: each second begins elsewhere between two records.
  for (const recordsPerSecond of [20, 30.3]) {
    const arrivals = { kind: 'constant', recordsPerSecond, spacing: 'paced' };
    const workload = workloadSchema.parse({ ...given, arrivals });
    const source = new ArrivalSource(1, 0, workload, { startSecondsOfDay: 0, startDayOfWeek: 0 }, []);
    const play = (cellUs: number | undefined): number[] => {
      const kernel = new Kernel(0);
      const times: number[] = [];
      const env = { kernel, startUs: 0, horizonUs: 10_000_000, ...(cellUs === undefined ? {} : { cellUs }) };
      const schedule = new LoadSchedule(env, source, {
        onArrival: () => times.push(kernel.nowUs),
        admitsRun: () => true,
        onRun: (_source, _entity, count, _bytes, fromUs, spanUs) => {
          for (let i = 0; i < count; i++) times.push(Math.floor(fromUs + ((i + 0.5) * spanUs) / count));
        },
      });
      schedule.start();
      kernel.run(10_000_000);
      return times;
    };
    const single = play(undefined);
    expect(single).toHaveLength(recordsPerSecond * 10);
    for (const cellUs of [1_000_000, 250_000]) {
      const inRuns = play(cellUs);
      expect(inRuns).toHaveLength(single.length);
      expect(Math.max(...inRuns.map((us, i) => Math.abs(us - single[i]!)))).toBeLessThanOrEqual(2);
    }
  }
});
