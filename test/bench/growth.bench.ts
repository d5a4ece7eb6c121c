/** Time per record and memory as rate, horizon and number of nodes grow: a process for each point. */
import type { ContenderSpec } from './contender-spec.ts';
import { Contender, costOf, interleaved } from './interleave.ts';
import { heading, load, mebibytes, number, table } from './print.ts';

const ROUNDS = 2;
/** Records a run: so many that compiling the hot code does not matter. */
const RECORDS = 2_000_000;

interface Point {
  readonly label: string;
  readonly spec: ContenderSpec;
  /** Stations that a record passes: the time is given for each. */
  readonly stations: number;
}

const line = (stations: number, customersPerSecond: number, records: number): ContenderSpec => ({
  kind: 'caudal',
  stations,
  customersPerSecond,
  seconds: Math.max(1, Math.round(records / customersPerSecond)),
});

export async function growth(): Promise<void> {
  const rates = [0.1, 1, 10, 100];
  await grow(
    'with the rate, M/M/1, the same number of records',
    'records/s',
    rates.map((x) => ({ label: number(1000 * x), spec: line(1, 1000 * x, RECORDS), stations: 1 })),
  );
  await grow(
    'with the rate, the reference pipeline (shards and workers grow along)',
    'records/s',
    rates.map((x) => ({
      label: number(300 * x),
      spec: { kind: 'pipeline', factor: x, seconds: Math.max(20, 2400 / x), fidelity: 'exact' },
      stations: 1,
    })),
  );
  await grow(
    'with the horizon, M/M/1 at 1,000 records/s',
    'simulated s',
    [300, 3000, 12_000].map((seconds) => ({
      label: number(seconds),
      spec: { kind: 'caudal', stations: 1, customersPerSecond: 1000, seconds },
      stations: 1,
    })),
  );
  await grow(
    'with the nodes, stations in a row at 1,000 records/s',
    'stations',
    [1, 5, 25, 125].map((stations) => ({
      label: number(stations),
      spec: line(stations, 1000, RECORDS / stations),
      stations,
    })),
  );
}

async function grow(title: string, unit: string, points: readonly Point[]): Promise<void> {
  heading(`Growth ${title} (${load()})`);
  const contenders = new Map(points.map(({ label, spec }) => [label, new Contender(spec)] as const));
  const found = await interleaved(contenders, ROUNDS, 2);
  table(
    [unit, 'records a run', 'ns/record and station', 'first run, ns', 'peak memory'],
    points.flatMap(({ label, stations }) => {
      const sample = found.get(label);
      if (sample === undefined) return [];
      const { best, first } = sample;
      return [
        [
          label,
          number(best.units),
          number((1e9 * costOf(best)) / stations),
          number((1e9 * costOf(first)) / stations),
          mebibytes(best.peakRssBytes),
        ],
      ];
    }),
  );
}
