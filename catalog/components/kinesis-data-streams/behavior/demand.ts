import { loadRatio } from './shard.ts';

const SECOND_US = 1_000_000;

/**
 * How many shards the load would fill: what is offered for the first time, refused or not, in the busiest second of a minute.
 * Retries are not counted: they ask again for what was asked for before. O(1) per record.
 */
export class Demand {
  private second = Number.NEGATIVE_INFINITY;
  private units = 0;
  private bytes = 0;
  private peak = 0;

  /** A record was offered for the first time; `bytes` as the write limit counts them. */
  observe(nowUs: number, units: number, bytes: number): void {
    const second = Math.floor(nowUs / SECOND_US);
    if (second !== this.second) {
      this.closeSecond();
      this.second = second;
    }
    this.units += units;
    this.bytes += bytes;
  }

  /** Shards that the busiest second since the last call would have filled. */
  takePeak(): number {
    this.closeSecond();
    const { peak } = this;
    this.peak = 0;
    return peak;
  }

  private closeSecond(): void {
    this.peak = Math.max(this.peak, loadRatio(this.units, this.bytes));
    this.units = 0;
    this.bytes = 0;
  }
}
