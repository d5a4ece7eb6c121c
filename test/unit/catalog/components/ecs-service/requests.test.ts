import { afterEach, describe, expect, it } from 'vitest';
import { FLAG_POISON } from '#engine/flow/parcels.ts';
import { ArrivalSource } from '#engine/workload/source.ts';
import { workloadSchema } from '#schema/workload.ts';
import { pushOf, World } from '#test/harness/behavior.ts';
import { codes, sum } from '#test/harness/queues.ts';
import { addService } from '#test/unit/catalog/components/ecs-service/service-fixture.ts';

const worlds: World[] = [];

function world(options: ConstructorParameters<typeof World>[0] = {}): World {
  const made = new World(options);
  worlds.push(made);
  return made;
}

afterEach(() => {
  for (const w of worlds.splice(0)) for (const difference of w.imbalances()) expect(difference).toBe(0);
});

/** Sends `count` requests now, one call each. */
function request(w: World, node: ReturnType<typeof addService>, count: number) {
  return Array.from({ length: count }, () => w.send(pushOf(node, 'requests'), [w.record()], false).reply);
}

describe('ecs-service, requests', () => {
  it('works on as many requests at a time as its tasks have places, and lets the others wait', () => {
    const w = world();
    const node = addService(w, { desiredCount: 2, concurrency: 2 });
    w.run(0);
    request(w, node, 5);
    w.run(1);
    expect(w.deliveries.map(({ seconds }) => seconds)).toEqual([0.01, 0.01, 0.01, 0.01, 0.02]);
    expect(sum(node, 'RequestCount')).toBe(5);
    expect(sum(node, 'RecordsProcessed')).toBe(5);
    expect(node.samples.get('WaitingTime')?.summary('Milliseconds')).toMatchObject({ mean: 2, max: 10 });
  });

  it('refuses what finds places and queue taken, and everything while no task runs', () => {
    const w = world();
    const node = addService(w, { desiredCount: 1, concurrency: 1, queueLimit: 1 });
    w.run(0);
    expect(request(w, node, 4).map(({ accepted, refused }) => [accepted, refused])).toEqual([
      [1, 0],
      [1, 0],
      [0, 1],
      [0, 1],
    ]);
    w.run(10);
    w.setFaults(node, { outage: true });
    expect(request(w, node, 1)[0]).toMatchObject({ accepted: 0, refused: 1 });
    expect(sum(node, 'RequestsRefused')).toBe(3);
    expect(node.limits.get('queue')?.refused).toBe(3);
    expect(codes(node)).toEqual(['ecs-service/refusing', 'ecs-service/tasks-lost']);
    w.run(200);
    expect(codes(node).at(-1)).toBe('ecs-service/accepting');
  });

  it('answers after the work, or as soon as the request is taken', () => {
    const answers = (how: string): number[] => {
      const w = world();
      const node = addService(w, { answers: how, answerLatencyMs: 5, desiredCount: 1, concurrency: 1 });
      w.run(0);
      return request(w, node, 3).map(({ latencyUs }) => latencyUs / 1000);
    };
    expect(answers('accepted')).toEqual([5, 5, 5]);
    // The second waits for one work, the third for two.
    expect(answers('processed')).toEqual([15, 25, 35]);
  });

  it('slows down as its processor fills up', () => {
    const w = world();
    const node = addService(w, { cpu: '512', memoryMiB: 1024, desiredCount: 1, cpuBoundRatio: 1, concurrency: 4 });
    w.run(0);
    request(w, node, 1);
    w.run(1);
    // Half a vCPU: twice as long.
    expect(w.deliveries[0]?.seconds).toBeCloseTo(0.02, 9);
    expect(node.gauges.get('CPUUtilization')?.series.max).toBe(100);
    expect(node.gauges.get('CPUUtilization')?.mean(w.kernel.nowUs)).toBeCloseTo(2, 9);
  });

  it('loses what a task works on when it is lost, and a failing record; both have a reason', () => {
    const w = world();
    const node = addService(w, { desiredCount: 2, meanServiceTimeMs: 1000 });
    w.run(0);
    request(w, node, 2);
    const poison = w.record();
    w.flow.store.flags[poison]! |= FLAG_POISON;
    w.send(pushOf(node, 'requests'), [poison], false);
    w.at(0.5, () => w.setFaults(node, { capacityRatio: 0.5 }));
    w.run(5);
    const { delivered, droppedBy } = w.ledger();
    expect(droppedBy['processing-failed']! + (droppedBy['task-lost'] ?? 0) + delivered).toBe(3);
    expect(droppedBy['task-lost']).toBe(1);
    expect(sum(node, 'RequestsLost')).toBe(1);
    expect(node.gauges.get('RunningTaskCount')?.value).toBe(1);
    w.at(5, () => w.setFaults(node, { capacityRatio: 1 }));
    w.run(46);
    expect(node.gauges.get('RunningTaskCount')?.value).toBe(2);
    expect(codes(node)).toEqual(['ecs-service/tasks-lost', 'ecs-service/failing', 'ecs-service/tasks-launched']);
  });

  it('serves the records of its own workloads and sends them on', () => {
    const w = world({ horizonSeconds: 120, preRollSeconds: 5 });
    const sink = w.sink('sink');
    const workload = workloadSchema.parse({
      id: 'load',
      node: 'service',
      arrivals: { kind: 'constant', recordsPerSecond: 10, spacing: 'paced' },
      recordSize: { kind: 'constant', bytes: 100 },
      partitionKey: { kind: 'single' },
    });
    const arrivals = [new ArrivalSource(1, 0, workload, { startSecondsOfDay: 0, startDayOfWeek: 0 }, [])];
    const outputs = { output: [{ id: 'records', targets: [{ node: sink, port: 'in' }] }] };
    const node = addService(w, {}, { arrivals, outputs });
    w.finish();
    expect(w.ledger()).toMatchObject({ created: 1200, dropped: 0 });
    expect(w.deliveries.every(({ node: at, seconds }) => at === sink.index && Math.abs(seconds - 0.01) < 1e-9)).toBe(
      true,
    );
    expect(sum(node, 'RequestCount')).toBe(1200);
  });

  it('refuses its own workload too when it cannot take more', () => {
    const w = world({ horizonSeconds: 120 });
    const workload = workloadSchema.parse({
      id: 'load',
      node: 'service',
      arrivals: { kind: 'constant', recordsPerSecond: 10, spacing: 'paced' },
      recordSize: { kind: 'constant', bytes: 100 },
      partitionKey: { kind: 'single' },
    });
    const arrivals = [new ArrivalSource(1, 0, workload, { startSecondsOfDay: 0, startDayOfWeek: 0 }, [])];
    addService(w, { desiredCount: 1, concurrency: 1, queueLimit: 0, meanServiceTimeMs: 150 }, { arrivals });
    w.finish();
    // Work takes one and a half gaps: every second record finds the place taken.
    expect(w.ledger().droppedBy).toEqual({ 'request-refused': 600 });
  });
});

describe('ecs-service, auto scaling', () => {
  it('launches tasks three minutes after the processor is above the target, and they take their start-up time', () => {
    const w = world({ horizonSeconds: 600 });
    const given = { desiredCount: 1, cpuBoundRatio: 1, meanServiceTimeMs: 500, concurrency: 100 };
    const node = addService(w, { ...given, autoScaling: 'ECSServiceAverageCPUUtilization', targetValue: 60 });
    w.run(0);
    for (let i = 0; i < 300; i++) w.at(i, () => request(w, node, 3));
    w.run(179);
    expect(node.gauges.get('DesiredTaskCount')?.value).toBe(1);
    w.run(180);
    // 100 % against a target of 60 %: two tasks.
    expect([node.gauges.get('DesiredTaskCount')?.value, node.gauges.get('RunningTaskCount')?.value]).toEqual([2, 1]);
    expect(node.log.find(({ code }) => code === 'ecs-service/scaled')?.params).toMatchObject({
      from: 1,
      to: 2,
      target: 60,
    });
    w.run(221);
    expect(node.gauges.get('RunningTaskCount')?.value).toBe(2);
    w.finish();
  });

  it('follows the requests per task and minute when told so', () => {
    const w = world({ horizonSeconds: 400 });
    const node = addService(w, { desiredCount: 2, autoScaling: 'ALBRequestCountPerTarget', targetValue: 60 });
    w.run(0);
    // 5 a second are 150 per task and minute: ceil(2 x 150 / 60) = 5 tasks.
    for (let i = 0; i < 300; i++) w.at(i, () => request(w, node, 5));
    w.run(200);
    expect(node.gauges.get('DesiredTaskCount')?.value).toBe(5);
    w.finish();
  });
});
