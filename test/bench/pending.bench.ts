/** Events per second while many are pending. */
import type { ContenderSpec } from './contender-spec.ts';
import { Contender, costOf, interleaved } from './interleave.ts';
import { heading, load, number, table } from './print.ts';

const PENDING = [10, 1000, 100_000];
const EVENTS = 2_000_000;
const ROUNDS = 5;

type Name = 'kernel' | 'heap' | 'document';

export async function pending(): Promise<void> {
  heading(`Events with many pending (${load()})`);
  const rows: string[][] = [];
  for (const count of PENDING) {
    const specs = new Map<Name, ContenderSpec>([
      ['kernel', { kind: 'pending-kernel', pending: count, events: EVENTS }],
      ['heap', { kind: 'pending-heap', pending: count, events: EVENTS }],
    ]);
    // The time to fill the servers comes first, so only the large one says something about many pending events.
    if (count === PENDING.at(-1)) specs.set('document', { kind: 'pending-document', pending: count, seconds: 12 });
    const contenders = new Map([...specs].map(([name, spec]) => [name, new Contender(spec)] as const));
    const found = await interleaved(contenders, ROUNDS, 2);
    const perSecond = (name: Name): number => {
      const sample = found.get(name)?.best;
      return sample === undefined ? Number.NaN : 1 / costOf(sample);
    };
    rows.push([
      number(count),
      number(perSecond('kernel')),
      number(perSecond('heap')),
      `${number(perSecond('kernel') / perSecond('heap'))}x`,
      number(perSecond('document')),
    ]);
  }
  table(['pending', 'kernel, events/s', 'bare binary heap, events/s', 'kernel is', 'M/M/c document, events/s'], rows);
}
