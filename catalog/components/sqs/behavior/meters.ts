/** The counters of a queue: CloudWatch metrics, billed requests, the limit of messages in flight. */
import type { BehaviorContext, UsageCounter } from '#engine/behavior.ts';
import type { LimitMeter } from '#engine/stats/limit-meter.ts';
import type { CounterMetric, GaugeMetric, SampleMetric } from '#engine/stats/metrics.ts';
import type { Flow } from '#engine/flow/flow.ts';
import type { Kernel } from '#engine/kernel/kernel.ts';
import { type Config, inFlightQuota, requestChunkBytes } from '../config.ts';

/** Sizes that are looked at of a run of messages; each stands for its share of them. */
const SIZES_DRAWN = 4;

export class QueueMeters {
  readonly returned: CounterMetric;
  readonly expired: CounterMetric;
  readonly deadLettered: CounterMetric;
  private readonly kernel: Kernel;
  private readonly flow: Flow;
  private readonly requests: UsageCounter;
  private readonly inFlight: LimitMeter;
  private readonly sentCount: CounterMetric;
  private readonly sentSize: SampleMetric;
  private readonly receivedCount: CounterMetric;
  private readonly deletedCount: CounterMetric;
  private readonly emptyReceives: CounterMetric;
  private readonly visible: GaugeMetric;
  private readonly notVisible: GaugeMetric;
  private readonly delayed: GaugeMetric;
  private readonly oldestAge: GaugeMetric;
  private readonly receiveCount: SampleMetric;
  private readonly holdTime: SampleMetric;
  /** Empty receives booked at `emptyUs`: a wait at the same instant continues one of them. */
  private emptyUs = Number.NaN;
  private emptyNow = 0;
  private lastVisible = 0;
  private lastNotVisible = 0;
  private lastDelayed = 0;

  constructor(context: BehaviorContext<Config>, inFlightLimit: number) {
    this.kernel = context.kernel;
    this.flow = context.flow;
    this.requests = context.usage('requests');
    this.inFlight = context.limit({
      id: 'in-flight',
      name: 'messages in flight',
      unit: 'messages',
      kind: 'level',
      capacity: inFlightLimit,
      source: inFlightQuota.source,
      raisable: true,
    });
    this.sentCount = context.counter('NumberOfMessagesSent');
    this.sentSize = context.sample('SentMessageSize');
    this.receivedCount = context.counter('NumberOfMessagesReceived');
    this.deletedCount = context.counter('NumberOfMessagesDeleted');
    this.emptyReceives = context.counter('NumberOfEmptyReceives');
    this.visible = context.gauge('ApproximateNumberOfMessagesVisible');
    this.notVisible = context.gauge('ApproximateNumberOfMessagesNotVisible');
    this.delayed = context.gauge('ApproximateNumberOfMessagesDelayed');
    this.oldestAge = context.gauge('ApproximateAgeOfOldestMessage');
    this.receiveCount = context.sample('ReceiveCount');
    this.holdTime = context.sample('HoldTime');
    this.returned = context.counter('MessagesReturned');
    this.expired = context.counter('MessagesExpired');
    this.deadLettered = context.counter('MessagesDeadLettered');
  }

  /** One API action with a payload: a request for each started chunk, at least one. */
  request(payloadBytes: number): void {
    this.requests.add(Math.max(1, Math.ceil(payloadBytes / requestChunkBytes)));
  }

  /** So many billed requests. */
  requested(count: number): void {
    this.requests.add(count);
  }

  /** A message was sent, or a run of them. */
  sent(p: number): void {
    const { nowUs } = this.kernel;
    const { runs, store } = this.flow;
    const messages = store.units[p]!;
    this.sentCount.add(nowUs, messages);
    const drawn = Math.min(messages, SIZES_DRAWN);
    for (let i = 0; i < drawn; i++) {
      this.sentSize.add(nowUs, messages === 1 ? runs.sizes.drawnBytes(p) : runs.sizeOf(p, i), messages / drawn);
    }
  }

  /** `messages` that were received `receives` times each, this time included. */
  received(receives: number, messages: number): void {
    const { nowUs } = this.kernel;
    this.receivedCount.add(nowUs, messages);
    this.receiveCount.add(nowUs, receives, messages);
  }

  deleted(receivedUs: number, messages: number): void {
    const { nowUs } = this.kernel;
    this.deletedCount.add(nowUs, messages);
    this.holdTime.add(nowUs, (nowUs - receivedUs) / 1000, messages);
  }

  /** `mayGoOn`: a wait at this instant would be part of the same request. */
  emptyReceive(mayGoOn: boolean): void {
    const { nowUs } = this.kernel;
    this.emptyReceives.add(nowUs, 1);
    this.requests.add(1);
    if (!mayGoOn) return;
    this.emptyNow = this.emptyUs === nowUs ? this.emptyNow + 1 : 1;
    this.emptyUs = nowUs;
  }

  /** A consumer begins to wait: when its receive found nothing at this very instant, that request goes on. */
  continueReceive(): void {
    const { nowUs } = this.kernel;
    if (this.emptyUs !== nowUs || this.emptyNow === 0) return;
    this.emptyNow--;
    this.emptyReceives.add(nowUs, -1);
    this.requests.add(-1);
  }

  inFlightRefused(): void {
    this.inFlight.refuse(this.kernel.nowUs, 1);
  }

  levels(visible: number, notVisible: number, delayed: number): void {
    const { nowUs } = this.kernel;
    if (visible !== this.lastVisible) this.visible.set(nowUs, visible);
    if (notVisible !== this.lastNotVisible) {
      this.notVisible.set(nowUs, notVisible);
      this.inFlight.set(nowUs, notVisible);
    }
    if (delayed !== this.lastDelayed) this.delayed.set(nowUs, delayed);
    this.lastVisible = visible;
    this.lastNotVisible = notVisible;
    this.lastDelayed = delayed;
  }

  age(seconds: number): void {
    this.oldestAge.set(this.kernel.nowUs, seconds);
  }
}
