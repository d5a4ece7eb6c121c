/** Replications in a pool of two workers against one, and against what a loop that only spins gains on the same cores. */
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { localPool } from '#experiments/run-pool.ts';
import { openDocument } from '#test/harness/scenario.ts';
import { lineDocument, lineOf } from './line-of-servers.ts';
import { heading, load, number, table } from './print.ts';

const TASKS = 8;
const ROUNDS = 4;
const WORKERS = 2;
const SPIN_TURNS = 60_000_000;

type Batch = () => Promise<unknown>;

export async function pool(): Promise<void> {
  heading(`A pool of ${WORKERS} workers (${load()})`);
  const line = lineOf(1, 1000, 300);
  const document = openDocument(lineDocument(line));
  const options = { horizonSeconds: line.horizonSeconds, preRollSeconds: 0, fidelity: 'exact' } as const;
  const seeds = Array.from({ length: TASKS }, (_, i) => i + 1);
  const pools = [1, WORKERS].map((workers) => localPool(workers));
  const spinners = [1, WORKERS].map(
    (workers) =>
      new Piscina({
        filename: fileURLToPath(new URL('./spin.js', import.meta.url)),
        name: 'run',
        minThreads: workers,
        maxThreads: workers,
      }),
  );
  const batches: readonly Batch[] = [
    ...pools.map((own) => () => Promise.all(seeds.map((seed) => own.run({ document, options: { ...options, seed } })))),
    ...spinners.map((own) => () => Promise.all(seeds.map(() => own.run(SPIN_TURNS)))),
  ];
  const [one = 0, two = 0, spinOne = 0, spinTwo = 0] = await quickest(batches);
  for (const own of pools) await own.close();
  for (const own of spinners) await own.destroy();
  const gained = one / two;
  const possible = spinOne / spinTwo;
  table(
    ['', '1 worker, s', `${WORKERS} workers, s`, 'gain'],
    [
      [`${TASKS} replications of M/M/1`, number(one), number(two), `${number(gained)}x`],
      [`${TASKS} spins`, number(spinOne), number(spinTwo), `${number(possible)}x`],
    ],
  );
  console.log(`\nThe pool reaches ${number((100 * gained) / possible)} % of what the cores gave in this run.`);
}

/** Time on the wall of the quickest round of each batch, all run in turn; the first round only warms up. */
async function quickest(batches: readonly Batch[]): Promise<number[]> {
  const best = batches.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [i, batch] of batches.entries()) {
      const started = performance.now();
      await batch();
      const seconds = (performance.now() - started) / 1000;
      if (round > 0) best[i] = Math.min(best[i] ?? seconds, seconds);
    }
  }
  return best;
}
