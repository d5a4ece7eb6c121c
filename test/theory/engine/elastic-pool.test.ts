/** The elastic pool against formulas: cold starts of a rarely used pool, and Erlang's loss formula. */
import { describe, expect, it } from 'vitest';
import { DrawStream } from '#engine/kernel/draws.ts';
import { Kernel } from '#engine/kernel/kernel.ts';
import { compileLaw, type LawSpec } from '#engine/kernel/laws.ts';
import { PRIORITY_ARRIVAL, PRIORITY_DEPARTURE } from '#engine/kernel/priorities.ts';
import { studentTQuantile } from '#engine/stats/student-t.ts';
import { ElasticPool, START_COLD } from '#engine/stations/elastic-pool.ts';
import { PoolCapacity } from '#engine/stations/elastic-pool-capacity.ts';

const SECOND = 1_000_000;

interface Setting {
  readonly arrivalsPerSecond: number;
  readonly service: LawSpec;
  readonly keepAliveUs: readonly [number, number];
  readonly servers: number;
  readonly arrivals: number;
  readonly warmUp: number;
}

interface Shares {
  readonly cold: number;
  readonly refused: number;
}

/** Poisson arrivals at a pool; shares over the arrivals after the warm-up. */
function simulate(setting: Setting, seed: number): Shares {
  const kernel = new Kernel();
  const pool = new ElasticPool({
    capacity: new PoolCapacity(setting.servers, 100_000, 0),
    provisioned: 0,
    provisionedRequestsPerServer: 10,
    creationBurst: 1_000_000,
    creationsPerSecond: 1_000_000,
    keepAliveMinUs: setting.keepAliveUs[0],
    keepAliveMaxUs: setting.keepAliveUs[1],
    lifetimeMinUs: 1e15,
    lifetimeMaxUs: 1e15,
    keepAlive: new DrawStream(seed, 'pool', 'keepAlive'),
    lifetime: new DrawStream(seed, 'pool', 'lifetime'),
    startUs: 0,
  });
  const gaps = new DrawStream(seed, 'load', 'arrivals');
  const services = new DrawStream(seed, 'pool', 'serviceTime');
  const law = compileLaw(setting.service);
  let cold = 0;
  let refused = 0;
  const onEnd = kernel.register((server, ordinal) => pool.release(kernel.nowUs, server, ordinal, false));
  const onArrival = kernel.register((ordinal) => {
    const server = pool.acquire(kernel.nowUs, ordinal, false);
    const isCounted = ordinal >= setting.warmUp;
    if (server < 0) {
      if (isCounted) refused++;
    } else {
      if (isCounted && pool.startKind === START_COLD) cold++;
      kernel.after(law.sample(services, ordinal), onEnd, server, ordinal, PRIORITY_DEPARTURE);
    }
    if (ordinal + 1 < setting.arrivals) {
      const gapUs = (-Math.log(gaps.uniform(ordinal)) * SECOND) / setting.arrivalsPerSecond;
      kernel.after(gapUs, onArrival, ordinal + 1, 0, PRIORITY_ARRIVAL);
    }
  });
  kernel.at(0, onArrival, 0, 0, PRIORITY_ARRIVAL);
  kernel.run(1e14);
  const counted = setting.arrivals - setting.warmUp;
  return { cold: cold / counted, refused: refused / counted };
}

/** Mean over replications with its half width at 99.9 %: one false alarm in 1,000 for each comparison. */
function replicated(setting: Setting, pick: (shares: Shares) => number): { mean: number; halfWidth: number } {
  const n = 12;
  const values = Array.from({ length: n }, (_, i) => pick(simulate(setting, 100 + i)));
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  return { mean, halfWidth: studentTQuantile(0.9995, n - 1) * Math.sqrt(variance / n) };
}

function erlangB(servers: number, offered: number): number {
  let loss = 1;
  for (let c = 1; c <= servers; c++) loss = (offered * loss) / (c + offered * loss);
  return loss;
}

describe('elastic pool against theory', () => {
  it.each([
    [1 / 300, 300],
    [1 / 300, 600],
    [1 / 120, 60],
  ])('cold starts at rate %f/s with keep-alive %i s come with probability exp(-rate x keep-alive)', (rate, keep) => {
    const setting = {
      arrivalsPerSecond: rate,
      service: { kind: 'deterministic', mean: 1000 },
      keepAliveUs: [keep * SECOND, keep * SECOND],
      servers: 100,
      arrivals: 20_000,
      warmUp: 10,
    } as const;
    const { mean, halfWidth } = replicated(setting, ({ cold }) => cold);
    // Service of 1 ms: two arrivals overlap with probability below 1e-5, which the tolerance covers.
    expect(Math.abs(mean - Math.exp(-rate * keep))).toBeLessThan(halfWidth + 1e-5);
  });

  it('cold starts with a uniform keep-alive come with the mean of exp(-rate x keep-alive)', () => {
    const rate = 1 / 400;
    const [from, to] = [300, 900];
    const expected = (Math.exp(-rate * from) - Math.exp(-rate * to)) / (rate * (to - from));
    const setting = {
      arrivalsPerSecond: rate,
      service: { kind: 'deterministic', mean: 1000 },
      keepAliveUs: [from * SECOND, to * SECOND],
      servers: 100,
      arrivals: 20_000,
      warmUp: 10,
    } as const;
    const { mean, halfWidth } = replicated(setting, ({ cold }) => cold);
    expect(Math.abs(mean - expected)).toBeLessThan(halfWidth + 1e-5);
  });

  it.each([
    ['exponential', 10, 9.3],
    ['deterministic', 10, 9.3],
    ['lognormal', 20, 25],
  ] as const)(
    'a warm pool of limited capacity loses by the Erlang B formula, %s service, %i servers',
    (kind, servers, offered) => {
      const mean = 50_000;
      const service: LawSpec = kind === 'lognormal' ? { kind, mean, cv: 1.5 } : { kind, mean };
      const setting = {
        arrivalsPerSecond: offered / 0.05,
        service,
        keepAliveUs: [1e12, 1e12],
        servers,
        arrivals: 60_000,
        warmUp: 2000,
      } as const;
      const { mean: loss, halfWidth } = replicated(setting, ({ refused }) => refused);
      expect(Math.abs(loss - erlangB(servers, offered))).toBeLessThan(halfWidth);
      expect(halfWidth / erlangB(servers, offered)).toBeLessThan(0.05);
    },
  );
});
