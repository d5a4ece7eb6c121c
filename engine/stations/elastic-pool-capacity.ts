/** The limit that elastic pools may share: how many servers are busy at once, and how many requests come in a second. */
import { TokenBucket } from './token-bucket.ts';

export class PoolCapacity {
  /** Servers that may be busy at once. */
  total: number;
  /** Servers that are. */
  busy = 0;
  /** Requests: `requestsPerServer` a second for each server there was at first; one second's worth can be kept. */
  readonly requests: TokenBucket;
  private readonly whole: number;
  private readonly floor: number;
  private withheld = 0;

  /** `floor`: what `withhold` never goes below (or `total`, if that is smaller). */
  constructor(total: number, requestsPerServer: number, startUs: number, floor = 0) {
    this.whole = total;
    this.total = total;
    this.floor = Math.min(floor, total);
    this.requests = new TokenBucket(total * requestsPerServer, total * requestsPerServer, startUs);
  }

  /** Servers busy here or set aside for others. */
  get claimed(): number {
    return this.busy + this.withheld;
  }

  /** Sets servers aside for others while the model is built. False when that would go below the floor. */
  withhold(servers: number): boolean {
    this.withheld += servers;
    const left = this.whole - this.withheld;
    this.total = Math.max(left, this.floor);
    return left >= this.floor;
  }
}
