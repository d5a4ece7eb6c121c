/** What the run is, as far as it decides whether a warm-up can be told from the data at all. */
export interface WarmUpContext {
  /** False for arrival profiles that change with time (diurnal, ramp, spike, trace): their start is no transient. */
  readonly isLoadStationary: boolean;
  /** True when the document has timed faults: what follows one is a transient of its own. */
  readonly hasTimedFaults: boolean;
}

/** Why no warm-up is given. */
export type WarmUpRefusal =
  /** The load changes with time: a terminating run, to be started by a pre-roll and judged over replications. */
  | 'load-not-stationary'
  /** Timed faults: likewise a terminating run. */
  | 'has-timed-faults'
  /** Fewer than 300 observations (60 batches): of settled series, noise alone would refuse 2 % and more (12 % at 100). */
  | 'too-few-observations'
  /** An observation is not a finite number. */
  | 'not-finite'
  /** The statistic is smallest in the second half: the series has not settled (or never will: overload). */
  | 'not-settled';

/** Result of a warm-up detection: how many observations to leave out at the start, or why that cannot be said. */
export type WarmUp =
  | { readonly kind: 'found'; readonly truncateAt: number }
  | { readonly kind: 'refused'; readonly reason: WarmUpRefusal };

const BATCH = 5;
const MINIMUM_BATCHES = 60;

/**
 * MSER-5: the truncation point that minimises the squared standard error of the mean of what is left, over means of 5
 * observations. K. P. White, "An effective truncation heuristic for bias reduction in simulation output", Simulation 69 (1997)
 * 323-334, https://doi.org/10.1177/003754979706900601. As K. Hoad, S. Robinson and R. Davies advise ("Automating warm-up length
 * estimation", J. Oper. Res. Soc. 61 (2010) 1389-1403, https://doi.org/10.1057/jors.2009.87) the last 5 batches are no candidates,
 * and a minimum in the second half is refused. Observations left over after the last whole batch are not used.
 * `truncateAt`: whole multiple of 5, below n/2.
 */
export function detectWarmUp(observations: ArrayLike<number>, context: WarmUpContext): WarmUp {
  if (!context.isLoadStationary) return { kind: 'refused', reason: 'load-not-stationary' };
  if (context.hasTimedFaults) return { kind: 'refused', reason: 'has-timed-faults' };
  const batches = Math.floor(observations.length / BATCH);
  if (batches < MINIMUM_BATCHES) return { kind: 'refused', reason: 'too-few-observations' };
  const means = new Float64Array(batches);
  for (let batch = 0; batch < batches; batch += 1) {
    let sum = 0;
    for (let i = 0; i < BATCH; i += 1) sum += observations[batch * BATCH + i];
    means[batch] = sum / BATCH;
    if (!Number.isFinite(sum)) return { kind: 'refused', reason: 'not-finite' };
  }
  const best = smallestMser(means);
  if (best >= batches >> 1) return { kind: 'refused', reason: 'not-settled' };
  return { kind: 'found', truncateAt: best * BATCH };
}

/**
 * Number of batches left out at the smallest statistic, the first one on ties; all but the last 5 are looked at, so that a
 * minimum beyond the half shows. Means and squares are updated backwards (Welford), without cancellation.
 */
function smallestMser(means: Float64Array): number {
  let mean = 0;
  let squares = 0;
  let best = 0;
  let bestValue = Number.POSITIVE_INFINITY;
  for (let from = means.length - 1; from >= 0; from -= 1) {
    const kept = means.length - from;
    const difference = means[from] - mean;
    mean += difference / kept;
    squares += difference * (means[from] - mean);
    if (kept <= BATCH) continue;
    const value = squares / (kept * kept);
    if (value <= bestValue) {
      bestValue = value;
      best = from;
    }
  }
  return best;
}
