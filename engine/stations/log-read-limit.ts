import { TokenBucket } from './token-bucket.ts';

/** Whether a read may go ahead, and if not, which rate is used up. */
export type ReadVerdict = 'admitted' | 'calls' | 'bytes' | 'units';

/**
 * The reading rate of one partition that several pollers share: calls a second, bytes a second and, where wanted, units a second.
 *
 * A poller asks without knowing the size of the answer, so bytes are charged afterwards. An answer that fits into what is
 * left of the byte bucket (one second's worth) costs nothing further; a larger one empties it and shuts the partition for
 * bytes / rate seconds, after which the bucket starts from empty. In the long run no more than the rate passes.
 */
export class LogReadLimit {
  private readonly calls: TokenBucket;
  private readonly bytes: TokenBucket;
  private readonly units: TokenBucket | undefined;

  /** Rates per second; `unitsPerSecond` undefined = not limited. Buckets hold one second's worth and start full. */
  constructor(callsPerSecond: number, bytesPerSecond: number, unitsPerSecond: number | undefined, nowUs: number) {
    this.calls = new TokenBucket(callsPerSecond, callsPerSecond, nowUs);
    this.bytes = new TokenBucket(bytesPerSecond, bytesPerSecond, nowUs);
    if (unitsPerSecond !== undefined) this.units = new TokenBucket(unitsPerSecond, unitsPerSecond, nowUs);
  }

  /** Changes the rates from now on; a rate of 0 refuses every call. */
  configure(callsPerSecond: number, bytesPerSecond: number, unitsPerSecond: number | undefined, nowUs: number): void {
    this.calls.configure(callsPerSecond === 0 ? 0 : Math.max(1, callsPerSecond), callsPerSecond, nowUs);
    this.bytes.configure(bytesPerSecond, bytesPerSecond, nowUs);
    if (unitsPerSecond !== undefined) this.units?.configure(unitsPerSecond, unitsPerSecond, nowUs);
  }

  /** Asks for one call; an admitted one is counted. */
  admit(nowUs: number): ReadVerdict {
    if (this.bytes.refillPerSecond === 0 || this.bytes.available(nowUs) < 0) return 'bytes';
    if (this.units !== undefined && this.units.available(nowUs) < 1) return 'units';
    return this.calls.take(1, nowUs) ? 'admitted' : 'calls';
  }

  /** Units that an admitted call may return at most. */
  unitsLeft(nowUs: number): number {
    return this.units === undefined ? Number.POSITIVE_INFINITY : this.units.available(nowUs);
  }

  /** Charges what an admitted call returned. */
  charge(units: number, bytes: number, nowUs: number): void {
    this.units?.spend(units, nowUs);
    if (bytes > 0 && !this.bytes.take(bytes, nowUs)) this.bytes.owe(bytes, nowUs);
  }
}
