/** What a serverless cache takes: a rate that doubles while more than half of it is used, up to a maximum. */
import type { BehaviorContext } from '#engine/behavior.ts';
import { PRIORITY_SAMPLING } from '#engine/kernel/priorities.ts';
import type { LimitMeter } from '#engine/stats/limit-meter.ts';
import { TokenBucket } from '#engine/stations/token-bucket.ts';
import { type Config, serverlessLimits } from '../config.ts';

const SECOND_US = 1_000_000;
/** Share of what it takes from which a cache grows. Assumption: not documented. */
const GROWS_FROM = 0.5;

export class ServerlessRate {
  private readonly context: BehaviorContext<Config>;
  private readonly bucket: TokenBucket;
  private readonly meter: LimitMeter;
  private readonly most: number;
  private readonly onInterval: number;
  private current: number;
  /** ECPU asked for since the last look. */
  private asked = 0;

  constructor(context: BehaviorContext<Config>) {
    const { config, kernel, startUs } = context;
    this.context = context;
    this.most = Math.min(config.maximumEcpuPerSecond, serverlessLimits.mostEcpuPerSecond);
    this.current = Math.min(this.most, Math.max(serverlessLimits.firstEcpuPerSecond, config.minimumEcpuPerSecond));
    this.bucket = new TokenBucket(this.current, this.current, startUs);
    this.meter = context.limit({
      id: 'ecpu',
      name: 'ECPU of the serverless cache',
      unit: 'ECPU/s',
      kind: 'perSecond',
      capacity: this.current,
      source: 'https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Scaling.html',
      raisable: false,
    });
    this.onInterval = kernel.register(() => this.look());
  }

  start(): void {
    this.lookLater();
  }

  /** A throttling fault leaves a share. */
  scale(): void {
    this.configure();
  }

  /** Takes whole ECPU for some commands; false, and nothing taken, when there are not enough. */
  take(ecpus: number): boolean {
    const { nowUs } = this.context.kernel;
    const whole = Math.ceil(ecpus);
    this.asked += whole;
    if (!this.bucket.take(whole, nowUs)) {
      this.meter.refuse(nowUs, whole);
      return false;
    }
    this.meter.use(nowUs, whole);
    return true;
  }

  private look(): void {
    const perSecond = this.asked / this.context.config.scalingIntervalSeconds;
    this.asked = 0;
    if (perSecond > GROWS_FROM * this.current && this.current < this.most) {
      this.current = Math.min(this.most, 2 * this.current);
      this.configure();
    }
    this.lookLater();
  }

  private lookLater(): void {
    const { kernel, config } = this.context;
    kernel.after(config.scalingIntervalSeconds * SECOND_US, this.onInterval, 0, 0, PRIORITY_SAMPLING);
  }

  private configure(): void {
    const { kernel, faults } = this.context;
    const rate = this.current * faults.capacityRatio;
    this.bucket.configure(rate, rate, kernel.nowUs);
    this.meter.capacity = Math.max(1, rate);
  }
}
