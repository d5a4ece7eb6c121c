/** What was measured of a deployed stack, how far a simulation is from it, and the settings that bring it closer. */
import type { MetricDeclaration } from './component.ts';
import type { NodeSeries } from './result.ts';

/** One metric of one node, simulated and measured over the same time. */
export interface MetricComparison {
  readonly node: string;
  readonly metric: string;
  readonly unit: string;
  /** What the two numbers are: the sum over the time, the mean of the points, the largest, or a percentile of all samples. */
  readonly statistic: MetricDeclaration['statistic'] | 'p50';
  readonly simulated: number;
  readonly measured: number;
  /** Measured minus simulated over measured; null where nothing was measured but the two differ. */
  readonly errorRatio: number | null;
  /** Root of the mean squared difference of the points over the mean of the measured ones: the shape in time. */
  readonly shapeErrorRatio: number | null;
  /** Seconds compared. */
  readonly seconds: number;
  /** Of percentiles: simulated seconds of the whole run, whose samples the simulated value is of. */
  readonly simulatedSeconds?: number;
  /** Of percentiles: parts of the time whose percentiles were averaged, where there are several. */
  readonly periods?: number;
}

/** Percentiles of one metric of one node. */
export interface MeasuredPercentiles {
  readonly node: string;
  readonly metric: string;
  readonly unit: MetricDeclaration['unit'];
  readonly p50: number;
  readonly p99: number;
  readonly samples: number;
  /** Periods whose percentiles were averaged; 1: those of all samples. */
  readonly periods: number;
}

/** One line of the bill of the measured time. */
export interface MeasuredCostLine {
  readonly node: string;
  readonly dimension: string;
  readonly unit: string;
  readonly rateId: string;
  readonly rateDate: string;
  /** Of the simulation, brought to the measured time; null where no run is compared, or it does not have the line. */
  readonly simulated: { readonly quantity: number; readonly usd: number } | null;
  readonly measured: { readonly quantity: number; readonly usd: number } | null;
  /** Measured minus simulated over measured, of the money. */
  readonly errorRatio: number | null;
  /** `settings`: not measured, but fixed by what is deployed. */
  readonly by: 'metrics' | 'settings' | 'nothing';
  /** Why nothing is measured, or how what is measured may differ from AWS's bill. */
  readonly note: string | null;
}

/** A quantity that is not known of a node. */
export interface UnmeasuredUsage {
  readonly node: string;
  readonly label: string;
  readonly reason: string;
}

export interface MeasuredCost {
  readonly currency: 'USD';
  readonly hours: number;
  readonly lines: readonly MeasuredCostLine[];
  /** What is not known, where no run says whether it is used at all; those that a run uses are among the lines. */
  readonly unmeasured: readonly UnmeasuredUsage[];
  /** Of the lines that are known from both sides. */
  readonly measuredUsd: number;
  readonly simulatedUsd: number | null;
  /** Of the lines that cannot be measured, by the simulation; null without a run. */
  readonly unmeasuredUsd: number | null;
  readonly oldestRateDate: string | null;
}

export interface Observed {
  readonly stackName: string;
  readonly region: string;
  /** First and last moment measured, ISO; `until` is null where CloudWatch has nothing yet. */
  readonly since: string;
  readonly until: string | null;
  /** Asked for beyond what CloudWatch shows so far, seconds. */
  readonly lagSeconds: number;
  readonly nodes: NodeSeries;
  /** Metrics that CloudWatch has no point of. */
  readonly silent: readonly { readonly node: string; readonly metric: string }[];
  /** Percentiles of measured times, of all samples of the time measured. */
  readonly percentiles: readonly MeasuredPercentiles[];
  readonly comparison: readonly MetricComparison[];
  /** What was measured in US dollars; null where CloudWatch has nothing yet. */
  readonly cost: MeasuredCost | null;
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
