/** The pipelines in which runs of records are most likely to differ from single ones. */
import type { CaudalDocument } from '#schema/document.ts';
import { lowRates, outages } from './fidelity-cases-failing.ts';
import { queues, shapes } from './fidelity-cases-flows.ts';
import { limits, streams } from './fidelity-cases-streams.ts';
import type { KnownDifferences } from './fidelity-claims.ts';

export interface FidelityCase {
  readonly name: string;
  readonly open: () => CaudalDocument;
  /** Pairs of runs. */
  readonly pairs: number;
  readonly known: KnownDifferences;
}

/** Pairs where nothing else is said. */
const PAIRS = 8;
/** Pairs of cases in which chance has much to say: what is near a limit, or fails and is repeated. */
const pairsOf: Readonly<Record<string, number>> = {};

/** What cannot agree, and why. */
const knownOf: Readonly<Record<string, KnownDifferences>> = {};

const groups = { lowRates, outages, queues, streams, limits, shapes };

export type GroupName = keyof typeof groups;

export function casesOf(group: GroupName): readonly FidelityCase[] {
  return Object.entries(groups[group]).map(([name, open]) => ({
    name,
    open,
    pairs: pairsOf[name] ?? PAIRS,
    known: knownOf[name] ?? {},
  }));
}

export const groupNames = Object.keys(groups) as readonly GroupName[];
