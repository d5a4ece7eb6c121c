/** The numbers a reader looks at first, by name: what a verification or a comparison sets side by side. */
import type { RunReport } from '#schema/result.ts';

export interface Headline {
  readonly name: string;
  readonly value: number;
}

export function headlinesOf(report: Pick<RunReport, 'ledger' | 'paths' | 'cost' | 'limits'>): readonly Headline[] {
  const { ledger, paths, cost, limits } = report;
  const { delivered, dropped, expired, deadLettered, duplicates } = ledger;
  const refused = limits.reduce((sum, limit) => sum + limit.refused, 0);
  return [
    { name: 'records delivered', value: delivered },
    { name: 'records lost', value: dropped + expired + deadLettered },
    { name: 'duplicates delivered', value: duplicates.delivered },
    { name: 'refusals by limits', value: refused },
    ...paths.flatMap(({ source, sink, latencySeconds }) => [
      { name: `${source} -> ${sink} p50 seconds`, value: latencySeconds.p50 },
      { name: `${source} -> ${sink} p99 seconds`, value: latencySeconds.p99 },
    ]),
    { name: 'cost per month in USD', value: cost.perMonth },
  ];
}

/** A headline before and after, and the change relative to what it was. */
export interface Shift {
  readonly name: string;
  readonly before: number;
  readonly after: number;
  /** `null` where there was nothing before. */
  readonly relative: number | null;
}

export function shiftsBetween(before: readonly Headline[], after: readonly Headline[]): readonly Shift[] {
  const later = new Map(after.map(({ name, value }) => [name, value]));
  return before.map(({ name, value }) => {
    const now = later.get(name) ?? 0;
    return { name, before: value, after: now, relative: value === 0 ? (now === 0 ? 0 : null) : (now - value) / value };
  });
}
