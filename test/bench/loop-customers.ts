/** Where the customers of the hand-written loop come from, a block at a time. */
import { DrawStream } from '#engine/kernel/draws.ts';
import { ArrivalStream } from '#engine/workload/arrivals.ts';
import { compileProfile } from '#engine/workload/profile.ts';
import type { LineOfServers } from './line-of-servers.ts';

const SECOND_US = 1_000_000;
export const BLOCK = 1024;

export interface Customers {
  /** Writes the next arrival times, rising, whole microseconds; returns their number, 0 at the end. */
  arrivals(out: Float64Array): number;
  /** Writes the next BLOCK service times of a station, microseconds. */
  services(station: number, out: Float64Array): void;
}

/** The very customers of Caudal's run: the same seed, owners and purposes name the same draws. */
export function sameCustomers(line: LineOfServers): Customers {
  const arrivals = { kind: 'poisson', recordsPerSecond: line.customersPerSecond } as const;
  const stream = new ArrivalStream(line.seed, 'load', compileProfile(arrivals, NOON));
  const draws = line.stationIds.map((id) => new DrawStream(line.seed, id, 'serviceTime'));
  const ordinals = line.stationIds.map(() => 0);
  let cell = 0;
  return {
    arrivals(out) {
      while (cell < line.horizonSeconds) {
        const count = stream.load(cell);
        stream.times(out);
        cell += 1;
        if (count > 0) return count;
      }
      return 0;
    },
    services(station, out) {
      const draw = draws[station]!;
      const first = ordinals[station]!;
      for (let i = 0; i < BLOCK; i += 1) out[i] = -line.meanServiceUs * Math.log(1 - draw.uniform(first + i));
      ordinals[station] = first + BLOCK;
    },
  };
}

const NOON = { startSecondsOfDay: 43_200, startDayOfWeek: 0 };

/** Others of the same laws from G. Marsaglia's "Xorshift RNGs", J. Stat. Soft. 8 (2003), about the cheapest generator there is. */
export function ownCustomers(line: LineOfServers): Customers {
  let state = (2_463_534_242 ^ line.seed) | 0;
  const uniform = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return ((state >>> 0) + 0.5) / 4_294_967_296;
  };
  const meanUs = SECOND_US / line.customersPerSecond;
  let clockUs = 0;
  return {
    arrivals(out) {
      for (let i = 0; i < BLOCK; i += 1) {
        clockUs -= meanUs * Math.log(uniform());
        out[i] = Math.round(clockUs);
      }
      return BLOCK;
    },
    services(_station, out) {
      for (let i = 0; i < BLOCK; i += 1) out[i] = -line.meanServiceUs * Math.log(uniform());
    },
  };
}
