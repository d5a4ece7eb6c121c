/** Exact throughput of the reference pipeline. */
import { Contender, costOf, interleaved } from './interleave.ts';
import { heading, load, mebibytes, number, table } from './print.ts';

const SECONDS = 1200;
const ROUNDS = 5;

export async function pipeline(): Promise<void> {
  heading(`Application, stream, mapping, function, queue, consumer, exact (${load()})`);
  const contender = new Contender({ kind: 'pipeline', factor: 1, seconds: SECONDS, fidelity: 'exact' });
  const found = await interleaved(new Map([['pipeline', contender]]), ROUNDS, 2);
  const sample = found.get('pipeline');
  if (sample === undefined) return;
  const { best, first } = sample;
  table(
    ['records/s', 'ns/record', 'first run, ns', 'simulated s per s', 'peak memory', 'records', 'delivered'],
    [
      [
        number(1 / costOf(best)),
        number(1e9 * costOf(best)),
        number(1e9 * costOf(first)),
        number(SECONDS / best.cpuSeconds),
        mebibytes(best.peakRssBytes),
        number(best.units),
        number(best.shown.delivered ?? Number.NaN),
      ],
    ],
  );
}
