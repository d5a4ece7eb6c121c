/** What was measured of a deployed stack, how far a simulation is from it, and the settings that bring it closer. */
import type { MetricDeclaration } from './component.ts';
import type { SeriesData } from './result.ts';

/** One metric of one node, simulated and measured over the same time. */
export interface MetricComparison {
  readonly node: string;
  readonly metric: string;
  readonly unit: string;
  /** What the two numbers are: the sum over the time, the mean of the points, or the largest. */
  readonly statistic: MetricDeclaration['statistic'];
  readonly simulated: number;
  readonly measured: number;
  /** Measured minus simulated over measured; null where nothing was measured but the two differ. */
  readonly errorRatio: number | null;
  /** Root of the mean squared difference of the points over the mean of the measured ones: the shape in time. */
  readonly shapeErrorRatio: number | null;
  /** Seconds compared. */
  readonly seconds: number;
}

export interface Observed {
  readonly stackName: string;
  readonly region: string;
  /** First and last moment measured, ISO; `until` is null where CloudWatch has nothing yet. */
  readonly since: string;
  readonly until: string | null;
  /** Asked for beyond what CloudWatch shows so far, seconds. */
  readonly lagSeconds: number;
  readonly nodes: Readonly<Record<string, readonly SeriesData[]>>;
  /** Metrics that CloudWatch has no point of. */
  readonly silent: readonly { readonly node: string; readonly metric: string }[];
  readonly comparison: readonly MetricComparison[];
}

export interface Calibration {
  readonly proposals: readonly {
    readonly path: string;
    readonly label: string;
    readonly unit: string;
    readonly from: number;
    readonly to: number;
  }[];
  /** Settings that the measured metrics hardly depend on, left as they are. */
  readonly untold: readonly string[];
  /** Root of the mean squared relative error over all points of the metrics that were fitted. */
  readonly errorBefore: number;
  readonly errorAfter: number;
  readonly before: readonly MetricComparison[];
  readonly after: readonly MetricComparison[];
  readonly runs: number;
}
