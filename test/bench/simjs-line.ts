/** The line of servers in simjs, written as its manual does: an entity that uses facilities, which keep their own statistics. */
import { createRequire } from 'node:module';
import type { LineOfServers, LineResult } from './line-of-servers.ts';

interface Series {
  average(): number;
}

interface Simjs {
  readonly Sim: new () => { addEntity(entity: unknown): void; simulate(endTime: number): void };
  readonly Random: new (seed: number) => { exponential(rate: number): number };
  readonly Entity: new (...args: unknown[]) => SimjsEntity;
  readonly Facility: new (
    name: string,
  ) => {
    usage(): number;
    finalize(time: number): void;
    queueStats(): { sizeSeries: Series; durationSeries: Series };
    systemStats(): { durationSeries: Series & { count(): number } };
  };
  readonly DataSeries: new (
    name: string,
  ) => Series & { setHistogram(low: number, high: number, buckets: number): void; record(value: number): void };
}

interface SimjsRequest {
  done(callback: (...args: never[]) => void, context?: unknown, argument?: unknown): void;
}

interface SimjsEntity {
  time(): number;
  setTimer(duration: number): SimjsRequest;
  useFacility(facility: unknown, duration: number): SimjsRequest;
}

/** The package gives its classes to a `window` and to nobody else. */
function loadSimjs(): Simjs {
  const world = globalThis as { window?: { Sim?: Simjs } };
  world.window = {};
  createRequire(import.meta.url)('simjs');
  const { Sim } = world.window;
  delete world.window;
  if (Sim === undefined) throw new Error('simjs did not announce itself');
  return Sim;
}

let loaded: Simjs | undefined;

export function runSimjs(line: LineOfServers): LineResult {
  const { Sim, Random, Entity, Facility, DataSeries } = (loaded ??= loadSimjs());
  const { stations, customersPerSecond, meanServiceUs, horizonSeconds } = line;
  const sim = new Sim();
  const random = new Random(line.seed);
  const servers = line.stationIds.map((id) => new Facility(id));
  const latency = new DataSeries('latency');
  latency.setHistogram(0, 0.2, 2000);
  const serviceRate = 1e6 / meanServiceUs;
  let created = 0;
  let left = 0;

  class Customers extends Entity {
    private readonly arrive = (): void => {
      created += 1;
      this.setTimer(random.exponential(customersPerSecond)).done(this.arrive);
      this.visit(0, this.time());
    };

    private readonly visit = (station: number, born: number): void => {
      if (station < stations) {
        const service = random.exponential(serviceRate);
        this.useFacility(servers[station], service).done(this.visit, this, [station + 1, born]);
      } else {
        left += 1;
        latency.record(this.time() - born);
      }
    };

    start(): void {
      this.setTimer(random.exponential(customersPerSecond)).done(this.arrive);
    }
  }

  sim.addEntity(Customers);
  sim.simulate(horizonSeconds);
  for (const server of servers) server.finalize(horizonSeconds);
  return {
    created,
    left,
    latencyMeanMs: 1000 * latency.average(),
    latencyP99Ms: Number.NaN,
    stations: servers.map((server) => ({
      served: server.systemStats().durationSeries.count(),
      waitingMeanMs: 1000 * server.queueStats().durationSeries.average(),
      responseMeanMs: 1000 * server.systemStats().durationSeries.average(),
      utilisationPercent: (100 * server.usage()) / horizonSeconds,
      queueLength: server.queueStats().sizeSeries.average(),
    })),
  };
}
