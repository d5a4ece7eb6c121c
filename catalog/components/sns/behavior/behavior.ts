/** A topic: takes messages within the account's quota, and hands each to every subscription by itself. */
import type { Behavior, BehaviorContext, BehaviorFactory, Outlet } from '#engine/behavior.ts';
import { NONE, ParcelList } from '#engine/flow/parcels.ts';
import type { Push, Reply } from '#engine/flow/ports.ts';
import type { DrawStream } from '#engine/kernel/draws.ts';
import { PRIORITY_TIMER } from '#engine/kernel/priorities.ts';
import { FanOut, type Subscription } from '#engine/stations/fan-out.ts';
import { RetryPhases } from '#engine/stations/retry-phases.ts';
import { batchMessages, type Config, deliveryPolicies } from '../config.ts';
import { TopicMeters } from './meters.ts';
import { PublishQuota } from './publishing.ts';

const MS = 1000;

export const build: BehaviorFactory<Config> = (context) => new Topic(context);

/** What a link to a subscriber says; see the connections of topics. */
interface SubscriptionSettings {
  readonly filterPassRatio: number;
  readonly filterPolicyScope: 'MessageAttributes' | 'MessageBody';
  readonly rawMessageDelivery: boolean;
  readonly redrive: boolean;
}

class Topic implements Behavior, Push {
  readonly meeting = 'push';
  readonly inputs: Readonly<Record<string, Push>>;
  private readonly context: BehaviorContext<Config>;
  private readonly meters: TopicMeters;
  private readonly quota: PublishQuota;
  private readonly fanOut: FanOut;
  private readonly kept: ParcelList;
  private readonly failure: DrawStream;
  private readonly entryFailure: DrawStream;
  private readonly throttling: DrawStream;
  private readonly onDeliver: number;
  private readonly copies: number;
  /** Records on their way to the first attempt. */
  private underWay = 0;

  constructor(context: BehaviorContext<Config>) {
    const { flow, kernel } = context;
    this.context = context;
    const subscriptions = context.outlets('subscriptions');
    this.copies = subscriptions.length;
    this.quota = new PublishQuota(context);
    this.meters = new TopicMeters(context, subscriptions.map(countedOf));
    const env = {
      kernel,
      flow,
      node: context.node,
      draw: (purpose: string) => context.draw(purpose),
      onHeldChange: () => this.showWaiting(),
    };
    this.fanOut = new FanOut(env, this.subscriptionsOf(subscriptions), this.meters);
    this.kept = new ParcelList(flow.store);
    this.failure = context.draw('failure');
    this.entryFailure = context.draw('entryFailure');
    this.throttling = context.draw('throttling');
    this.onDeliver = kernel.register((p) => this.deliver(p));
    this.inputs = { messages: this };
  }

  /** Publish and PublishBatch: a request is cut into calls of at most 10 messages and the largest message's bytes. */
  offer(request: ParcelList, isBatch: boolean, reply: Reply): void {
    const { config, flow } = this.context;
    const { store } = flow;
    reply.accepted = 0;
    reply.refused = 0;
    reply.failed = 0;
    reply.retryAfterUs = 0;
    reply.latencyUs = config.publishLatencyMs * MS;
    while (request.head !== NONE) {
      const fails = this.callFails(request.head);
      const most = isBatch ? batchMessages : 1;
      let callBytes = 0;
      let acceptedBytes = 0;
      for (let taken = 0; taken < most && request.head !== NONE; ) {
        const bytes = store.bytes[request.head]!;
        const units = store.units[request.head]!;
        if (taken > 0 && (callBytes + bytes > config.maximumMessageSizeBytes || taken + units > most)) break;
        taken += units;
        callBytes += bytes;
        const p = request.shift();
        if (this.publish(p, fails, reply)) acceptedBytes += bytes;
        else this.kept.push(p);
      }
      if (acceptedBytes > 0) this.meters.request(acceptedBytes);
    }
    request.append(this.kept);
    this.showWaiting();
  }

  /** Nothing that decides message by message is at work, and the quota is not about to be used up. */
  takesRuns(): boolean {
    const { faults } = this.context;
    const isPlain = faults.capacityRatio >= 1 && faults.invocationErrorRatio === 0 && faults.recordErrorRatio === 0;
    return isPlain && this.quota.isRoomy;
  }

  /** One message, or a run of them; false when it stays with the publisher. */
  private publish(p: number, callFails: boolean, reply: Reply): boolean {
    const { config, faults, flow, kernel, node } = this.context;
    const { store } = flow;
    const units = store.units[p]!;
    const bytes = store.bytes[p]!;
    const { recordErrorRatio } = faults;
    if (bytes / units > config.maximumMessageSizeBytes) {
      this.meters.onTooLarge(bytes);
      reply.failed += units;
      return false;
    }
    if (callFails || (recordErrorRatio > 0 && this.draw(this.entryFailure, p) < recordErrorRatio)) {
      reply.failed += units;
      return false;
    }
    const isThrottled = faults.capacityRatio < 1 && this.draw(this.throttling, p) >= faults.capacityRatio;
    if (isThrottled || !this.quota.take(units)) {
      this.meters.onThrottled(units);
      reply.refused += units;
      return false;
    }
    reply.accepted += units;
    flow.transfer(p, node);
    this.meters.onPublished(p);
    this.underWay += store.records[p]!;
    const delayUs = config.deliveryLatencyMs * MS * faults.latencyFactor;
    kernel.after(delayUs, this.onDeliver, p, 0, PRIORITY_TIMER);
    return true;
  }

  private deliver(p: number): void {
    this.underWay -= this.context.flow.store.records[p]!;
    this.fanOut.publish(p);
    this.showWaiting();
  }

  private callFails(head: number): boolean {
    const ratio = this.context.faults.invocationErrorRatio;
    return ratio > 0 && this.draw(this.failure, head) < ratio;
  }

  /** A draw about a message; a retry at another millisecond draws anew. */
  private draw(stream: DrawStream, p: number): number {
    const { flow, kernel } = this.context;
    return stream.uniformPair(flow.store.entity[p]!, Math.floor(kernel.nowUs / MS) & 2047);
  }

  private showWaiting(): void {
    this.meters.onWaiting(this.underWay * this.copies + this.fanOut.heldRecords);
  }

  private subscriptionsOf(outlets: readonly Outlet[]): readonly Subscription[] {
    const { config } = this.context;
    const [queue] = this.context.outlets('dead-letter');
    const managed = new RetryPhases(deliveryPolicies.managed, config.retryJitterRatio);
    const throttled = new RetryPhases(deliveryPolicies.throttledDeliveryStream, config.retryJitterRatio);
    return outlets.map((outlet) => {
      const settings = settingsOf(outlet);
      const subscription: Subscription = {
        id: outlet.id ?? '',
        outlet,
        passRatio: settings.filterPassRatio,
        retries: managed,
        overheadBytes: settings.rawMessageDelivery ? 0 : config.envelopeBytes,
        deadLetters: settings.redrive ? queue : undefined,
      };
      return outlet.protocol === 'firehose-put' ? { ...subscription, retriesWhenRefused: throttled } : subscription;
    });
  }
}

/** A link to another port of a subscriber, such as the dead letters of a queue, has no settings of its own. */
const withoutSettings: SubscriptionSettings = {
  filterPassRatio: 1,
  filterPolicyScope: 'MessageAttributes',
  rawMessageDelivery: false,
  redrive: true,
};

function settingsOf({ settings }: Outlet): SubscriptionSettings {
  return { ...withoutSettings, ...settings };
}

function countedOf(outlet: Outlet) {
  const { filterPassRatio, filterPolicyScope } = settingsOf(outlet);
  const readsBody = filterPassRatio < 1 && filterPolicyScope === 'MessageBody';
  return { outlet, readsBody, isDeliveryStream: outlet.protocol === 'firehose-put' };
}
