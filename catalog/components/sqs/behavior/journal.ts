/** What a queue writes into the log: beginnings and ends of episodes, not single messages. */
import type { BehaviorContext } from '#engine/behavior.ts';
import { Episode } from '#engine/stations/episode.ts';
import type { Config } from '../config.ts';

const SECOND_US = 1_000_000;
const MINUTE_US = 60 * SECOND_US;
/** A backlog is worth an entry from this many messages on. Assumption: below, a burst of one second explains it. */
const notableBacklog = 1000;
/** Minutes of growth in a row that make an entry. */
const growingMinutes = 5;
/** A backlog is drained when this share of its peak is left, 0..1. */
const drainedRatio = 0.1;
/** Receives of one message without a dead-letter queue that make an entry. */
const manyReceives = 5;

export class Journal {
  private readonly context: BehaviorContext<Config>;
  private readonly deadLettering: Episode;
  private readonly retentionLoss: Episode;
  private readonly inFlightLimit: Episode;
  private receives = 0;
  private hasNotedSize = false;
  private hasNotedReceives = false;
  private lastVisible = 0;
  private minutesOfGrowth = 0;
  private peak = 0;
  /** When the backlog began to grow, microseconds; NaN without one. */
  private growsSinceUs = Number.NaN;
  /** A queue that only takes dead letters is meant to keep them. */
  private readonly isWorkedOff: boolean;

  constructor(context: BehaviorContext<Config>, inFlightLimit: number) {
    const { config, kernel } = context;
    this.context = context;
    this.isWorkedOff = context.inletCount('messages') > 0;
    this.deadLettering = new Episode(kernel, 300 * SECOND_US, {
      onBegan: () => context.log('warning', 'sqs/dead-lettering', { receives: this.receives }),
      onEnded: (messages) => context.log('info', 'sqs/dead-lettering-ended', { messages }),
    });
    this.retentionLoss = new Episode(kernel, 300 * SECOND_US, {
      onBegan: () =>
        context.log('error', 'sqs/retention-loss', { retentionSeconds: config.messageRetentionPeriodSeconds }),
      onEnded: (messages) => context.log('info', 'sqs/retention-loss-ended', { messages }),
    });
    this.inFlightLimit = new Episode(kernel, 60 * SECOND_US, {
      onBegan: () => context.log('error', 'sqs/in-flight-limit', { limit: inFlightLimit }),
      onEnded: (receives) => context.log('info', 'sqs/in-flight-limit-ended', { receives }),
    });
  }

  /** Time zero: the log of the pre-roll is not kept, so what still goes on is told again. */
  startRecording(): void {
    this.hasNotedSize = false;
    this.hasNotedReceives = false;
    this.growsSinceUs = Number.NaN;
  }

  deadLettered(receives: number): void {
    this.receives = receives;
    this.deadLettering.mark(1);
  }

  expired(messages: number): void {
    this.retentionLoss.mark(messages);
  }

  inFlightRefused(): void {
    this.inFlightLimit.mark(1);
  }

  tooLarge(bytes: number): void {
    if (this.hasNotedSize) return;
    this.hasNotedSize = true;
    this.context.log('error', 'sqs/message-too-large', { bytes, limit: this.context.config.maximumMessageSizeBytes });
  }

  /** A message was received and there is no dead-letter queue. */
  receivedAgain(receives: number): void {
    if (this.hasNotedReceives || receives <= manyReceives) return;
    this.hasNotedReceives = true;
    this.context.log('warning', 'sqs/received-often', { receives });
  }

  /** Looks at the state once a minute. */
  minute(visible: number, ageSeconds: number): void {
    if (!this.isWorkedOff) return;
    this.minutesOfGrowth = visible > this.lastVisible ? this.minutesOfGrowth + 1 : 0;
    this.lastVisible = visible;
    if (Number.isNaN(this.growsSinceUs)) this.mayGrow(visible, ageSeconds);
    else this.mayHaveDrained(visible);
  }

  private mayGrow(visible: number, ageSeconds: number): void {
    if (visible < notableBacklog || this.minutesOfGrowth < growingMinutes) return;
    this.growsSinceUs = this.nowUs - this.minutesOfGrowth * MINUTE_US;
    this.peak = visible;
    this.context.log('warning', 'sqs/backlog-grows', { messages: visible, ageSeconds: Math.round(ageSeconds) });
  }

  private mayHaveDrained(visible: number): void {
    if (visible > this.peak) this.peak = visible;
    if (visible > this.peak * drainedRatio) return;
    const minutes = Math.round((this.nowUs - this.growsSinceUs) / MINUTE_US);
    this.growsSinceUs = Number.NaN;
    this.context.log('info', 'sqs/backlog-drained', { peak: this.peak, minutes });
  }

  private get nowUs(): number {
    return this.context.kernel.nowUs;
  }
}
