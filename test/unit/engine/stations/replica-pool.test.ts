import { describe, expect, it } from 'vitest';
import { ParcelStore } from '#engine/flow/parcels.ts';
import { DrawStream } from '#engine/kernel/draws.ts';
import { Kernel } from '#engine/kernel/kernel.ts';
import { compileLaw } from '#engine/kernel/laws.ts';
import { ReplicaPool } from '#engine/stations/replica-pool.ts';
import { Replicas } from '#engine/stations/replicas.ts';

const MS = 1000;

function newPool(replicaCount: number, places: number, waitingPlaces = Number.POSITIVE_INFINITY) {
  const kernel = new Kernel();
  const store = new ParcelStore();
  const seen: string[] = [];
  const note = (what: string): void => {
    seen.push(`${kernel.nowUs / MS} ${what}`);
  };
  const replicas: Replicas = new Replicas(
    kernel,
    {
      initial: replicaCount,
      cores: 1,
      computingRatio: 0,
      startUp: compileLaw({ kind: 'deterministic', mean: 50 * MS }),
      startUpDraw: new DrawStream(1, 'service', 'startUp'),
      launchLimits: [],
      stopTimeoutUs: 1000 * MS,
    },
    {
      onRunning: (replica) => pool.open(replica),
      onStopping: (replica) => pool.close(replica),
      onGone: (replica) => pool.lose(replica),
      onChange: () => undefined,
    },
  );
  const pool: ReplicaPool = new ReplicaPool(
    kernel,
    store,
    replicas,
    { places, waitingPlaces },
    {
      serviceUs: () => 10 * MS,
      onStart: (parcel, waitedUs) => note(`start ${parcel} after ${waitedUs / MS}`),
      onDeparture: (parcel, us) => note(`end ${parcel} after ${us / MS}`),
      onLost: (parcel) => note(`lost ${parcel}`),
      onChange: () => undefined,
    },
  );
  replicas.start();
  const come = (): boolean => {
    if (!pool.hasRoom) return false;
    const p = store.allocate();
    store.records[p] = 1;
    pool.arrive(p);
    return true;
  };
  return { kernel, replicas, pool, seen, come, at: (ms: number) => kernel.run(ms * MS) };
}

describe('replica pool', () => {
  it('serves as many requests as all replicas have places, and the next when one ends', () => {
    const { come, seen, at, pool } = newPool(2, 2);
    for (let i = 0; i < 5; i++) come();
    expect([pool.busy, pool.queueLength]).toEqual([4, 1]);
    at(100);
    expect(seen).toContain('10 start 4 after 10');
    expect(seen.at(-1)).toBe('20 end 4 after 20');
    expect([pool.busy, pool.queueLength]).toEqual([0, 0]);
  });

  it('has room until places and waiting places are taken', () => {
    const { come, at } = newPool(1, 2, 1);
    expect([come(), come(), come(), come()]).toEqual([true, true, true, false]);
    at(10);
    expect(come()).toBe(true);
  });

  it('gives a request to the replica with the fewest', () => {
    const { come, replicas, seen, at } = newPool(2, 2);
    come();
    come();
    // One each: the loss of one replica loses one request.
    replicas.limitTo(0.5);
    expect(seen.filter((line) => line.includes('lost'))).toHaveLength(1);
    at(100);
    expect(seen.filter((line) => line.includes('end'))).toHaveLength(1);
  });

  it('takes nothing while no replica is up, and keeps what waits for the next', () => {
    const { come, replicas, seen, at } = newPool(1, 1);
    come();
    come();
    replicas.limitTo(0);
    expect(come()).toBe(false);
    expect(seen).toContain('0 lost 0');
    replicas.limitTo(1);
    at(100);
    expect(seen.slice(-2)).toEqual(['50 start 1 after 50', '60 end 1 after 60']);
  });

  it('ends what a stopping replica works on and gives it nothing new', () => {
    const { come, replicas, seen, at } = newPool(2, 1);
    come();
    come();
    come();
    replicas.scaleTo(1);
    at(15);
    expect(seen.filter((line) => line.startsWith('10 '))).toHaveLength(3);
    at(100);
    expect(seen.at(-1)).toBe('20 end 2 after 20');
  });
});
