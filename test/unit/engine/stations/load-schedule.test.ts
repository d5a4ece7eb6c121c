import { expect, it } from 'vitest';
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
  });
  schedule.start();
  kernel.run(3_000_000);
  expect(seen).toHaveLength(10);
  expect(new Set(seen.map(({ entity }) => entity)).size).toBe(10);
  expect(seen.every(({ load, bytes }) => load === 3 && bytes === 70)).toBe(true);
  expect(seen[1]!.atUs - seen[0]!.atUs).toBe(500_000);
  expect(seen.filter(({ isPoison }) => isPoison).map(({ atUs }) => Math.floor(atUs / 1e6))).toEqual([1]);
});
