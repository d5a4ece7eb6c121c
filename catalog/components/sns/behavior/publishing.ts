/** The account's quota of messages published in a second, shared by all topics. */
import type { BehaviorContext } from '#engine/behavior.ts';
import type { LimitMeter } from '#engine/stats/limit-meter.ts';
import { TokenBucket } from '#engine/stations/token-bucket.ts';
import { type Config, publishQuota } from '../config.ts';

/** Share of the quota that must be left for messages to come as runs, which are taken or refused whole. */
const ROOM_RATIO = 0.25;

interface AccountQuota {
  readonly bucket: TokenBucket;
  readonly meter: LimitMeter;
}

export class PublishQuota {
  private readonly context: BehaviorContext<Config>;
  private readonly account: AccountQuota;

  constructor(context: BehaviorContext<Config>) {
    this.context = context;
    this.account = context.shared(publishQuota.id, () => accountQuota(context));
  }

  /** So much is left that nothing is refused soon. */
  get isRoomy(): boolean {
    const { bucket } = this.account;
    return bucket.available(this.context.kernel.nowUs) >= ROOM_RATIO * bucket.capacity;
  }

  /** Takes the quota for some messages; false when it is used up. Assumption: a second's worth may come at once. */
  take(messages: number): boolean {
    const { bucket, meter } = this.account;
    const { nowUs } = this.context.kernel;
    if (!bucket.take(messages, nowUs)) {
      meter.refuse(nowUs, messages);
      return false;
    }
    meter.use(nowUs, messages);
    return true;
  }
}

function accountQuota(context: BehaviorContext<Config>): AccountQuota {
  const perSecond = context.quota(publishQuota.id, publishQuota.byDefault);
  return {
    bucket: new TokenBucket(perSecond, perSecond, context.startUs),
    meter: context.limit({
      id: publishQuota.id,
      name: 'messages published by the account',
      unit: 'messages/s',
      kind: 'perSecond',
      capacity: Math.max(1, perSecond),
      source: publishQuota.source,
      raisable: true,
      account: true,
    }),
  };
}
