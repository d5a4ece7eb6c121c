/** Everything a topic counts: CloudWatch metrics, billed quantities, log episodes. */
import type { BehaviorContext, Outlet } from '#engine/behavior.ts';
import { Episode } from '#engine/stations/episode.ts';
import type { FanOutListener } from '#engine/stations/fan-out.ts';
import { type Config, requestChunkBytes } from '../config.ts';

const SECOND_US = 1_000_000;
const QUIET_US = 60 * SECOND_US;
const BYTES_PER_GB = 1_073_741_824;

/** What a subscription's own settings say of counting. */
export interface CountedSubscription {
  readonly outlet: Outlet;
  /** It has a filter policy on the body, which reads every message. */
  readonly readsBody: boolean;
  readonly isDeliveryStream: boolean;
}

export class TopicMeters implements FanOutListener {
  private readonly context: BehaviorContext<Config>;
  private readonly subscriptions: readonly CountedSubscription[];
  private readonly published;
  private readonly publishSize;
  private readonly delivered;
  private readonly failed;
  private readonly filteredOut;
  private readonly filteredByBody;
  private readonly filteredByAttributes;
  private readonly redriven;
  private readonly notRedriven;
  private readonly waiting;
  private readonly retries;
  private readonly dwellTime;
  private readonly requests;
  private readonly deliveryStream;
  private readonly scanned;
  private readonly retrying: readonly Episode[];
  private readonly losing: Episode;
  private readonly throttling: Episode;
  private readonly oversized: Episode;
  private largest = 0;

  constructor(context: BehaviorContext<Config>, subscriptions: readonly CountedSubscription[]) {
    this.context = context;
    this.subscriptions = subscriptions;
    this.published = context.counter('NumberOfMessagesPublished');
    this.publishSize = context.sample('PublishSize');
    this.delivered = context.counter('NumberOfNotificationsDelivered');
    this.failed = context.counter('NumberOfNotificationsFailed');
    this.filteredOut = context.counter('NumberOfNotificationsFilteredOut');
    this.filteredByBody = context.counter('NumberOfNotificationsFilteredOut-MessageBody');
    this.filteredByAttributes = context.counter('NumberOfNotificationsFilteredOut-MessageAttributes');
    this.redriven = context.counter('NumberOfNotificationsRedrivenToDlq');
    this.notRedriven = context.counter('NumberOfNotificationsFailedToRedriveToDlq');
    this.waiting = context.gauge('NotificationsWaiting');
    this.retries = context.counter('DeliveryRetries');
    this.dwellTime = context.sample('DwellTime');
    this.requests = context.usage('publishRequests');
    this.deliveryStream = context.usage('firehoseNotifications');
    this.scanned = context.usage('filteredGigabytes');
    this.retrying = subscriptions.map(({ outlet }) => this.retryEpisode(outlet.id ?? ''));
    this.losing = new Episode(context.kernel, QUIET_US, {
      onBegan: () => context.log('error', 'sns/notifications-lost', {}),
      onEnded: (count) => context.log('info', 'sns/notifications-lost-over', { count }),
    });
    this.throttling = new Episode(context.kernel, QUIET_US, {
      onBegan: () => context.log('warning', 'sns/publish-throttled', {}),
      onEnded: (count) => context.log('info', 'sns/publish-recovered', { count }),
    });
    this.oversized = new Episode(context.kernel, QUIET_US, {
      onBegan: () =>
        context.log('error', 'sns/message-too-large', {
          bytes: this.largest,
          limit: context.config.maximumMessageSizeBytes,
        }),
      onEnded: (count) => context.log('info', 'sns/message-too-large-over', { count, largest: this.largest }),
    });
  }

  /** One Publish or PublishBatch that was accepted, in part at least. */
  request(payloadBytes: number): void {
    this.requests.add(Math.max(1, Math.ceil(payloadBytes / requestChunkBytes)));
  }

  /** A message was published, or a run of them. */
  onPublished(p: number): void {
    const { flow, kernel } = this.context;
    const { runs, store } = flow;
    const { nowUs } = kernel;
    const units = store.units[p]!;
    const bytes = store.bytes[p]!;
    this.published.add(nowUs, units);
    for (let i = 0; i < units; i++) this.publishSize.add(nowUs, units === 1 ? bytes : runs.sizeOf(p, i));
    for (const { readsBody } of this.subscriptions) if (readsBody) this.scanned.add(bytes / BYTES_PER_GB);
  }

  onThrottled(units: number): void {
    this.throttling.mark(units);
  }

  onTooLarge(bytes: number): void {
    if (bytes > this.largest) this.largest = bytes;
    this.oversized.mark(1);
  }

  onWaiting(notifications: number): void {
    this.waiting.set(this.context.kernel.nowUs, notifications);
  }

  onFiltered(subscription: number, units: number): void {
    const { nowUs } = this.context.kernel;
    this.filteredOut.add(nowUs, units);
    const byScope = this.subscriptions[subscription]!.readsBody ? this.filteredByBody : this.filteredByAttributes;
    byScope.add(nowUs, units);
  }

  onDelivered(subscription: number, units: number, _bytes: number, takenUs: number): void {
    const { nowUs } = this.context.kernel;
    this.delivered.add(nowUs, units);
    this.dwellTime.add(nowUs, takenUs / 1000, units);
    if (this.subscriptions[subscription]!.isDeliveryStream) this.deliveryStream.add(units);
  }

  onFailedAttempt(subscription: number, units: number): void {
    this.retries.add(this.context.kernel.nowUs, units);
    this.retrying[subscription]!.mark(units);
  }

  onGivenUp(_subscription: number, units: number): void {
    this.failed.add(this.context.kernel.nowUs, units);
  }

  onDeadLettered(_subscription: number, units: number): void {
    this.redriven.add(this.context.kernel.nowUs, units);
  }

  onLost(subscription: number, units: number): void {
    if (this.subscriptions[subscription]!.outlet.settings?.['redrive'] !== false && this.hasDeadLetters) {
      this.notRedriven.add(this.context.kernel.nowUs, units);
    }
    this.losing.mark(units);
  }

  private get hasDeadLetters(): boolean {
    return this.context.outlets('dead-letter').length > 0;
  }

  private retryEpisode(subscription: string): Episode {
    const { context } = this;
    return new Episode(context.kernel, QUIET_US, {
      onBegan: () => context.log('warning', 'sns/delivery-retried', { subscription }),
      onEnded: (count) => context.log('info', 'sns/delivery-recovered', { subscription, count }),
    });
  }
}
