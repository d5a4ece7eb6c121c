/** Who may run how much at once: the account's pool, reserved and provisioned concurrency, and their meters. */
import type { BehaviorContext } from '#engine/behavior.ts';
import type { LimitMeter } from '#engine/stats/limit-meter.ts';
import { ElasticPool, REFUSED_CAPACITY, REFUSED_RATE } from '#engine/stations/elastic-pool.ts';
import { PoolCapacity } from '#engine/stations/elastic-pool-capacity.ts';
import { accountConcurrency, type Config, leastUnreserved } from '../config.ts';

const SECOND_US = 1_000_000;
const concurrencyPage = 'https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html';
const scalingPage = 'https://docs.aws.amazon.com/lambda/latest/dg/scaling-behavior.html';

/** The account's concurrency that is not reserved, one per run. */
interface AccountPool {
  readonly capacity: PoolCapacity;
  readonly meter: LimitMeter;
  readonly requests: LimitMeter;
}

/** The pool of one function's environments with the meters of what limits it. */
export class Concurrency {
  readonly pool: ElasticPool;
  private readonly context: BehaviorContext<Config>;
  private readonly capacity: PoolCapacity;
  private readonly account: AccountPool;
  private readonly isReserved: boolean;
  private readonly level: LimitMeter;
  private readonly requests: LimitMeter;
  private readonly creation: LimitMeter;

  constructor(context: BehaviorContext<Config>) {
    const { config, startUs } = context;
    const { reservedConcurrentExecutions: reserved, provisionedConcurrentExecutions: provisioned } = config;
    this.context = context;
    this.isReserved = reserved !== undefined;
    this.account = context.shared(accountConcurrency.id, () => accountPool(context));
    if (!this.account.capacity.withhold(reserved ?? provisioned)) context.warn('lambda/too-much-reserved');
    const perSecond = config.requestsPerConcurrency;
    // Provisioned environments are part of a reservation, so only the rest of it is for environments made on demand.
    this.capacity =
      reserved === undefined ? this.account.capacity : new PoolCapacity(reserved - provisioned, perSecond, startUs);
    this.level = reserved === undefined ? this.account.meter : reservedMeter(context, reserved);
    this.requests = reserved === undefined ? this.account.requests : requestMeter(context, reserved * perSecond, false);
    this.creation = context.limit({
      id: 'concurrency-scaling',
      name: 'environments added within 10 s',
      unit: 'environments',
      kind: 'level',
      capacity: config.concurrencyScalingPer10Seconds,
      source: scalingPage,
      raisable: false,
    });
    this.pool = new ElasticPool({
      capacity: this.capacity,
      provisioned,
      provisionedRequestsPerServer: perSecond,
      creationBurst: config.concurrencyScalingPer10Seconds,
      creationsPerSecond: config.concurrencyScalingPer10Seconds / 10,
      keepAliveMinUs: config.idleTimeoutMinSeconds * SECOND_US,
      keepAliveMaxUs: config.idleTimeoutMaxSeconds * SECOND_US,
      lifetimeMinUs: config.environmentLifetimeSeconds * 0.5 * SECOND_US,
      lifetimeMaxUs: config.environmentLifetimeSeconds * 1.5 * SECOND_US,
      keepAlive: context.draw('keepAlive'),
      lifetime: context.draw('environmentLifetime'),
      startUs,
    });
  }

  /** An environment was taken. */
  onStarted(wasCreated: boolean, isMetered: boolean): void {
    const { nowUs } = this.context.kernel;
    this.onLevel();
    if (isMetered) this.requests.use(nowUs, 1);
    if (wasCreated) this.creation.set(nowUs, this.pool.creationTokensUsed(nowUs));
  }

  /** The number of busy environments has changed. */
  onLevel(): void {
    const { nowUs } = this.context.kernel;
    this.account.meter.set(nowUs, this.account.capacity.claimed);
    if (this.isReserved) this.level.set(nowUs, this.pool.busy);
  }

  /** Books a refusal and returns the id of the limit. */
  onRefused(reason: number): string {
    const meter = reason === REFUSED_CAPACITY ? this.level : reason === REFUSED_RATE ? this.requests : this.creation;
    meter.refuse(this.context.kernel.nowUs, 1);
    return meter.declaration.id;
  }
}

function accountPool(context: BehaviorContext<Config>): AccountPool {
  const total = context.quota(accountConcurrency.id, accountConcurrency.byDefault);
  const { requestsPerConcurrency } = context.config;
  return {
    capacity: new PoolCapacity(total, requestsPerConcurrency, context.startUs, leastUnreserved),
    meter: context.limit({
      id: accountConcurrency.id,
      name: 'concurrent executions of the account',
      unit: 'environments',
      kind: 'level',
      capacity: total,
      source: accountConcurrency.source.url,
      raisable: true,
      account: true,
    }),
    requests: requestMeter(context, total * requestsPerConcurrency, true),
  };
}

function reservedMeter(context: BehaviorContext<Config>, capacity: number): LimitMeter {
  return context.limit({
    id: 'reserved-concurrency',
    name: 'reserved concurrency',
    unit: 'environments',
    kind: 'level',
    capacity,
    source: concurrencyPage,
    raisable: true,
  });
}

function requestMeter(context: BehaviorContext<Config>, capacity: number, account: boolean): LimitMeter {
  return context.limit({
    id: account ? 'lambda/requests' : 'request-rate',
    name: 'synchronous requests',
    unit: 'requests/s',
    kind: 'perSecond',
    capacity,
    source: concurrencyPage,
    raisable: true,
    account,
  });
}
