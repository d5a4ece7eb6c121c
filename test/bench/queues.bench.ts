/** M/M/1 and five stations in a row through the document path, beside a loop by hand, simjs and SimPy. */
import type { ContenderSpec } from './contender-spec.ts';
import { type Best, Contender, costOf, interleaved } from './interleave.ts';
import { heading, load, number, table } from './print.ts';
import { simpyCommand } from './simpy.ts';

type Name = 'caudal' | 'loop' | 'loop-own' | 'simjs' | 'simpy';

const TITLES: Readonly<Record<Name, string>> = {
  caudal: 'Caudal, a document',
  loop: 'loop by hand, the same customers',
  'loop-own': 'loop by hand, own cheap generator',
  simjs: 'simjs 2.0.3',
  simpy: 'SimPy 4.1.2',
};
const CUSTOMERS_PER_SECOND = 1000;
const ROUNDS = 5;
/** Simulated seconds of each contender: fixed, and so long that compiling the hot code does not matter in either. */
const SECONDS: Readonly<Record<Name, number>> = { caudal: 3000, loop: 3000, 'loop-own': 3000, simjs: 1200, simpy: 45 };
/** Largest relative difference between Caudal's results and those of the loop that has the same customers. */
const SAME = 1e-6;

export async function queues(): Promise<void> {
  for (const stations of [1, 5]) await compare(stations);
}

async function compare(stations: number): Promise<void> {
  heading(`${stations === 1 ? 'M/M/1' : `${stations} stations in a row`}, 80 % busy, exact (${load()})`);
  const spec = (kind: Name): ContenderSpec => ({
    kind,
    stations,
    customersPerSecond: CUSTOMERS_PER_SECOND,
    seconds: SECONDS[kind] / (stations === 1 ? 1 : 3),
  });
  const own: readonly Name[] = ['caudal', 'loop', 'loop-own', 'simjs'];
  const contenders = new Map<Name, Contender>(own.map((kind) => [kind, new Contender(spec(kind))]));
  const simpy = simpyCommand();
  if ('missing' in simpy) console.log(`SKIPPED, NOT MEASURED: SimPy, because ${simpy.missing}\n`);
  else contenders.set('simpy', new Contender(spec('simpy'), simpy.command));
  const found = await interleaved(contenders, ROUNDS, 2);
  const caudal = found.get('caudal');
  const loop = found.get('loop');
  if (caudal === undefined || loop === undefined) throw new Error('a contender is missing');
  checkSame(caudal, loop);
  table(
    ['contender', 'customers/s', 'ns/customer', 'Caudal is', 'first run, ns', 'mean latency ms', 'customers a run'],
    [...found].map(([name, { first, best }]) => [
      TITLES[name],
      number(1 / costOf(best)),
      number(1e9 * costOf(best)),
      name === 'caudal' ? '' : `${number(costOf(best) / costOf(caudal.best))}x`,
      number(1e9 * costOf(first)),
      number(best.shown.latencyMeanMs ?? Number.NaN),
      number(best.units),
    ]),
  );
}

/** A ratio between two programs that did not compute the same would mean nothing. */
function checkSame(caudal: Best, loop: Best): void {
  for (const [name, value] of Object.entries(caudal.best.shown)) {
    const other = loop.best.shown[name] ?? Number.NaN;
    if (!(Math.abs(value - other) <= SAME * Math.abs(value))) {
      throw new Error(`Caudal and the loop disagree: ${name} is ${value} and ${other}`);
    }
  }
}
