/**
 * Keeps a metric near a target by changing a capacity, as a target tracking scaling policy with its two alarms does.
 *
 * Once a period the mean of the metric is a datapoint. The high alarm stands while the last `outPeriods` datapoints lie above the
 * target, the low alarm while the last `inPeriods` lie below its share of the target. A standing alarm asks for a new capacity at every
 * period: capacity x metric / target, rounded up. Scaling out starts a cooldown, during which what was added counts as part of what is
 * asked for (a further step only adds what is missing); scaling in starts another, which blocks scaling in alone.
 * One event a period, no allocation.
 */
import { invariant } from '#engine/kernel/invariant.ts';
import type { Kernel } from '#engine/kernel/kernel.ts';
import { PRIORITY_SAMPLING } from '#engine/kernel/priorities.ts';

export interface TargetTrackingOptions {
  /** Value of the metric to keep, > 0, in the metric's unit. */
  readonly targetValue: number;
  /** Share of the target below which the low alarm counts a datapoint, 0..1. */
  readonly lowRatio: number;
  /** Length of a datapoint, microseconds. */
  readonly periodUs: number;
  /** Datapoints in a row that raise the high and the low alarm, >= 1. */
  readonly outPeriods: number;
  readonly inPeriods: number;
  /** Cooldowns, microseconds, >= 0. */
  readonly outCooldownUs: number;
  readonly inCooldownUs: number;
  /** Capacity lies between these. */
  readonly minCapacity: number;
  readonly maxCapacity: number;
  /** The policy never takes capacity away. */
  readonly disableScaleIn: boolean;
}

/** What is scaled. */
export interface ScalingTarget {
  /** Capacity asked for at this moment. */
  readonly capacity: number;
  /** Mean of the metric over the period that ends now; NaN when there is none, which leaves the alarms as they are. */
  measure(): number;
  /** Changes the capacity; `metric` is the datapoint that asked for it. */
  scaleTo(capacity: number, metric: number): void;
}

export class TargetTracking {
  private readonly kernel: Kernel;
  private readonly options: TargetTrackingOptions;
  private readonly target: ScalingTarget;
  private readonly onPeriod: number;
  private highs = 0;
  private lows = 0;
  /** Capacity before the scale-out that started the cooldown. */
  private capacityBefore = 0;
  private outCooldownEndsUs = Number.NEGATIVE_INFINITY;
  private inCooldownEndsUs = Number.NEGATIVE_INFINITY;

  constructor(kernel: Kernel, options: TargetTrackingOptions, target: ScalingTarget) {
    const { targetValue, periodUs, outPeriods, inPeriods, minCapacity, maxCapacity } = options;
    invariant(targetValue > 0 && periodUs > 0, 'a policy has a target and a period above 0');
    invariant(outPeriods >= 1 && inPeriods >= 1, 'an alarm needs at least one datapoint');
    invariant(minCapacity <= maxCapacity, `capacity lies between ${minCapacity} and ${maxCapacity}`);
    this.kernel = kernel;
    this.options = options;
    this.target = target;
    this.onPeriod = kernel.register(() => this.period());
  }

  /** The first datapoint ends one period from now. */
  start(): void {
    this.kernel.after(this.options.periodUs, this.onPeriod, 0, 0, PRIORITY_SAMPLING);
  }

  private period(): void {
    const { options, target } = this;
    this.kernel.after(options.periodUs, this.onPeriod, 0, 0, PRIORITY_SAMPLING);
    const metric = target.measure();
    if (Number.isNaN(metric)) return;
    this.highs = metric > options.targetValue ? this.highs + 1 : 0;
    this.lows = metric < options.lowRatio * options.targetValue ? this.lows + 1 : 0;
    if (this.highs >= options.outPeriods) this.scaleOut(metric);
    else if (this.lows >= options.inPeriods && !options.disableScaleIn) this.scaleIn(metric);
  }

  private scaleOut(metric: number): void {
    const { kernel, options, target } = this;
    const { capacity } = target;
    const base = kernel.nowUs < this.outCooldownEndsUs ? this.capacityBefore : capacity;
    const wanted = Math.min(options.maxCapacity, Math.ceil((base * metric) / options.targetValue));
    if (wanted <= capacity) return;
    this.capacityBefore = base;
    this.outCooldownEndsUs = kernel.nowUs + options.outCooldownUs;
    this.inCooldownEndsUs = kernel.nowUs;
    target.scaleTo(wanted, metric);
  }

  private scaleIn(metric: number): void {
    const { kernel, options, target } = this;
    if (kernel.nowUs < this.inCooldownEndsUs) return;
    const { capacity } = target;
    const wanted = Math.max(options.minCapacity, Math.ceil((capacity * metric) / options.targetValue));
    if (wanted >= capacity) return;
    this.inCooldownEndsUs = kernel.nowUs + options.inCooldownUs;
    target.scaleTo(wanted, metric);
  }
}
