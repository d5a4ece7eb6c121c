/**
 * Dynamic partitioning: a buffer for each value of the partition key, for the whole stream. A value is active while its buffer holds
 * something; what belongs to one more than the quota allows fails, and so does what carries no value.
 * https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning.html (read 2026-11-21).
 */
import type { BehaviorContext, UsageCounter } from '#engine/behavior.ts';
import type { DrawStream } from '#engine/kernel/draws.ts';
import type { LimitMeter } from '#engine/stats/limit-meter.ts';
import type { GaugeMetric } from '#engine/stats/metrics.ts';
import type { Config } from '../config.ts';
import { Destination, type DestinationOwner, type DestinationPlan, type Sink } from './destination.ts';
import type { StreamMeters } from './meters.ts';

const GIBIBYTE = 1_073_741_824;

export class Partitions implements Sink, DestinationOwner {
  private readonly context: BehaviorContext<Config>;
  private readonly plan: DestinationPlan;
  private readonly owner: DestinationOwner;
  private readonly meters: StreamMeters;
  /** By value; made when it is first seen. */
  private readonly destinations: (Destination | undefined)[] = [];
  private readonly known: Destination[] = [];
  private readonly limit: LimitMeter;
  private readonly count: GaugeMetric;
  private readonly exceeded: GaugeMetric;
  private readonly partitioned: UsageCounter;
  private readonly missing: DrawStream;
  private readonly keyless: DrawStream;
  private hasExceeded = false;
  private active = 0;

  constructor(context: BehaviorContext<Config>, plan: DestinationPlan, owner: DestinationOwner, meters: StreamMeters) {
    this.context = context;
    this.plan = { ...plan, objects: context.usage('partitionedObjects') };
    this.owner = owner;
    this.meters = meters;
    this.limit = context.limit({
      id: 'active-partitions',
      name: 'active partitions of the stream',
      unit: 'partitions',
      kind: 'level',
      capacity: context.config.activePartitionsQuota,
      source: 'https://docs.aws.amazon.com/firehose/latest/dev/limits.html',
      raisable: true,
    });
    this.count = context.gauge('PartitionCount');
    this.exceeded = context.gauge('PartitionCountExceeded');
    this.partitioned = context.usage('partitionedGibibytes');
    this.missing = context.draw('partitionKeyMissing');
    this.keyless = context.draw('partitionValue');
  }

  get retentionUs(): number {
    return this.owner.retentionUs;
  }

  get roomBytes(): number {
    return Number.POSITIVE_INFINITY;
  }

  get heldBytes(): number {
    return this.known.reduce((sum, { heldBytes }) => sum + heldBytes, 0);
  }

  get isFull(): boolean {
    return this.known.some(({ isFull }) => isFull);
  }

  get oldestUs(): number {
    return this.known.reduce((oldest, { oldestUs }) => Math.min(oldest, oldestUs), Number.POSITIVE_INFINITY);
  }

  add(p: number): void {
    const { config, flow, kernel } = this.context;
    const { store } = flow;
    const missing = config.partitionKeyMissingRatio;
    if (missing > 0 && this.missing.uniformPair(store.entity[p]!, store.load[p]!) < missing) {
      this.owner.fail(p, 'partitioning-failed');
      return;
    }
    const destination = this.destinationOf(this.valueOf(p));
    const isNew = destination.heldBytes === 0;
    if (isNew && this.active >= config.activePartitionsQuota) {
      this.limit.refuse(kernel.nowUs, store.records[p]!);
      this.hasExceeded = true;
      this.exceeded.set(kernel.nowUs, 1);
      this.owner.fail(p, 'partitioning-failed');
      return;
    }
    this.partitioned.add(store.bytes[p]! / GIBIBYTE);
    destination.add(p);
    if (isNew && destination.heldBytes > 0) this.setActive(this.active + 1);
  }

  fail(parcel: number, reason: string): void {
    this.owner.fail(parcel, reason);
  }

  /** A delivery has begun or ended: values whose buffers are empty are no longer active. */
  onHeld(): void {
    let active = 0;
    for (const { heldBytes } of this.known) if (heldBytes > 0) active++;
    this.setActive(active);
    this.owner.onHeld();
  }

  onHeldBack(): void {
    for (const destination of this.known) if (destination.isFull) destination.onHeldBack();
  }

  /** Each minute: the metric says whether the quota was reached since the last. */
  onMinute(): void {
    if (!this.hasExceeded) this.exceeded.set(this.context.kernel.nowUs, 0);
    this.hasExceeded = false;
  }

  /** A value by the place of the record's key, so that a hot key is a hot partition. */
  private valueOf(p: number): number {
    const { config, flow } = this.context;
    const { store } = flow;
    const load = store.load[p]!;
    const key = store.key[p]!;
    const place = key < 0 ? this.keyless.uniformPair(store.entity[p]!, load) : this.context.keyPosition(load, key);
    return Math.min(config.partitionValues - 1, Math.floor(place * config.partitionValues));
  }

  private destinationOf(value: number): Destination {
    let destination = this.destinations[value];
    if (destination === undefined) {
      destination = new Destination(this.context, `partition ${value}`, this.plan, this, this.meters);
      this.destinations[value] = destination;
      this.known.push(destination);
    }
    return destination;
  }

  private setActive(active: number): void {
    if (active === this.active) return;
    const { nowUs } = this.context.kernel;
    this.active = active;
    this.count.set(nowUs, active);
    this.limit.set(nowUs, active);
  }
}
