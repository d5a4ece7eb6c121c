/** The pipelines in which runs of records are most likely to differ from single ones. */
import type { CaudalDocument } from '#schema/document.ts';
import { lowRates, outages } from './fidelity-cases-failing.ts';
import { queues, shapes, steps } from './fidelity-cases-flows.ts';
import { caches, containers, deliveries, topics } from './fidelity-cases-services.ts';
import { limits, streams } from './fidelity-cases-streams.ts';
import type { KnownDifferences } from './fidelity-claims.ts';
import { lengthened } from './fidelity-plan.ts';

export interface FidelityCase {
  readonly name: string;
  readonly open: () => CaudalDocument;
  readonly known: KnownDifferences;
}

/** How many times as long the slices of the full comparison are, where nothing else is said. */
const LONGER = 1;
/** The same where chance has much to say, or where a bias of a few percent would hide: near limits, after draws of their own. */
const longerIn: Readonly<Record<string, number>> = { limits: 4, shapes: 2, lowRates: 3 };

/** What cannot agree, and why. */
const knownOf: Readonly<Record<string, KnownDifferences>> = {
  'paced arrivals': {
    'mean IteratorAge of function':
      'records of a paced load come to each shard at random places instead of on the clock: half a distance, 4 ms, later',
  },
  'a cache that evicts': {
    'p99 seconds source to application':
      'chance of these seeds: 5 % (+/- 11 %) over 60 others, and the mean within 1 %; the quantile lies among the few batches that are repeated more than once',
  },
};

const groups = { lowRates, outages, queues, streams, limits, shapes, steps, containers, topics, caches, deliveries };

export type GroupName = keyof typeof groups;

export function casesOf(group: GroupName): readonly FidelityCase[] {
  return Object.entries(groups[group]).map(([name, open]) => ({
    name,
    open: () => lengthened(open(), longerIn[group] ?? LONGER),
    known: knownOf[name] ?? {},
  }));
}

/** Groups compared in one file of tests, so that files take about the same time. */
export const groupsOf = {
  flows: ['queues', 'shapes', 'steps'],
  failures: ['lowRates', 'outages'],
  streams: ['streams', 'limits'],
  services: ['containers', 'topics', 'caches', 'deliveries'],
} as const satisfies Readonly<Record<string, readonly GroupName[]>>;
