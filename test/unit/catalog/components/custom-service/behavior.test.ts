import { describe, expect, it } from 'vitest';
import { build } from '#catalog/components/custom-service/behavior.ts';
import { config, declaration } from '#catalog/components/custom-service/config.ts';
import { FLAG_POISON } from '#engine/flow/parcels.ts';
import { type BuiltNode, pushOf, World } from '#test/harness/behavior.ts';

const MS = 1e-3;

function setUp(settings: Record<string, unknown> = {}): { world: World; service: BuiltNode; sink: BuiltNode } {
  const world = new World({ horizonSeconds: 600 });
  const sink = world.sink('sink');
  const service = world.add('service', build, config.parse({ serviceTimeLaw: 'deterministic', ...settings }), {
    outputs: { output: [{ id: 'out', emit: { callLatencyMs: 0 }, targets: [{ node: sink, port: 'in' }] }] },
  });
  return { world, service, sink };
}

/** Sends a record now; true when it was taken. */
const send = (world: World, service: BuiltNode): boolean => {
  const p = world.record();
  const { reply, left } = world.send(pushOf(service, 'requests'), [p]);
  if (left.length > 0) world.flow.drop(left.shift(), 'turned-away');
  return reply.accepted === 1;
};

const seconds = (world: World): number[] => world.deliveries.map(({ seconds: after }) => Math.round(after * 1e6) / 1e6);

describe('a custom service', () => {
  it('passes records on after their service time, in the order of their coming', () => {
    const { world, service } = setUp({ servers: 1, meanServiceTimeMs: 10 });
    for (let i = 0; i < 3; i += 1) world.at(i * 2 * MS, () => send(world, service));
    world.run(1);
    expect(seconds(world)).toEqual([0.01, 0.018, 0.026]);
    expect(world.imbalances().every((imbalance) => imbalance === 0)).toBe(true);
  });

  it('delivers records itself when nothing is linked to its output', () => {
    const world = new World();
    const service = world.add('service', build, config.parse({}));
    world.at(0, () => send(world, service));
    world.run(10);
    expect(world.deliveries.map(({ node }) => node)).toEqual([service.index]);
  });

  it('refuses what finds the servers busy and the queue full, and takes the rest of a request', () => {
    const { world, service } = setUp({ servers: 2, queueLimit: 1, meanServiceTimeMs: 1000 });
    const { reply, left } = world.send(pushOf(service, 'requests'), [
      world.record(),
      world.record(),
      world.record(),
      world.record(),
    ]);
    expect(reply).toMatchObject({ accepted: 3, refused: 1, failed: 0, latencyUs: 0 });
    expect(left.length).toBe(1);
    expect(service.counters.get('RecordsRefused')!.sum).toBe(1);
    expect(service.limits.get('servers')!.summary()).toMatchObject({ refused: 1, peakRatio: 1, waiting: 1 });
  });

  it('logs the refusals of one bad time as one episode', () => {
    const { world, service } = setUp({ servers: 1, queueLimit: 0, meanServiceTimeMs: 900 });
    for (let second = 0; second < 100; second += 1) {
      for (let i = 0; i < 3; i += 1) world.at(second + i / 10, () => send(world, service));
    }
    world.run(600);
    expect(service.log.map(({ code, params }) => [code, params])).toEqual([
      ['custom-service/refusing', { servers: 1 }],
      ['custom-service/accepting', { refused: 200 }],
    ]);
    expect(service.log[1]!.t).toBeCloseTo(99.2 + 60, 6);
  });

  it('measures how busy it is, who waits and how long', () => {
    const { world, service } = setUp({ servers: 2, meanServiceTimeMs: 1000 });
    world.at(0, () => {
      for (let i = 0; i < 4; i += 1) send(world, service);
    });
    world.run(4);
    expect(service.gauges.get('Utilisation')!.mean(4e6)).toBeCloseTo(50, 9);
    expect(service.gauges.get('QueueLength')!.mean(4e6)).toBeCloseTo(0.5, 9);
    expect(service.samples.get('WaitingTime')!.summary('')).toMatchObject({ mean: 500, max: 1000 });
    expect(service.samples.get('ResponseTime')!.summary('')).toMatchObject({ mean: 1500, max: 2000 });
    expect(service.counters.get('RecordsServed')!.sum).toBe(4);
  });

  it('takes its service times from the law that is set', () => {
    const means = new Map<string, number>();
    for (const law of ['exponential', 'deterministic', 'lognormal', 'gamma', 'hyperexponential', 'empirical']) {
      const { world, service } = setUp({
        servers: 100_000,
        serviceTimeLaw: law,
        meanServiceTimeMs: 10,
        coefficientOfVariation: 1.5,
      });
      world.at(0, () => {
        for (let i = 0; i < 20_000; i += 1) send(world, service);
      });
      world.run(100);
      means.set(law, service.samples.get('ResponseTime')!.summary('').mean);
    }
    // Variation at most 1.5: five standard deviations of the mean of 20,000.
    for (const [law, mean] of means) expect(Math.abs(mean - 10), law).toBeLessThan((5 * 15) / Math.sqrt(20_000));
    expect(new Set(means.values()).size).toBe(6);
  });

  it('loses records that fail: a share while errors last, and poison always', () => {
    const { world, service } = setUp({ servers: 100, meanServiceTimeMs: 1 });
    world.at(0, () => world.setFaults(service, { invocationErrorRatio: 0.3 }));
    for (let i = 0; i < 2000; i += 1) world.at(i * MS, () => send(world, service));
    world.at(3, () => world.setFaults(service, { invocationErrorRatio: 0 }));
    world.at(4, () => {
      const p = world.record();
      world.flow.store.flags[p]! |= FLAG_POISON;
      world.send(pushOf(service, 'requests'), [p]);
      send(world, service);
    });
    world.run(10);
    const { droppedBy, delivered } = world.ledger();
    expect(Math.abs(droppedBy['processing-failed']! - 601)).toBeLessThan(5 * Math.sqrt(2000 * 0.3 * 0.7));
    expect(droppedBy['processing-failed']! + delivered).toBe(2002);
    expect(world.deliveries.at(-1)!.entity).toBe(2001);
  });

  it('loses its share of capacity, whole servers or not', () => {
    const served = (servers: number, capacityRatio: number): number => {
      const { world, service } = setUp({ servers, meanServiceTimeMs: 100 });
      world.at(0, () => {
        world.setFaults(service, { capacityRatio });
        for (let i = 0; i < 2000; i += 1) send(world, service);
      });
      world.run(20);
      return service.counters.get('RecordsServed')!.sum;
    };
    expect(served(4, 1)).toBe(800);
    expect(served(4, 0.5)).toBe(400);
    expect(served(10, 0.7)).toBe(1400);
    expect(served(1, 0.5)).toBe(100);
    // Three servers for two and a half: each a fifth slower.
    expect(served(5, 0.5)).toBe(498);
    expect(served(4, 0)).toBe(0);
  });

  it('goes on where it stopped when its capacity comes back', () => {
    const { world, service } = setUp({ servers: 2, meanServiceTimeMs: 100 });
    world.at(0, () => {
      world.setFaults(service, { capacityRatio: 0 });
      for (let i = 0; i < 4; i += 1) send(world, service);
    });
    world.at(10, () => world.setFaults(service, { capacityRatio: 1 }));
    world.run(20);
    expect(seconds(world)).toEqual([10.1, 10.1, 10.2, 10.2]);
  });

  it('is slower by the factor of a latency fault for what it begins', () => {
    const { world, service } = setUp({ servers: 1, meanServiceTimeMs: 100 });
    world.at(0, () => send(world, service));
    world.at(0.05, () => world.setFaults(service, { latencyFactor: 4 }));
    world.at(1, () => send(world, service));
    world.run(5);
    expect(seconds(world)).toEqual([0.1, 0.4]);
  });
});

describe('the rules of a custom service', () => {
  const findings = (settings: Record<string, unknown>) =>
    declaration.check!({ config: config.parse(settings), linkedPorts: [] }).map(({ code, path }) => [code, path]);

  it('accept what can be drawn', () => {
    expect(findings({})).toEqual([]);
    expect(findings({ serviceTimeLaw: 'hyperexponential', coefficientOfVariation: 1 })).toEqual([]);
    expect(findings({ serviceTimeLaw: 'empirical' })).toEqual([]);
  });

  it('fails a hyperexponential law below a variation of one', () => {
    expect(findings({ serviceTimeLaw: 'hyperexponential', coefficientOfVariation: 0.9 })).toEqual([
      ['custom-service/hyperexponential-variation', 'config.coefficientOfVariation'],
    ]);
  });

  it('fails quantiles that do not rise, each at its place, and only where they count', () => {
    const serviceTimeQuantiles = [
      { p: 0, valueMs: 5 },
      { p: 0.5, valueMs: 4 },
      { p: 0.5, valueMs: 9 },
      { p: 1, valueMs: 9 },
    ];
    expect(findings({ serviceTimeLaw: 'empirical', serviceTimeQuantiles })).toEqual([
      ['custom-service/quantiles-out-of-order', 'config.serviceTimeQuantiles.1'],
      ['custom-service/quantiles-out-of-order', 'config.serviceTimeQuantiles.2'],
    ]);
    expect(findings({ serviceTimeLaw: 'gamma', serviceTimeQuantiles })).toEqual([]);
  });
});
