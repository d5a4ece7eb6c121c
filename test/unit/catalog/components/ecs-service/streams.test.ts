import { afterEach, describe, expect, it } from 'vitest';
import { FLAG_POISON } from '#engine/flow/parcels.ts';
import { type BuiltNode, pushOf, type Wiring, World } from '#test/harness/behavior.ts';
import { addQueue, codes, sum } from '#test/harness/queues.ts';
import { addService, addStream, every, putAt } from '#test/unit/catalog/components/ecs-service/service-fixture.ts';

const worlds: World[] = [];

function world(): World {
  const made = new World({ horizonSeconds: 400 });
  worlds.push(made);
  return made;
}

afterEach(() => {
  for (const w of worlds.splice(0)) for (const difference of w.imbalances()) expect(difference).toBe(0);
});

function readStream(w: World, shards: number, given: Record<string, unknown> = {}, wiring: Wiring = {}) {
  const stream = addStream(w, shards);
  const service = addService(w, given, { ...wiring, polled: { stream: [{ node: stream, port: 'consumers' }] } });
  return { stream, service };
}

const level = (node: BuiltNode, metric: string): number | undefined => node.gauges.get(metric)?.value;

describe('ecs-service, stream', () => {
  it('delivers every record once with a lease per shard', () => {
    const w = world();
    const { stream, service } = readStream(w, 3);
    putAt(w, stream, every(0.1, 30));
    w.finish();
    expect(w.ledger()).toMatchObject({ created: 300, delivered: 300, inside: 0 });
    expect(w.ledger().duplicates.made).toBe(0);
    expect(level(service, 'CurrentLeases')).toBe(3);
    expect(sum(service, 'RecordsProcessed')).toBe(300);
    expect(service.polledEdges[0]?.records).toBe(300);
  });

  it('works on everything since the checkpoint again when a task is lost, after the fail-over time', () => {
    const w = world();
    const given = { checkpointIntervalSeconds: 60, failoverTimeMs: 10_000, desiredCount: 2 };
    const { stream, service } = readStream(w, 2, given);
    putAt(w, stream, every(0.5, 100));
    // No checkpoint has been written yet; half of the leases belong to the task that is lost.
    w.at(50.3, () => w.setFaults(service, { capacityRatio: 0.5 }));
    w.run(56);
    expect(level(service, 'LeasesWithoutHolder')).toBe(1);
    expect(sum(service, 'RecordsRepeated')).toBe(0);
    w.run(61);
    expect(level(service, 'LeasesWithoutHolder')).toBe(0);
    const repeated = sum(service, 'RecordsRepeated');
    // Keys spread evenly: about half of the 101 records so far.
    expect(repeated).toBeGreaterThan(35);
    expect(repeated).toBeLessThan(66);
    w.finish();
    expect(w.ledger()).toMatchObject({ delivered: 200, inside: 0 });
    expect(w.ledger().duplicates).toMatchObject({ made: repeated, delivered: repeated });
    expect(codes(service)).toEqual([
      'ecs-service/tasks-lost',
      'ecs-service/leases-taken',
      'ecs-service/leases-taken-ended',
    ]);
    expect(service.log.at(-1)?.params).toEqual({ records: repeated });
  });

  it('repeats less with a checkpoint after every batch, and writes more to the lease table', () => {
    const run = (checkpointIntervalSeconds: number) => {
      const w = world();
      const { stream, service } = readStream(w, 2, { checkpointIntervalSeconds });
      putAt(w, stream, every(0.5, 100));
      w.at(50.3, () => w.setFaults(service, { capacityRatio: 0.5 }));
      w.finish();
      return [sum(service, 'RecordsRepeated'), service.usage.get('leaseTableWrites')?.total ?? 0] as const;
    };
    const [always, rarely] = [run(0), run(60)];
    expect(always[0]).toBe(0);
    expect(rarely[0]).toBeGreaterThan(30);
    // One write a batch, 200 of them, and a renewal every third of 10 s for each lease that is held.
    expect(always[1] - rarely[1]).toBeGreaterThan(150);
    expect(rarely[1]).toBeGreaterThan((2 * 400) / (10 / 3) - 10);
    expect(rarely[1]).toBeLessThan((2 * 400) / (10 / 3) + 20);
  });

  it('hands leases over in order when tasks are launched or stopped: nothing is repeated', () => {
    const w = world();
    const scaling = { autoScaling: 'ECSServiceAverageCPUUtilization', targetValue: 50, minCapacity: 1, maxCapacity: 4 };
    const { stream, service } = readStream(w, 4, {
      ...scaling,
      desiredCount: 1,
      cpuBoundRatio: 1,
      meanServiceTimeMs: 80,
      retrieval: 'polling',
    });
    putAt(w, stream, every(0.1, 200));
    w.run(300);
    expect(level(service, 'RunningTaskCount')).toBeGreaterThan(1);
    w.finish();
    expect(w.ledger()).toMatchObject({ delivered: 2000, inside: 0 });
    expect(w.ledger().duplicates.made).toBe(0);
    expect(level(service, 'CurrentLeases')).toBe(4);
  });

  it('skips a record that fails, or tries it again after a wait', () => {
    const run = (maxAttempts: number) => {
      const w = world();
      const { stream, service } = readStream(w, 1, { maxAttempts });
      for (let i = 0; i < 5; i++) {
        w.at(i, () => {
          const p = w.record({ key: i });
          if (i === 2) w.flow.store.flags[p]! |= FLAG_POISON;
          w.send(pushOf(stream, 'records'), [p], false);
        });
      }
      w.finish();
      return { ledger: w.ledger(), failed: sum(service, 'RecordsFailed'), log: codes(service) };
    };
    expect(run(1)).toMatchObject({ ledger: { delivered: 4, droppedBy: { 'attempts-exhausted': 1 } }, failed: 1 });
    expect(run(3)).toMatchObject({ ledger: { delivered: 4 }, failed: 3 });
    expect(run(1).log).toContain('ecs-service/skipping');
  });

  it('sends what it reads in full calls, and again after a loss', () => {
    const w = world();
    const sink = w.sink('sink');
    const emit = { batchSize: 10 };
    const outputs = { output: [{ id: 'on', emit, targets: [{ node: sink, port: 'in' }] }] };
    const { stream, service } = readStream(w, 1, { retrieval: 'polling', desiredCount: 2 }, { outputs });
    putAt(w, stream, every(0.02, 20));
    w.at(20.5, () => w.setFaults(service, { outage: true }));
    w.at(21, () => w.setFaults(service, { outage: false }));
    w.finish();
    const { delivered, duplicates } = w.ledger();
    expect(delivered).toBe(1000);
    expect(duplicates.made).toBe(sum(service, 'RecordsRepeated'));
    expect(duplicates.made).toBeGreaterThan(500);
  });

  it('leaves tasks above the number of shards without work', () => {
    const w = world();
    const { stream, service } = readStream(w, 2, { desiredCount: 5 });
    putAt(w, stream, every(1, 10));
    w.finish();
    expect(level(service, 'CurrentLeases')).toBe(2);
    expect(w.ledger().delivered).toBe(10);
  });
});

describe('ecs-service, queue', () => {
  function readQueue(w: World, given: Record<string, unknown> = {}, wiring: Wiring = {}) {
    const queue = addQueue(w, { visibilityTimeoutSeconds: 30 });
    const service = addService(w, given, { ...wiring, polled: { queue: [{ node: queue, port: 'consumers' }] } });
    return { queue, service };
  }

  function sendAt(w: World, queue: BuiltNode, seconds: readonly number[]): void {
    for (const second of seconds) w.at(second, () => w.send(pushOf(queue, 'messages'), [w.record()]));
  }

  it('works on messages with the concurrency of every task', () => {
    const w = world();
    const { queue, service } = readQueue(w, { desiredCount: 2, concurrency: 2, messagesPerReceive: 1 });
    sendAt(w, queue, every(0.01, 1));
    w.finish();
    expect(w.ledger()).toMatchObject({ created: 100, delivered: 100, inside: 0 });
    expect(sum(service, 'RecordsProcessed')).toBe(100);
    expect(service.polledEdges[0]).toMatchObject({ records: 100, requests: 100 });
  });

  it('leaves what a lost task had in work to its visibility timeout', () => {
    const w = world();
    const { queue, service } = readQueue(w, { desiredCount: 1, meanServiceTimeMs: 5000, concurrency: 1 });
    sendAt(w, queue, [0]);
    w.at(2, () => w.setFaults(service, { outage: true }));
    w.at(3, () => w.setFaults(service, { outage: false }));
    w.finish();
    expect(w.ledger()).toMatchObject({ delivered: 1, inside: 0 });
    // The new task is up at 43 s, when the message has been visible again since 30 s; it takes 5 s and some milliseconds.
    expect(w.deliveries[0]?.seconds).toBeGreaterThan(48);
    expect(w.deliveries[0]?.seconds).toBeLessThan(48.1);
  });

  it('sends what it receives on before it deletes the message; a message whose calls fail comes back', () => {
    const w = world();
    const sink = w.sink('sink');
    const emit = { maxAttempts: 1 };
    const outputs = { output: [{ id: 'on', emit, targets: [{ node: sink, port: 'in' }] }] };
    const { queue, service } = readQueue(w, { desiredCount: 1 }, { outputs });
    sendAt(w, queue, [0, 10]);
    w.at(9, () => Object.assign(sink.faults, { outage: true }));
    w.at(20, () => Object.assign(sink.faults, { outage: false }));
    w.finish();
    expect(w.ledger()).toMatchObject({ delivered: 2, inside: 0 });
    expect(w.ledger().duplicates.made).toBe(0);
    expect(w.deliveries[1]?.seconds).toBeGreaterThan(30);
    expect(sum(service, 'RecordsProcessed')).toBe(2);
  });
});
