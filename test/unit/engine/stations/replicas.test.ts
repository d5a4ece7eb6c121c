import { describe, expect, it } from 'vitest';
import { DrawStream } from '#engine/kernel/draws.ts';
import { Kernel } from '#engine/kernel/kernel.ts';
import { compileLaw } from '#engine/kernel/laws.ts';
import { Replicas, type ReplicasOptions } from '#engine/stations/replicas.ts';
import { TokenBucket } from '#engine/stations/token-bucket.ts';

const SECOND_US = 1_000_000;

function newReplicas(given: Partial<ReplicasOptions> = {}) {
  const kernel = new Kernel();
  const seen: string[] = [];
  const note = (what: string, replica: number): void => {
    seen.push(`${kernel.nowUs / SECOND_US} ${what} ${replica}`);
  };
  const replicas: Replicas = new Replicas(
    kernel,
    {
      initial: 2,
      cores: 1,
      computingRatio: 1,
      startUp: compileLaw({ kind: 'deterministic', mean: 40 * SECOND_US }),
      startUpDraw: new DrawStream(1, 'service', 'startUp'),
      launchLimits: [],
      stopTimeoutUs: 30 * SECOND_US,
      ...given,
    },
    {
      onRunning: (replica) => note('up', replica),
      onStopping: (replica) => note('stops', replica),
      onGone: (replica, launchedUs) => note(`launched at ${launchedUs / SECOND_US} gone`, replica),
      onChange: () => undefined,
    },
  );
  replicas.start();
  const at = (seconds: number): void => {
    kernel.run(seconds * SECOND_US);
  };
  return { kernel, replicas, seen, at };
}

describe('replicas, works that are told together', () => {
  it('uses the cores of so many works as none slows down, besides those told one by one', () => {
    const { replicas, at } = newReplicas({ cores: 2, computingRatio: 0.5 });
    replicas.computeTogether(3);
    // Half of each of three works computes, on four cores.
    expect(replicas.utilisation).toBe(1.5 / 4);
    replicas.beginWork(0);
    replicas.compute(0, 1000);
    expect(replicas.utilisation).toBe(2 / 4);
    at(10);
    replicas.endCompute(0, replicas.coresTaken);
    replicas.computeTogether(0);
    expect(replicas.takeMeanUtilisation()).toBeCloseTo(0.5, 9);
    expect(replicas.utilisation).toBe(0);
  });

  it('knows how many works a replica computes before they slow each other down, and how long they then take', () => {
    const of = (cores: number, computingRatio: number) => {
      const { replicas } = newReplicas({ cores, computingRatio });
      const times = [1, 2, 3, 4, 5, 6, 7, 8, 9].map(() => replicas.compute(0, 1));
      const uncrowded = times.filter((time) => time <= times[0]! + 1e-9).length;
      return { uncrowded, factor: times[0], told: [replicas.uncrowdedWorks, replicas.uncrowdedFactor] };
    };
    for (const [cores, ratio] of [
      [1, 1],
      [2, 0.25],
      [0.25, 0.5],
      [4, 0.7],
    ] as const) {
      const { uncrowded, factor, told } = of(cores, ratio);
      expect(told, `${cores} cores, ${ratio}`).toEqual([uncrowded, factor]);
    }
    expect(newReplicas({ computingRatio: 0 }).replicas.uncrowdedWorks).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('replicas', () => {
  it('has the first ones up from the start, and further ones after their start-up', () => {
    const { replicas, seen, at } = newReplicas();
    at(10);
    replicas.scaleTo(3);
    expect([replicas.running, replicas.pending, replicas.desired]).toEqual([2, 1, 3]);
    at(60);
    expect(seen).toEqual(['0 up 0', '0 up 1', '50 up 2']);
    expect(replicas.pending).toBe(0);
  });

  it('launches no faster than the limits allow', () => {
    const { replicas, seen, at } = newReplicas({ initial: 0, launchLimits: [new TokenBucket(2, 0.5, 0)] });
    replicas.scaleTo(4);
    at(100);
    expect(seen).toEqual(['40 up 0', '40 up 1', '42 up 2', '44 up 3']);
  });

  it('stops the newest first, at once where it does nothing, or when its work has ended', () => {
    const { replicas, seen, at } = newReplicas();
    replicas.scaleTo(3);
    at(100);
    replicas.beginWork(1);
    replicas.scaleTo(1);
    expect(replicas.running).toBe(1);
    at(105.5);
    replicas.endWork(1);
    at(200);
    expect(seen.slice(3)).toEqual([
      '100 stops 2',
      '100 launched at 0 gone 2',
      '100 stops 1',
      '106 launched at 0 gone 1',
    ]);
  });

  it('kills what still works when the stop timeout ends', () => {
    const { replicas, seen, at } = newReplicas();
    replicas.beginWork(1);
    replicas.scaleTo(1);
    at(100);
    expect(seen.slice(2)).toEqual(['0 stops 1', '30 launched at 0 gone 1']);
  });

  it('gives up a launch that is no longer asked for', () => {
    const { replicas, seen, at } = newReplicas();
    replicas.scaleTo(3);
    at(20);
    replicas.scaleTo(2);
    at(100);
    expect(seen.slice(2)).toEqual(['20 launched at 0 gone 2']);
  });

  it('loses what is above its share at once, and launches it again when the share is back', () => {
    const { replicas, seen, at } = newReplicas({ initial: 3 });
    at(10);
    replicas.limitTo(0.67);
    expect(replicas.running).toBe(3);
    replicas.limitTo(0.5);
    expect(replicas.running).toBe(2);
    replicas.limitTo(0);
    expect([replicas.running, replicas.pending]).toEqual([0, 0]);
    at(20);
    replicas.limitTo(1);
    at(100);
    expect(seen.slice(-3)).toEqual(['60 up 0', '60 up 1', '60 up 2']);
  });
});

describe('replicas, cores', () => {
  it('shares a core among the works that compute: each takes as many times longer as there are', () => {
    const { replicas } = newReplicas({ initial: 1 });
    expect(replicas.compute(0, 100)).toBe(100);
    expect(replicas.compute(0, 100)).toBe(200);
    expect(replicas.compute(0, 100)).toBe(300);
    expect(replicas.utilisation).toBe(1);
  });

  it('does not slow works that mostly wait until their computing fills the core', () => {
    const { replicas } = newReplicas({ initial: 1, computingRatio: 0.25 });
    const times = [1, 2, 3, 4, 5, 6].map(() => replicas.compute(0, 100));
    // Four works compute a quarter of their time each. With n works the computing part is stretched n - 3 times.
    expect(times).toEqual([100, 100, 100, 100, 125, 150]);
  });

  it('takes 1/c longer to compute on a fraction c of a core, and no less on several', () => {
    expect(newReplicas({ initial: 1, cores: 0.25 }).replicas.compute(0, 100)).toBe(400);
    expect(newReplicas({ initial: 1, cores: 4 }).replicas.compute(0, 100)).toBe(100);
  });

  it('measures the share of the cores of running replicas over time', () => {
    const { replicas, at } = newReplicas({ initial: 2, cores: 2 });
    replicas.compute(0, 1);
    const cores = replicas.coresTaken;
    at(30);
    replicas.endCompute(0, cores);
    at(60);
    // One core of four for half of the time.
    expect(replicas.takeMeanUtilisation()).toBeCloseTo(0.125, 12);
    expect(replicas.takeMeanUtilisation()).toBe(0);
  });

  it('forgets the works of a replica that is lost', () => {
    const { replicas } = newReplicas({ initial: 2 });
    replicas.compute(1, 1);
    replicas.limitTo(0.5);
    expect(replicas.utilisation).toBe(0);
  });
});
