/** The limit that elastic pools may share: how many servers are busy at once, and how many requests come in a second. */
import { TokenBucket } from './token-bucket.ts';

export class PoolCapacity {
  /** Servers that may be busy at once. */
  total: number;
  /** Servers that are. */
  busy = 0;
  /** Requests: `requestsPerServer` a second for each server of `total`; one second's worth can be kept. */
  readonly requests: TokenBucket;
  private readonly requestsPerServer: number;
  private readonly startUs: number;
  private readonly whole: number;
  private readonly floor: number;
  private withheld = 0;

  /** `floor`: what `withhold` never goes below (or `total`, if that is smaller). */
  constructor(total: number, requestsPerServer: number, startUs: number, floor = 0) {
    this.whole = total;
    this.total = total;
    this.floor = Math.min(floor, total);
    this.requestsPerServer = requestsPerServer;
    this.startUs = startUs;
    this.requests = new TokenBucket(total * requestsPerServer, total * requestsPerServer, startUs);
  }

  /** Sets servers aside for others while the model is built. False when that would go below the floor. */
  withhold(servers: number): boolean {
    this.withheld += servers;
    const left = this.whole - this.withheld;
    this.total = Math.max(left, this.floor);
    const perSecond = this.total * this.requestsPerServer;
    this.requests.configure(perSecond, perSecond, this.startUs);
    return left >= this.floor;
  }
}
