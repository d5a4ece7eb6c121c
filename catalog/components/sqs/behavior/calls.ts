/** The call quotas of a FIFO queue: calls per second and action, and in high throughput mode per partition of groups. */
import type { BehaviorContext } from '#engine/behavior.ts';
import type { LimitMeter } from '#engine/stats/limit-meter.ts';
import { Episode } from '#engine/stations/episode.ts';
import { TokenBucket } from '#engine/stations/token-bucket.ts';
import { batchLimit, type Config, fifoCallsQuota } from '../config.ts';

export type Action = 'send' | 'receive' | 'delete';

const actions: readonly Action[] = ['send', 'receive', 'delete'];
const QUIET_US = 60_000_000;

interface ActionQuota {
  readonly bucket: TokenBucket;
  readonly meter: LimitMeter;
}

export class CallQuotas {
  private readonly context: BehaviorContext<Config>;
  private readonly callsPerSecond: number;
  private readonly isHighThroughput: boolean;
  private readonly quotas: Readonly<Record<Action, ActionQuota>> | undefined;
  /** Message tokens: a partition takes 300 calls a second, or 10 times as many messages in full batches. */
  private readonly partitions: TokenBucket[] = [];
  private readonly partitionMeter: LimitMeter | undefined;
  private readonly episode: Episode;

  constructor(context: BehaviorContext<Config>) {
    const { config, kernel } = context;
    this.context = context;
    this.episode = new Episode(kernel, QUIET_US, {
      onBegan: () => context.log('warning', 'sqs/throttled', { callsPerSecond: this.callsPerSecond }),
      onEnded: (refused) => context.log('info', 'sqs/recovered', { refused }),
    });
    this.isHighThroughput =
      config.fifoThroughputLimit === 'perMessageGroupId' && config.deduplicationScope === 'messageGroup';
    const quota = this.isHighThroughput ? fifoCallsQuota.highThroughput : fifoCallsQuota.normal;
    this.callsPerSecond = config.fifoQueue ? context.quota(quota.id, quota.byDefault) : Number.POSITIVE_INFINITY;
    if (!config.fifoQueue) return;
    this.quotas = { send: this.quota('send'), receive: this.quota('receive'), delete: this.quota('delete') };
    if (!this.isHighThroughput) return;
    const tokens = fifoCallsQuota.perPartition * batchLimit.messages;
    const count = Math.max(1, Math.ceil(this.callsPerSecond / fifoCallsQuota.perPartition));
    for (let i = 0; i < count; i++) this.partitions.push(new TokenBucket(tokens, tokens, kernel.nowUs));
    this.partitionMeter = context.limit({
      id: 'group-partition',
      name: 'messages sent to one partition of message groups, in batches of 10',
      unit: 'messages/s',
      kind: 'perSecond',
      capacity: tokens * count,
      source: fifoCallsQuota.source,
      raisable: false,
    });
  }

  /** One call of an action; false when the quota refuses it. A standard queue refuses none. */
  admit(action: Action): boolean {
    if (this.quotas === undefined) return true;
    const { bucket, meter } = this.quotas[action];
    const { nowUs } = this.context.kernel;
    if (bucket.take(1, nowUs)) {
      meter.use(nowUs, 1);
      return true;
    }
    meter.refuse(nowUs, 1);
    this.episode.mark(1);
    return false;
  }

  /** One message of a send call of `callSize`; false when the partition of its group is exhausted. */
  admitMessage(load: number, key: number, callSize: number): boolean {
    const { partitionMeter } = this;
    if (partitionMeter === undefined) return true;
    const { nowUs } = this.context.kernel;
    const tokens = Math.max(1, Math.round(batchLimit.messages / callSize));
    const partition = this.partitions[hash(load, key) % this.partitions.length]!;
    if (partition.take(tokens, nowUs)) {
      partitionMeter.use(nowUs, tokens);
      return true;
    }
    partitionMeter.refuse(nowUs, 1);
    this.episode.mark(1);
    return false;
  }

  /** A fault leaves a share of the quotas. */
  scale(capacityRatio: number): void {
    if (this.quotas === undefined) return;
    const { nowUs } = this.context.kernel;
    const calls = this.callsPerSecond * capacityRatio;
    for (const action of actions) this.quotas[action].bucket.configure(calls, calls, nowUs);
    const tokens = fifoCallsQuota.perPartition * batchLimit.messages * capacityRatio;
    for (const partition of this.partitions) partition.configure(tokens, tokens, nowUs);
  }

  private quota(action: Action): ActionQuota {
    const { callsPerSecond } = this;
    const meter = this.context.limit({
      id: `${action}-calls`,
      name: `${action} calls of a FIFO queue`,
      unit: 'calls/s',
      kind: 'perSecond',
      capacity: callsPerSecond,
      source: fifoCallsQuota.source,
      raisable: true,
    });
    return { bucket: new TokenBucket(callsPerSecond, callsPerSecond, this.context.kernel.nowUs), meter };
  }
}

/**
 * Which partition a group lives in. Assumption: AWS hashes the group id and spreads partitions as it scales; here their
 * number is that of the full quota.
 */
function hash(load: number, key: number): number {
  let h = Math.imul(key ^ Math.imul(load + 1, 0x9e3779b1), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 15), 0xc2b2ae35);
  return (h ^ (h >>> 13)) >>> 0;
}
