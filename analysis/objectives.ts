/** Objectives against a result: measured value, pass or fail, margin. What could not be measured is not met. */
import type { Objective } from '#schema/objectives.ts';
import type { CostResult, LatencySummary, ObjectiveResult, PathResult, RawResult } from '#schema/result.ts';

/** The part of a result that objectives look at. */
export type Judged = Pick<RawResult, 'ledger' | 'nodes' | 'paths'>;

export function judgeObjectives(
  objectives: readonly Objective[],
  result: Judged,
  cost: Pick<CostResult, 'perMonth'>,
): ObjectiveResult[] {
  return objectives.map((objective) => {
    const { measured, target, unit } = measure(objective, result, cost);
    const margin = measured === null ? null : target - measured;
    return { id: objective.id, unit, measured, target, pass: margin !== null && margin >= 0, margin };
  });
}

function measure(
  objective: Objective,
  result: Judged,
  cost: Pick<CostResult, 'perMonth'>,
): { measured: number | null; target: number; unit: string } {
  switch (objective.kind) {
    case 'latency': {
      const paths = result.paths.filter((path) => path.sink === objective.node);
      return { measured: latencyQuantile(paths, objective.quantile), target: objective.maxSeconds, unit: 's' };
    }
    case 'loss': {
      const { dropped, expired, deadLettered, created } = result.ledger;
      return { measured: share(dropped + expired + deadLettered, created), target: objective.maxRatio, unit: 'ratio' };
    }
    case 'duplicates': {
      const node = objective.node === undefined ? undefined : result.nodes[objective.node];
      const measured =
        objective.node === undefined
          ? share(result.ledger.duplicates.delivered, result.ledger.delivered)
          : share(node?.duplicatesDelivered, node?.ledger.delivered);
      return { measured, target: objective.maxRatio, unit: 'ratio' };
    }
    case 'metric': {
      const metric = result.nodes[objective.node]?.metrics[objective.metric];
      return { measured: metric?.max ?? null, target: objective.max, unit: metric?.unit ?? '' };
    }
    case 'monthlyCost':
      return { measured: cost.perMonth, target: objective.maxUsd, unit: 'USD' };
  }
}

function share(part: number | undefined, whole: number | undefined): number | null {
  if (part === undefined || whole === undefined) return null;
  if (whole > 0) return part / whole;
  return part === 0 ? 0 : null;
}

/** Cumulative shares whose latencies a path tells. */
const KNOTS = [
  [0.5, 'p50'],
  [0.9, 'p90'],
  [0.95, 'p95'],
  [0.99, 'p99'],
  [0.999, 'p999'],
  [1, 'max'],
] as const satisfies readonly (readonly [number, keyof LatencySummary])[];

/**
 * Quantile over all paths into a node, seconds. One path: as recorded. Several: of their mixture, each path's distribution
 * taken as straight between its recorded quantiles (so good to the spacing of those). `null` without deliveries.
 */
export function latencyQuantile(paths: readonly PathResult[], quantile: 0.5 | 0.95 | 0.99 | 0.999): number | null {
  const used = paths.filter((path) => path.count > 0);
  const [only] = used;
  if (only === undefined) return null;
  const name = KNOTS.find(([at]) => at === quantile)?.[1] ?? 'max';
  const values = used.map((path) => path.latencySeconds[name]);
  let low = Math.min(...values);
  let high = Math.max(...values);
  if (low === high) return low;
  const total = used.reduce((sum, path) => sum + path.count, 0);
  const below = (seconds: number): number =>
    used.reduce((sum, path) => sum + path.count * shareBelow(path.latencySeconds, seconds), 0) / total;
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (below(middle) < quantile) low = middle;
    else high = middle;
  }
  return high;
}

/** Share of a path's records that are not later than `seconds`. */
function shareBelow(latency: LatencySummary, seconds: number): number {
  let shareBefore = 0;
  let secondsBefore = 0;
  for (const [share, name] of KNOTS) {
    const at = latency[name];
    if (seconds < at) {
      return shareBefore + ((share - shareBefore) * (seconds - secondsBefore)) / (at - secondsBefore);
    }
    shareBefore = share;
    secondsBefore = at;
  }
  return 1;
}
