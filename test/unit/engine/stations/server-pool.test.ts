import { describe, expect, it } from 'vitest';
import { ParcelStore } from '#engine/flow/parcels.ts';
import { DrawStream } from '#engine/kernel/draws.ts';
import { Kernel } from '#engine/kernel/kernel.ts';
import { compileLaw, type LawSpec } from '#engine/kernel/laws.ts';
import { ServerPool, type ServerPoolOptions } from '#engine/stations/server-pool.ts';

const MS = 1000;

interface Seen {
  readonly what: 'start' | 'end';
  readonly parcel: number;
  readonly atMs: number;
  /** Wait at the start, response at the end. */
  readonly tookMs: number;
}

function newPool(options: Partial<ServerPoolOptions> & { spec?: LawSpec } = {}) {
  const kernel = new Kernel();
  const store = new ParcelStore();
  const seen: Seen[] = [];
  const levels: [number, number][] = [];
  const pool: ServerPool = new ServerPool(
    kernel,
    store,
    {
      servers: 1,
      waitingPlaces: Number.POSITIVE_INFINITY,
      discipline: 'fifo',
      law: compileLaw(options.spec ?? { kind: 'deterministic', mean: 10 * MS }),
      serviceTime: new DrawStream(1, 'pool', 'serviceTime'),
      ...options,
    },
    {
      onStart: (parcel, us) => seen.push({ what: 'start', parcel, atMs: kernel.nowUs / MS, tookMs: us / MS }),
      onDeparture: (parcel, us) => seen.push({ what: 'end', parcel, atMs: kernel.nowUs / MS, tookMs: us / MS }),
      onChange: (busy, waiting) => levels.push([busy, waiting]),
    },
  );
  const parcel = (): number => {
    const p = store.allocate();
    store.records[p] = 1;
    return p;
  };
  /** Lets a record come at each of the times given, if there is room; returns who was turned away. */
  const comeAt = (...timesMs: number[]): number[] => {
    const turnedAway: number[] = [];
    const come = kernel.register((p) => {
      if (pool.hasRoom) pool.arrive(p);
      else turnedAway.push(p);
    });
    for (const atMs of timesMs) kernel.at(atMs * MS, come, parcel(), 0, 30);
    kernel.run(10_000 * MS);
    return turnedAway;
  };
  return { kernel, store, pool, seen, levels, parcel, comeAt };
}

const ends = (seen: readonly Seen[]): number[][] =>
  seen.filter(({ what }) => what === 'end').map(({ parcel, atMs, tookMs }) => [parcel, atMs, tookMs]);

describe('ServerPool', () => {
  it('serves at once while a server is free and lets others wait in order', () => {
    const { seen, comeAt, pool } = newPool();
    comeAt(0, 2, 3);
    expect(seen).toEqual([
      { what: 'start', parcel: 0, atMs: 0, tookMs: 0 },
      { what: 'start', parcel: 1, atMs: 10, tookMs: 8 },
      { what: 'end', parcel: 0, atMs: 10, tookMs: 10 },
      { what: 'start', parcel: 2, atMs: 20, tookMs: 17 },
      { what: 'end', parcel: 1, atMs: 20, tookMs: 18 },
      { what: 'end', parcel: 2, atMs: 30, tookMs: 27 },
    ]);
    expect([pool.busy, pool.queueLength]).toEqual([0, 0]);
  });

  it('serves the last that came first when told so', () => {
    const { seen, comeAt } = newPool({ discipline: 'lifo' });
    comeAt(0, 1, 2, 3);
    expect(ends(seen).map(([parcel]) => parcel)).toEqual([0, 3, 2, 1]);
  });

  it('serves as many at a time as it has servers', () => {
    const { seen, comeAt, levels } = newPool({ servers: 3 });
    comeAt(0, 1, 2, 3);
    expect(ends(seen)).toEqual([
      [0, 10, 10],
      [1, 11, 10],
      [2, 12, 10],
      [3, 20, 17],
    ]);
    expect(Math.max(...levels.map(([busy]) => busy))).toBe(3);
    expect(levels.at(-1)).toEqual([0, 0]);
  });

  it('has room for as many as can wait beside those being served', () => {
    const { comeAt, seen } = newPool({ servers: 2, waitingPlaces: 1 });
    expect(comeAt(0, 0, 0, 0, 5)).toEqual([3, 4]);
    expect(ends(seen).map(([parcel]) => parcel)).toEqual([0, 1, 2]);
  });

  it('has room only for those being served when nobody may wait', () => {
    const { comeAt } = newPool({ waitingPlaces: 0 });
    expect(comeAt(0, 5, 10, 15)).toEqual([1, 3]);
  });

  it('frees a server before it takes an arrival of the same instant', () => {
    const { seen, comeAt } = newPool({ waitingPlaces: 0 });
    expect(comeAt(0, 10, 20)).toEqual([]);
    expect(seen.filter(({ what }) => what === 'start').map(({ tookMs }) => tookMs)).toEqual([0, 0, 0]);
  });

  it('draws service time number n for the n-th start, whoever it is', () => {
    const spec: LawSpec = { kind: 'exponential', mean: 5 * MS };
    const times = (timesMs: number[], servers: number): number[] => {
      const { seen, comeAt } = newPool({ spec, servers });
      comeAt(...timesMs);
      const starts = new Map(seen.filter(({ what }) => what === 'start').map(({ parcel, atMs }) => [parcel, atMs]));
      return ends(seen)
        .map(([parcel, atMs]) => [starts.get(parcel!)!, Math.round((atMs! - starts.get(parcel!)!) * MS)] as const)
        .sort((a, b) => a[0] - b[0])
        .map(([, took]) => took);
    };
    const alone = times([0, 100, 200, 300], 1);
    expect(times([0, 50, 60, 500], 4)).toEqual(alone);
    expect(new Set(alone).size).toBe(4);
  });

  it('opens no more servers than it is adjusted to; those at work finish first', () => {
    const { kernel, pool, parcel, seen } = newPool({ servers: 3 });
    for (let i = 0; i < 6; i += 1) pool.arrive(parcel());
    pool.adjust(1, 1);
    expect([pool.busy, pool.queueLength]).toEqual([3, 3]);
    kernel.run(10 * MS);
    expect([pool.busy, pool.queueLength]).toEqual([1, 2]);
    kernel.run(1000 * MS);
    expect(ends(seen).map(([, atMs]) => atMs)).toEqual([10, 10, 10, 20, 30, 40]);
  });

  it('stands still with no server and goes on where it stopped when they come back', () => {
    const { kernel, pool, parcel, seen } = newPool({ servers: 2, waitingPlaces: 3 });
    pool.adjust(0, 1);
    for (let i = 0; i < 3; i += 1) pool.arrive(parcel());
    expect([pool.busy, pool.queueLength, pool.hasRoom]).toEqual([0, 3, false]);
    kernel.run(500 * MS);
    expect(seen).toEqual([]);
    pool.adjust(2, 1);
    expect([pool.busy, pool.queueLength]).toEqual([2, 1]);
    kernel.run(1000 * MS);
    expect(ends(seen).map(([, atMs]) => atMs)).toEqual([510, 510, 520]);
  });

  it('multiplies service times that begin while it is slowed down, not those that have begun', () => {
    const { kernel, pool, parcel, seen } = newPool();
    pool.arrive(parcel());
    pool.arrive(parcel());
    pool.adjust(1, 3);
    kernel.run(1000 * MS);
    expect(ends(seen).map(([, atMs]) => atMs)).toEqual([10, 40]);
  });

  it('tells of every change of what is busy and what waits', () => {
    const { levels, comeAt } = newPool();
    comeAt(0, 1);
    expect(levels).toEqual([
      [1, 0],
      [1, 1],
      [1, 0],
      [0, 0],
    ]);
  });
});
