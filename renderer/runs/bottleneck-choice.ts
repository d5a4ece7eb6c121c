/** Which bottleneck is told at the playhead, and which advice mends it. */
import type { AdviceResult, Bottleneck, RunReport } from '#schema/result.ts';

export interface ToldBottleneck {
  readonly bottleneck: Bottleneck;
  /** It refused, rather than only held up. */
  readonly isFailing: boolean;
  /** It lasts at the playhead; else it is the worst of the run. */
  readonly isNow: boolean;
  readonly advice: AdviceResult | undefined;
}

/** One that refused nothing and is over is told only if it lasted this share of the run. */
const TOLD_RATIO = 0.05;

/** The one that lasts at the moment, else the worst of the run; one that refuses is worse than one that only holds up. */
export function bottleneckAt(
  {
    bottlenecks,
    limits,
    advice,
    horizonSeconds,
  }: Pick<RunReport, 'bottlenecks' | 'limits' | 'advice' | 'horizonSeconds'>,
  seconds: number,
): ToldBottleneck | undefined {
  const refusing = new Set(
    limits.filter(({ refused }) => refused > 0).map(({ node, id }) => `${node ?? 'account'} ${id}`),
  );
  const isRefusing = ({ node, limit }: Bottleneck): boolean => refusing.has(`${node} ${limit}`);
  const badness = (found: Bottleneck): number => (isRefusing(found) ? 1e9 : 0) + found.t1 - found.t0;
  const worst = [...bottlenecks].sort((a, b) => badness(b) - badness(a));
  // The end of the run belongs to what lasts until then.
  const now = worst.find(({ t0, t1 }) => seconds >= t0 && (seconds < t1 || t1 >= horizonSeconds));
  const [first] = worst;
  const isWorthTelling =
    first !== undefined && (isRefusing(first) || first.t1 - first.t0 >= TOLD_RATIO * horizonSeconds);
  const bottleneck = now ?? (isWorthTelling ? first : undefined);
  if (bottleneck === undefined) return undefined;
  return {
    bottleneck,
    isFailing: isRefusing(bottleneck),
    isNow: now !== undefined,
    advice: adviceFor(bottleneck, advice),
  };
}

/** Advice with a change that names the limit itself, else one on the node, else what is said of the limit without a change. */
function adviceFor({ node, limit }: Bottleneck, advice: readonly AdviceResult[]): AdviceResult | undefined {
  const mending = advice.filter(({ patch }) => patch.length > 0);
  const isProved = ({ evidence }: AdviceResult): boolean => evidence.some((proof) => proof.limit === limit);
  return (
    mending.find((found) => isProved(found) && found.node === node) ??
    mending.find(isProved) ??
    mending.find((found) => found.node === node) ??
    advice.find((found) => isProved(found) && found.node === node)
  );
}
