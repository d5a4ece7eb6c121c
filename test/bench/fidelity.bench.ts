/** What it saves to move records in runs: `auto` against `exact`, and a day of platform load. */
import { Contender, costOf, interleaved } from './interleave.ts';
import { heading, load, mebibytes, number, table } from './print.ts';

const ROUNDS = 3;
const DAY_SECONDS = 86_400;
/** Simulated seconds of the comparison, and times the reference scenario's load. */
const PAIRS = [
  { factor: 1, seconds: 2400 },
  { factor: 10, seconds: 240 },
] as const;

export async function fidelity(): Promise<void> {
  await pairs();
  await day('80 million records a day: the reference scenario', 'real-time-80m');
  await day('Six billion records a day: source, 226 shards, mapping, function', 'six-billion');
}

async function pairs(): Promise<void> {
  heading(`auto against exact, the reference pipeline (${load()})`);
  const rows: string[][] = [];
  for (const { factor, seconds } of PAIRS) {
    const contender = (mode: 'auto' | 'exact'): Contender =>
      new Contender({ kind: 'pipeline', factor, seconds, fidelity: mode });
    const found = await interleaved(
      new Map([
        ['auto', contender('auto')],
        ['exact', contender('exact')],
      ]),
      ROUNDS,
      1,
    );
    const auto = found.get('auto');
    const exact = found.get('exact');
    if (auto === undefined || exact === undefined) continue;
    rows.push([
      number(300 * factor),
      number(1e9 * costOf(auto.best)),
      number(1e9 * costOf(exact.best)),
      `${number(costOf(exact.best) / costOf(auto.best))}x`,
      number(auto.best.shown.delivered ?? Number.NaN),
      number(exact.best.shown.delivered ?? Number.NaN),
    ]);
  }
  table(['records/s', 'auto, ns/record', 'exact, ns/record', 'auto is', 'delivered auto', 'delivered exact'], rows);
}

async function day(title: string, name: string): Promise<void> {
  heading(`${title}, 24 simulated hours, auto, one run (${load()})`);
  const contender = new Contender({ kind: 'day', name, seconds: DAY_SECONDS, fidelity: 'auto' });
  const sample = await contender.run();
  contender.close();
  table(
    ['records', 'processor s', 'wall s', 'ns/record', 'peak memory', 'delivered', 'inside at the end'],
    [
      [
        number(sample.units),
        number(sample.cpuSeconds),
        number(sample.wallSeconds),
        number(1e9 * costOf(sample)),
        mebibytes(sample.peakRssBytes),
        number(sample.shown.delivered ?? Number.NaN),
        number(sample.shown.inside ?? Number.NaN),
      ],
    ],
  );
}
