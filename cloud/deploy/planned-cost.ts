/** Money of a deployment: the bill of the run without the parts that are not deployed. */
import type { PlannedCost } from '#schema/deployment-plan.ts';
import type { CostResult } from '#schema/result.ts';

export interface CostInput {
  readonly cost: CostResult;
  readonly horizonSeconds: number;
  readonly leftOut: ReadonlySet<string>;
  /** Region whose prices the bill was made with. */
  readonly pricesOf: string;
}

/**
 * A test hour is the mean hour of the run, at the monthly prices of the run: what is billed by started hours or by the whole month
 * is counted by its share.
 */
export function plannedCost({ cost, horizonSeconds, leftOut, pricesOf }: CostInput): PlannedCost {
  const lines = cost.lines.filter(({ node }) => !leftOut.has(node));
  const sum = (of: 'usdRun' | 'usdPerMonth'): number => lines.reduce((total, line) => total + line[of], 0);
  return {
    currency: 'USD',
    perMonth: sum('usdPerMonth'),
    testHour: (sum('usdRun') * 3600) / horizonSeconds,
    lines,
    pricesOf,
    oldestRateDate: lines.reduce(
      (oldest, { rateDate }) => (oldest === '' || rateDate < oldest ? rateDate : oldest),
      '',
    ),
    confidence: lines.reduce((weakest, { confidence }) => (confidence > weakest ? confidence : weakest), 'A'),
  };
}
