/** Everything a function counts: CloudWatch metrics, billed quantities, log episodes. */
import type { BehaviorContext } from '#engine/behavior.ts';
import { Episode } from '#engine/stations/episode.ts';
import type { Config } from '../config.ts';

const MS = 1000;
const BYTES_PER_GB = 1_073_741_824;
/** Refusals further apart than this are separate episodes in the log. */
const QUIET_US = 60_000_000;

/** Counted here by the event source mappings; named so that their series exist without one. */
const mappingMetrics = [
  'PolledEventCount',
  'InvokedEventCount',
  'FailedInvokeEventCount',
  'DroppedEventCount',
  'OnFailureDestinationDeliveredEventCount',
  'DeletedEventCount',
  'ExpiredRecords',
] as const;

export class FunctionMeters {
  private readonly context: BehaviorContext<Config>;
  readonly asyncReceived;
  readonly asyncAge;
  readonly asyncDropped;
  readonly deliveryFailures;
  private readonly invocations;
  private readonly errors;
  private readonly throttles;
  private readonly timeouts;
  private readonly failedByRecord;
  private readonly coldStarts;
  private readonly spillovers;
  private readonly duration;
  private readonly initDuration;
  private readonly billedDuration;
  private readonly iteratorAge;
  private readonly concurrent;
  private readonly provisionedUse;
  private readonly requests;
  private readonly gbSeconds;
  private readonly provisionedDuration;
  private readonly ephemeral;
  private readonly logs;
  private readonly gigabytes: number;
  private readonly extraStorageGB: number;
  private readonly throttled: Episode;
  private readonly timingOut: Episode;
  private throttledBy = '';

  constructor(context: BehaviorContext<Config>) {
    const { config, kernel } = context;
    this.context = context;
    this.asyncReceived = context.counter('AsyncEventsReceived');
    this.asyncAge = context.sample('AsyncEventAge');
    this.asyncDropped = context.counter('AsyncEventsDropped');
    this.deliveryFailures = context.counter('DestinationDeliveryFailures');
    this.invocations = context.counter('Invocations');
    this.errors = context.counter('Errors');
    this.throttles = context.counter('Throttles');
    this.timeouts = context.counter('Timeouts');
    this.failedByRecord = context.counter('InvocationsFailedByRecord');
    this.coldStarts = context.counter('ColdStarts');
    this.spillovers = context.counter('ProvisionedConcurrencySpilloverInvocations');
    this.duration = context.sample('Duration');
    this.initDuration = context.sample('InitDuration');
    this.billedDuration = context.sample('BilledDuration');
    this.iteratorAge = context.sample('IteratorAge');
    this.concurrent = context.gauge('ConcurrentExecutions');
    this.provisionedUse = context.gauge('ProvisionedConcurrencyUtilization');
    for (const name of mappingMetrics) context.counter(name);
    this.requests = context.usage('requests');
    this.gbSeconds = context.usage('gbSeconds');
    this.provisionedDuration = context.usage('provisionedDurationGbSeconds');
    this.ephemeral = context.usage('ephemeralStorageGbSeconds');
    this.logs = context.usage('logGigabytes');
    this.gigabytes = config.memorySize / 1024;
    this.extraStorageGB = (config.ephemeralStorageMB - 512) / 1024;
    this.throttled = new Episode(kernel, QUIET_US, {
      onBegan: () => context.log('warning', 'lambda/throttled', { limit: this.throttledBy }),
      onEnded: (refused, lastedUs) =>
        context.log('info', 'lambda/throttling-over', { refused, seconds: Math.round(lastedUs / 1_000_000) }),
    });
    this.timingOut = new Episode(kernel, QUIET_US, {
      onBegan: () => context.log('warning', 'lambda/timing-out', { timeoutSeconds: config.timeoutSeconds }),
      onEnded: (count) => context.log('info', 'lambda/timeouts-over', { count }),
    });
  }

  /** An invocation was refused by the limit of that id. */
  onThrottled(limit: string): void {
    this.throttles.add(this.context.kernel.nowUs, 1);
    this.throttledBy = limit;
    this.throttled.mark(1);
  }

  /** An invocation has begun. `requestUnits`: what it is billed as; `ageUs`: iterator age, -1 without one. */
  onStarted(requestUnits: number, ageUs: number, isSpillover: boolean): void {
    const { nowUs } = this.context.kernel;
    this.invocations.add(nowUs, 1);
    this.requests.add(requestUnits);
    if (ageUs >= 0) this.iteratorAge.add(nowUs, ageUs / MS);
    if (isSpillover) this.spillovers.add(nowUs, 1);
  }

  onColdStart(initUs: number): void {
    const { nowUs } = this.context.kernel;
    this.coldStarts.add(nowUs, 1);
    this.initDuration.add(nowUs, initUs / MS);
  }

  /** An invocation has ended after `durationUs` without init; `initUs` of init are billed with it. */
  onEnded(durationUs: number, initUs: number, isProvisioned: boolean, succeeded: boolean): void {
    const { nowUs } = this.context.kernel;
    const billedMs = Math.ceil((durationUs + initUs) / MS);
    const billedSeconds = billedMs / 1000;
    this.duration.add(nowUs, durationUs / MS);
    this.billedDuration.add(nowUs, billedMs);
    (isProvisioned ? this.provisionedDuration : this.gbSeconds).add(this.gigabytes * billedSeconds);
    if (this.extraStorageGB > 0) this.ephemeral.add(this.extraStorageGB * billedSeconds);
    this.logs.add(this.context.config.logBytesPerInvocation / BYTES_PER_GB);
    if (!succeeded) this.errors.add(nowUs, 1);
  }

  /** One record of a batch has failed, and the whole invocation with it. */
  onFailedByRecord(): void {
    this.failedByRecord.add(this.context.kernel.nowUs, 1);
  }

  onTimeout(): void {
    this.timeouts.add(this.context.kernel.nowUs, 1);
    this.timingOut.mark(1);
  }

  /** The number of running invocations has changed. */
  onLevel(busy: number, busyProvisioned: number): void {
    const { config, kernel } = this.context;
    this.concurrent.set(kernel.nowUs, busy);
    const provisioned = config.provisionedConcurrentExecutions;
    if (provisioned > 0) this.provisionedUse.set(kernel.nowUs, (100 * busyProvisioned) / provisioned);
  }
}
