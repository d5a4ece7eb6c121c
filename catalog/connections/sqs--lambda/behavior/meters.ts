/** What a mapping counts, at the function: CloudWatch's event source mapping metrics; its limit, log and poller hours. */
import type { ConnectionContext, UsageCounter } from '#engine/behavior.ts';
import type { LimitMeter } from '#engine/stats/limit-meter.ts';
import { Episode } from '#engine/stations/episode.ts';
import type { Config } from '../config.ts';

const SECOND_US = 1_000_000;
const HOUR_US = 3600 * SECOND_US;
/** Occurrences further apart than this are separate episodes in the log. */
const QUIET_US = 60 * SECOND_US;

export class MappingMeters {
  private readonly context: ConnectionContext<Config>;
  private readonly polled;
  private readonly invoked;
  private readonly failed;
  private readonly deleted;
  private readonly concurrency: LimitMeter;
  private readonly pollerHours: UsageCounter | undefined;
  private readonly atMost: Episode;
  private readonly givingBack: Episode;
  private pollers = 0;
  private sinceUs: number;

  constructor(context: ConnectionContext<Config>, most: number) {
    const { config, kernel } = context;
    this.context = context;
    this.sinceUs = kernel.nowUs;
    this.polled = context.counter('PolledEventCount');
    this.invoked = context.counter('InvokedEventCount');
    this.failed = context.counter('FailedInvokeEventCount');
    this.deleted = context.counter('DeletedEventCount');
    this.pollerHours = config.provisionedPollers ? context.usage('eventPollerUnitHours') : undefined;
    this.concurrency = context.limit({
      id: 'mapping-concurrency',
      name: 'concurrent batches of the event source mapping',
      unit: 'batches',
      kind: 'level',
      capacity: most,
      source: 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html',
      raisable: config.maximumConcurrency !== undefined || config.provisionedPollers,
    });
    this.atMost = new Episode(kernel, QUIET_US, {
      onBegan: () => context.log('warning', 'sqs--lambda/at-most-concurrency', { most }),
      onEnded: () => context.log('info', 'sqs--lambda/below-most-concurrency', { most }),
    });
    this.givingBack = new Episode(kernel, QUIET_US, {
      onBegan: () => context.log('warning', 'sqs--lambda/throttled-past-visibility', {}),
      onEnded: (messages) => context.log('info', 'sqs--lambda/throttled-past-visibility-over', { messages }),
    });
  }

  onReceived(messages: number): void {
    this.polled.add(this.context.kernel.nowUs, messages);
  }

  onInvoked(messages: number): void {
    this.invoked.add(this.context.kernel.nowUs, messages);
  }

  onFailed(messages: number): void {
    this.failed.add(this.context.kernel.nowUs, messages);
  }

  onDeleted(messages: number): void {
    this.deleted.add(this.context.kernel.nowUs, messages);
  }

  /** The visibility timeout has passed while the messages were throttled. */
  onGivenBack(messages: number): void {
    this.givingBack.mark(messages);
  }

  /** The mapping would add batches but may not. */
  onAtMost(): void {
    this.atMost.mark(1);
  }

  onConcurrency(active: number, pollers: number): void {
    this.concurrency.set(this.context.kernel.nowUs, active);
    this.onPollers(pollers);
  }

  /** Books the poller hours up to now; one event poller unit for each poller (assumption: AWS names no other ratio for SQS). */
  onPollers(pollers: number): void {
    const { nowUs } = this.context.kernel;
    this.pollerHours?.add((this.pollers * (nowUs - this.sinceUs)) / HOUR_US);
    this.pollers = pollers;
    this.sinceUs = nowUs;
  }

  startRecording(pollers: number): void {
    this.pollers = pollers;
    this.sinceUs = this.context.kernel.nowUs;
  }
}
