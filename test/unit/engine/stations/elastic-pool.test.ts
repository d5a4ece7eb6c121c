import { describe, expect, it } from 'vitest';
import { DrawStream } from '#engine/kernel/draws.ts';
import {
  ElasticPool,
  type ElasticPoolOptions,
  REFUSED_CAPACITY,
  REFUSED_CREATION,
  REFUSED_RATE,
  START_COLD,
  START_RESET,
  START_WARM,
} from '#engine/stations/elastic-pool.ts';
import { PoolCapacity } from '#engine/stations/elastic-pool-capacity.ts';

const SECOND = 1_000_000;

function poolOf(options: Partial<ElasticPoolOptions> & { total?: number; rate?: number } = {}): ElasticPool {
  const { total = 1000, rate = 1_000_00, ...rest } = options;
  return new ElasticPool({
    capacity: new PoolCapacity(total, rate / total, 0),
    provisioned: 0,
    provisionedRequestsPerServer: 10,
    creationBurst: 1000,
    creationsPerSecond: 100,
    keepAliveMinUs: 10 * SECOND,
    keepAliveMaxUs: 10 * SECOND,
    lifetimeMinUs: 3600 * SECOND,
    lifetimeMaxUs: 3600 * SECOND,
    keepAlive: new DrawStream(1, 'pool', 'keepAlive'),
    lifetime: new DrawStream(1, 'pool', 'lifetime'),
    startUs: 0,
    ...rest,
  });
}

describe('elastic pool', () => {
  it('creates a server when none is idle and reuses an idle one', () => {
    const pool = poolOf();
    const first = pool.acquire(0, 0, true);
    expect(pool.startKind).toBe(START_COLD);
    const second = pool.acquire(0, 1, true);
    expect(pool.startKind).toBe(START_COLD);
    expect(second).not.toBe(first);
    pool.release(SECOND, first, 0, false);
    expect(pool.acquire(2 * SECOND, 2, true)).toBe(first);
    expect(pool.startKind).toBe(START_WARM);
  });

  it('reuses the server that went idle last', () => {
    const pool = poolOf();
    const servers = [0, 1, 2].map((ordinal) => pool.acquire(0, ordinal, true));
    pool.release(1, servers[1]!, 1, false);
    pool.release(2, servers[0]!, 0, false);
    pool.release(3, servers[2]!, 2, false);
    expect([3, 4, 5].map((ordinal) => pool.acquire(4, ordinal, true))).toEqual([servers[2], servers[0], servers[1]]);
  });

  it('forgets an idle server exactly when its keep-alive is over', () => {
    const kept = poolOf();
    kept.release(0, kept.acquire(0, 0, true), 0, false);
    kept.acquire(10 * SECOND - 1, 1, true);
    expect(kept.startKind).toBe(START_WARM);
    const lost = poolOf();
    lost.release(0, lost.acquire(0, 0, true), 0, false);
    lost.acquire(10 * SECOND, 1, true);
    expect(lost.startKind).toBe(START_COLD);
  });

  it('finds an older idle server whose keep-alive lasts although a newer one has gone', () => {
    const pool = poolOf({ keepAliveMinUs: 0, keepAliveMaxUs: 100 * SECOND });
    const draw = new DrawStream(1, 'pool', 'keepAlive');
    const ordinals = Array.from({ length: 50 }, (_, i) => i).sort((a, b) => draw.uniform(b) - draw.uniform(a));
    const long = ordinals[0]!;
    const short = ordinals.at(-1)!;
    const servers = new Map([long, short].map((ordinal) => [ordinal, pool.acquire(0, ordinal, true)]));
    pool.release(1, servers.get(long)!, long, false);
    pool.release(2, servers.get(short)!, short, false);
    const between = (100 * SECOND * (draw.uniform(long) + draw.uniform(short))) / 2;
    expect(pool.countLive(between)).toBe(1);
    expect(pool.acquire(between, 99, true)).toBe(servers.get(long));
    expect(pool.startKind).toBe(START_WARM);
  });

  it('draws keep-alives between the two ends, keyed by the request that ended', () => {
    const lost = (ordinal: number, afterUs: number): boolean => {
      const pool = poolOf({ keepAliveMinUs: 300 * SECOND, keepAliveMaxUs: 900 * SECOND });
      pool.release(0, pool.acquire(0, ordinal, true), ordinal, false);
      return pool.countLive(afterUs) === 0;
    };
    const ordinals = Array.from({ length: 2000 }, (_, i) => i);
    expect(ordinals.some((ordinal) => lost(ordinal, 299 * SECOND))).toBe(false);
    expect(ordinals.every((ordinal) => lost(ordinal, 901 * SECOND))).toBe(true);
    // Half are gone in the middle: binomial, standard deviation 22.4 of 2,000; four of them is one false alarm in 16,000.
    expect(Math.abs(ordinals.filter((ordinal) => lost(ordinal, 600 * SECOND)).length - 1000)).toBeLessThan(90);
  });

  it('recycles a server at the end of its lifetime even under constant use', () => {
    const pool = poolOf({ lifetimeMinUs: 60 * SECOND, lifetimeMaxUs: 60 * SECOND });
    let created = 0;
    for (let second = 0; second < 600; second++) {
      const server = pool.acquire(second * SECOND, second, true);
      if (pool.startKind === START_COLD) created++;
      pool.release(second * SECOND + 1000, server, second, false);
    }
    expect(created).toBe(10);
  });

  it('never ends a lifetime while the server works', () => {
    const pool = poolOf({ lifetimeMinUs: SECOND, lifetimeMaxUs: SECOND });
    const server = pool.acquire(0, 0, true);
    expect(pool.countLive(5 * SECOND)).toBe(1);
    pool.release(5 * SECOND, server, 0, false);
    expect(pool.countLive(5 * SECOND)).toBe(0);
  });

  it('refuses above its capacity and takes again when a server is released', () => {
    const pool = poolOf({ total: 2 });
    const server = pool.acquire(0, 0, true);
    pool.acquire(0, 1, true);
    expect(pool.acquire(0, 2, true)).toBe(REFUSED_CAPACITY);
    pool.release(1, server, 0, false);
    expect(pool.acquire(1, 2, true)).toBe(server);
    expect(pool.busy).toBe(2);
  });

  it('shares a capacity with other pools', () => {
    const capacity = new PoolCapacity(3, 1000, 0);
    const [one, other] = [poolOf({ capacity }), poolOf({ capacity })];
    one.acquire(0, 0, true);
    one.acquire(0, 1, true);
    const server = other.acquire(0, 0, true);
    expect(other.acquire(0, 1, true)).toBe(REFUSED_CAPACITY);
    other.release(1, server, 0, false);
    expect(one.acquire(1, 2, true)).toBeGreaterThanOrEqual(0);
  });

  it('keeps a floor of shared capacity when more is withheld than there is', () => {
    const capacity = new PoolCapacity(1000, 10, 0, 100);
    expect(capacity.withhold(900)).toBe(true);
    expect(capacity.total).toBe(100);
    expect(capacity.withhold(1)).toBe(false);
    expect(capacity.total).toBe(100);
    capacity.busy = 7;
    expect(capacity.claimed).toBe(908);
  });

  it('creates no more than the burst at once and ten times the tokens of a second in ten seconds, none saved up', () => {
    const pool = poolOf({ total: 10_000, creationBurst: 1000, creationsPerSecond: 100 });
    let ordinal = 0;
    const fill = (nowUs: number): number => {
      let created = 0;
      while (pool.acquire(nowUs, ordinal++, false) >= 0) created++;
      return created;
    };
    expect(fill(0)).toBe(1000);
    expect(pool.acquire(0, ordinal, false)).toBe(REFUSED_CREATION);
    expect(fill(SECOND)).toBe(100);
    expect(fill(11 * SECOND)).toBe(1000);
    expect(fill(1011 * SECOND)).toBe(1000);
  });

  it('needs no creation token for a warm server', () => {
    const pool = poolOf({ creationBurst: 1, creationsPerSecond: 0 });
    for (let i = 0; i < 100; i++) pool.release(i, pool.acquire(i, i, true), i, false);
    expect(pool.busy).toBe(0);
    expect(pool.creationTokensUsed(100)).toBe(1);
  });

  it('limits metered requests to ten times the capacity a second, whatever their duration', () => {
    const pool = poolOf({ total: 5, rate: 50 });
    let taken = 0;
    let refused = 0;
    for (let ms = 0; ms < 10_000; ms += 5) {
      const server = pool.acquire(ms * 1000, ms, true);
      if (server >= 0) {
        taken++;
        pool.release(ms * 1000 + 1, server, ms, false);
      } else {
        expect(server).toBe(REFUSED_RATE);
        refused++;
      }
    }
    // 200 requests a second for 10 s against 50 a second and one second's worth at the start; tokens come every 20 ms.
    expect(taken).toBe(50 + 499);
    expect(taken + refused).toBe(2000);
  });

  it('does not count requests that are not metered', () => {
    const pool = poolOf({ total: 1, rate: 10 });
    for (let i = 0; i < 100; i++) pool.release(i, pool.acquire(i, i, false), i, false);
    expect(pool.acquire(100, 100, true)).toBeGreaterThanOrEqual(0);
  });

  it('takes provisioned servers first, spills above them, and never lets them expire', () => {
    const pool = poolOf({ provisioned: 2, total: 1 });
    const servers = [0, 1, 2].map((ordinal) => {
      const server = pool.acquire(0, ordinal, true);
      return { server, kind: pool.startKind, provisioned: pool.isProvisioned(server) };
    });
    expect(servers.map(({ kind, provisioned }) => [kind, provisioned])).toEqual([
      [START_WARM, true],
      [START_WARM, true],
      [START_COLD, false],
    ]);
    expect(pool.acquire(0, 3, true)).toBe(REFUSED_CAPACITY);
    for (const [ordinal, { server }] of servers.entries()) pool.release(1, server, ordinal, false);
    const later = pool.acquire(86_400 * SECOND, 4, true);
    expect([pool.startKind, pool.isProvisioned(later)]).toEqual([START_WARM, true]);
    expect(pool.busyProvisioned).toBe(1);
  });

  it('spills requests above ten a second and provisioned server to servers on demand', () => {
    const pool = poolOf({ provisioned: 1, provisionedRequestsPerServer: 10 });
    let spilled = 0;
    for (let i = 0; i < 15; i++) {
      const server = pool.acquire(0, i, true);
      if (!pool.isProvisioned(server)) spilled++;
      pool.release(0, server, i, false);
    }
    expect(spilled).toBe(5);
  });

  it('initialises a reset server again at its next request only', () => {
    const pool = poolOf();
    const server = pool.acquire(0, 0, true);
    pool.release(1, server, 0, true);
    expect(pool.acquire(2, 1, true)).toBe(server);
    expect(pool.startKind).toBe(START_RESET);
    pool.release(3, server, 1, false);
    pool.acquire(4, 2, true);
    expect(pool.startKind).toBe(START_WARM);
  });

  it('keeps to the share of its capacity that a fault leaves', () => {
    const pool = poolOf({ total: 10 });
    pool.limitTo(0.35);
    const taken = Array.from({ length: 6 }, (_, i) => pool.acquire(0, i, true)).filter((server) => server >= 0);
    expect(taken).toHaveLength(3);
    pool.limitTo(0);
    expect(pool.acquire(0, 9, true)).toBe(REFUSED_CAPACITY);
    pool.limitTo(1);
    expect(pool.acquire(0, 9, true)).toBeGreaterThanOrEqual(0);
  });

  it('keeps its books over many servers that come and go', () => {
    const pool = poolOf({ total: 500, keepAliveMinUs: SECOND, keepAliveMaxUs: 5 * SECOND, rate: 1e6 });
    const draw = new DrawStream(3, 'test', 'walk');
    const working: { server: number; ordinal: number }[] = [];
    for (let step = 0; step < 20_000; step++) {
      const nowUs = step * 10_000;
      if (draw.uniform(step) < 0.5) {
        const server = pool.acquire(nowUs, step, true);
        if (server >= 0) {
          expect(working.some((other) => other.server === server)).toBe(false);
          working.push({ server, ordinal: step });
        }
      } else if (working.length > 0) {
        const [ended] = working.splice(Math.floor(draw.uniform(step + 1e6) * working.length), 1);
        pool.release(nowUs, ended!.server, ended!.ordinal, false);
      }
      if (pool.busy !== working.length) expect(pool.busy).toBe(working.length);
    }
    expect(pool.countLive(20_000 * 10_000 + 3600 * SECOND)).toBe(working.length);
  });
});
