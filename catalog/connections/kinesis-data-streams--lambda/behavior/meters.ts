/** What a mapping counts, at the function: CloudWatch's event source mapping metrics; and log episodes. */
import type { ConnectionContext } from '#engine/behavior.ts';
import { Episode } from '#engine/stations/episode.ts';
import type { Config } from '../config.ts';
import type { Lane } from './lane.ts';

const SECOND_US = 1_000_000;
/** Occurrences further apart than this are separate episodes in the log. */
const QUIET_US = 60 * SECOND_US;

export class MappingMeters {
  private readonly context: ConnectionContext<Config>;
  private readonly invoked;
  private readonly failedEvents;
  private readonly droppedEvents;
  private readonly deliveredEvents;
  private readonly expiredRecords;
  private readonly givingUp: Episode;
  private readonly expiring: Episode;
  private readonly blocking: Episode;
  private blockedLane: Lane | undefined;
  private lastReason = '';
  private lastShard = 0;

  constructor(context: ConnectionContext<Config>) {
    const { kernel } = context;
    this.context = context;
    this.invoked = context.counter('InvokedEventCount');
    this.failedEvents = context.counter('FailedInvokeEventCount');
    this.droppedEvents = context.counter('DroppedEventCount');
    this.deliveredEvents = context.counter('OnFailureDestinationDeliveredEventCount');
    this.expiredRecords = context.counter('ExpiredRecords');
    this.givingUp = new Episode(kernel, QUIET_US, {
      onBegan: () =>
        context.log('error', 'kinesis-data-streams--lambda/records-given-up', {
          reason: this.lastReason,
          shard: this.lastShard,
        }),
      onEnded: (records) => context.log('info', 'kinesis-data-streams--lambda/records-given-up-over', { records }),
    });
    // A blocked lane tries again after the longest retry wait at the latest, so a longer silence means that it goes on.
    this.blocking = new Episode(kernel, QUIET_US + context.config.retryMaxMs * 1000, {
      onBegan: () => {
        const { shard, number, tries, failedAttempts } = this.blockedLane!;
        context.log('warning', 'kinesis-data-streams--lambda/lane-blocked', {
          shard: shard.partition,
          lane: number,
          tries,
          errors: failedAttempts,
        });
      },
      onEnded: () => context.log('info', 'kinesis-data-streams--lambda/lanes-go-on', {}),
    });
    this.expiring = new Episode(kernel, QUIET_US, {
      onBegan: () => context.log('error', 'kinesis-data-streams--lambda/records-expire', {}),
      onEnded: (records) => context.log('info', 'kinesis-data-streams--lambda/records-expire-over', { records }),
    });
  }

  /** A batch was handed over. */
  onInvoked(events: number): void {
    this.invoked.add(this.context.kernel.nowUs, events);
  }

  onFailed(events: number): void {
    this.failedEvents.add(this.context.kernel.nowUs, events);
  }

  onGivenUp(lane: Lane, events: number): void {
    this.droppedEvents.add(this.context.kernel.nowUs, events);
    this.lastReason = lane.reason;
    this.lastShard = lane.shard.partition;
    this.givingUp.mark(events);
  }

  onDelivered(): void {
    this.deliveredEvents.add(this.context.kernel.nowUs, 1);
  }

  onExpired(records: number): void {
    this.expiredRecords.add(this.context.kernel.nowUs, records);
    this.expiring.mark(records);
  }

  /** A lane has tried several times in a row without success. */
  onBlocked(lane: Lane): void {
    this.blockedLane = lane;
    this.blocking.mark(1);
  }
}
