/** The three kinds of metric a behaviour keeps; each holds its series and what its summary needs. */
import type { MetricSummary, SeriesData } from '#schema/result.ts';
import { LogHistogram } from './histogram.ts';
import { CounterSeries, GaugeSeries, SampleSeries } from './series.ts';

const SECOND_US = 1_000_000;

/** Where series begin and how fine they are. */
export interface SeriesPlan {
  readonly binUs: number;
  readonly bins: number;
  readonly horizonUs: number;
}

/** Counts events (Sum). Counts before time zero are not recorded. */
export class CounterMetric {
  readonly kind = 'counter';
  readonly series: CounterSeries;
  private total = 0;
  private readonly plan: SeriesPlan;

  constructor(plan: SeriesPlan) {
    this.plan = plan;
    this.series = new CounterSeries(0, plan.binUs, plan.bins);
  }

  add(nowUs: number, amount: number): void {
    if (nowUs < 0) return;
    this.total += amount;
    this.series.add(nowUs, amount);
  }

  /** Ends the series at `nowUs`. */
  finish(nowUs: number): void {
    this.series.finish(nowUs);
  }

  /** Counted since recording began. */
  get sum(): number {
    return this.total;
  }

  /** `untilUs`: how far the run has come; its horizon when left out. */
  summary(unit: string, untilUs = this.plan.horizonUs): MetricSummary {
    const values = this.series.values();
    let max = 0;
    for (const value of values) if (value > max) max = value;
    const seconds = untilUs / SECOND_US;
    return { unit, sum: this.total, mean: this.total / seconds, max: max / (this.series.binUs / SECOND_US) };
  }

  data(metric: string, unit: string): SeriesData {
    return { metric, unit, startSeconds: 0, stepSeconds: this.series.binUs / SECOND_US, values: this.series.values() };
  }
}

/** A level over time (Average, Maximum): time-weighted. */
export class GaugeMetric {
  readonly kind = 'gauge';
  readonly series: GaugeSeries;
  private readonly plan: SeriesPlan;

  /** `startUs`: time of the first change, before zero where there is a pre-roll. */
  constructor(plan: SeriesPlan, startUs: number) {
    this.plan = plan;
    this.series = new GaugeSeries(0, plan.binUs, plan.bins, startUs);
  }

  set(nowUs: number, value: number): void {
    this.series.set(nowUs, value);
  }

  /** See GaugeSeries.addArea. */
  addArea(fromUs: number, toUs: number, area: number, high: number): void {
    this.series.addArea(fromUs, toUs, area, high);
  }

  add(nowUs: number, delta: number): void {
    this.series.set(nowUs, this.series.value + delta);
  }

  get value(): number {
    return this.series.value;
  }

  /** Time-weighted mean since recording began. */
  mean(nowUs: number): number {
    return this.series.mean(nowUs);
  }

  startRecording(nowUs: number): void {
    this.series.reset(nowUs);
  }

  finish(nowUs: number): void {
    this.series.finish(nowUs);
  }

  /** `untilUs`: how far the run has come; its horizon when left out. */
  summary(unit: string, untilUs = this.plan.horizonUs): MetricSummary {
    return { unit, mean: this.series.mean(untilUs), max: this.series.max };
  }

  data(metric: string, unit: string): SeriesData {
    return {
      metric,
      unit,
      startSeconds: 0,
      stepSeconds: this.series.binUs / SECOND_US,
      values: this.series.means(),
      maxima: this.series.maxima(),
    };
  }
}

/** A distribution (Average, Maximum, percentiles): latencies, ages, sizes. */
export class SampleMetric {
  readonly kind = 'sample';
  readonly series: SampleSeries;
  readonly histogram = new LogHistogram();

  constructor(plan: SeriesPlan) {
    this.series = new SampleSeries(0, plan.binUs, plan.bins);
  }

  add(nowUs: number, value: number, weight = 1): void {
    if (nowUs < 0) return;
    this.histogram.add(value, weight);
    this.series.add(nowUs, value, weight);
  }

  /** Adds the first `count` (> 0) of `values`, each with `weight`: the same as one by one, but for the order of sums. */
  addAll(nowUs: number, values: Float64Array, count: number, weight: number): void {
    if (nowUs < 0) return;
    let sum = 0;
    let high = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < count; i++) {
      const value = values[i];
      this.histogram.add(value, weight);
      sum += value;
      if (value > high) high = value;
    }
    this.series.addSum(nowUs, sum * weight, high, count * weight);
  }

  /** Ends the series at `nowUs`. */
  finish(nowUs: number): void {
    this.series.finish(nowUs);
  }

  summary(unit: string, _untilUs?: number): MetricSummary {
    const { histogram } = this;
    if (histogram.count === 0) return { unit, mean: 0, max: 0, p50: 0, p99: 0 };
    return {
      unit,
      mean: histogram.mean,
      max: histogram.max,
      p50: histogram.quantile(0.5),
      p99: histogram.quantile(0.99),
    };
  }

  data(metric: string, unit: string): SeriesData {
    return {
      metric,
      unit,
      startSeconds: 0,
      stepSeconds: this.series.binUs / SECOND_US,
      values: this.series.means(),
      maxima: this.series.maxima(),
    };
  }
}
