/** The headline numbers of a run, and how two runs differ in them. */
import { countText, nothingMeasured, secondsText, shareText, usdText } from '#drawing/quantities.ts';
import type { RunReport } from '#schema/result.ts';

export interface RunSummary {
  readonly seed: number;
  readonly horizonSeconds: number;
  readonly fidelity: string;
  readonly created: number;
  readonly delivered: number;
  /** Dropped, expired or dead-lettered, per record created. */
  readonly lossRatio: number;
  /** Slowest path's 99th percentile; undefined while nothing was delivered. */
  readonly p99Seconds: number | undefined;
  readonly refused: number;
  readonly usdPerMonth: number;
  readonly objectivesMet: number;
  readonly objectives: number;
}

export function summaryOf(report: RunReport): RunSummary {
  const { ledger, paths, limits, objectives, cost } = report;
  const lost = ledger.dropped + ledger.expired + ledger.deadLettered;
  return {
    seed: report.seed,
    horizonSeconds: report.horizonSeconds,
    fidelity: report.fidelity.mode,
    created: ledger.created,
    delivered: ledger.delivered,
    lossRatio: ledger.created === 0 ? 0 : lost / ledger.created,
    p99Seconds: paths.length === 0 ? undefined : Math.max(...paths.map(({ latencySeconds }) => latencySeconds.p99)),
    refused: limits.reduce((sum, { refused }) => sum + refused, 0),
    usdPerMonth: cost.perMonth,
    objectivesMet: objectives.filter(({ pass }) => pass).length,
    objectives: objectives.length,
  };
}

/** One headline before and after. `isBetter` is undefined where they are alike. */
export interface Change {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  readonly isBetter: boolean | undefined;
}

interface Headline {
  readonly name: string;
  readonly value: (run: RunSummary) => number | undefined;
  readonly text: (value: number) => string;
  /** More of it is better. */
  readonly isGain?: boolean;
}

const HEADLINES: readonly Headline[] = [
  { name: 'Slowest p99', value: ({ p99Seconds }) => p99Seconds, text: secondsText },
  { name: 'Lost', value: ({ lossRatio }) => lossRatio, text: shareText },
  { name: 'Delivered', value: ({ delivered }) => delivered, text: countText, isGain: true },
  { name: 'Refused at limits', value: ({ refused }) => refused, text: countText },
  { name: 'Cost a month', value: ({ usdPerMonth }) => usdPerMonth, text: usdText },
  { name: 'Objectives met', value: ({ objectivesMet }) => objectivesMet, text: countText, isGain: true },
];

/** Both runs are single ones: what differs is shown, not judged for significance. */
export function changesBetween(before: RunSummary, after: RunSummary): readonly Change[] {
  return HEADLINES.map(({ name, value, text, isGain }) => {
    const was = value(before);
    const is = value(after);
    const words = (found: number | undefined): string => (found === undefined ? nothingMeasured : text(found));
    const isAlike = was === undefined || is === undefined || words(was) === words(is);
    return {
      name,
      before: words(was),
      after: words(is),
      isBetter: isAlike ? undefined : is > was === (isGain === true),
    };
  });
}

/** `+$31 a month`; empty where the bill stays the same. */
export function priceDifferenceText(usdPerMonth: number): string {
  if (Math.abs(usdPerMonth) < 0.005) return 'same price';
  return `${usdPerMonth > 0 ? '+' : ''}${usdText(usdPerMonth)} / month`;
}
