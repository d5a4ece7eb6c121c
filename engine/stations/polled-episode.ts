/**
 * An episode of trouble: it begins with the first occurrence and ends when none has come for a while. Turns a stream of
 * refusals or losses into two entries of a log. O(1), no allocation. Times in microseconds.
 */
export class PolledEpisode {
  private readonly quietUs: number;
  private lastUs = Number.NEGATIVE_INFINITY;
  private startUs = Number.NaN;
  private count = 0;

  /** `quietUs`: time without an occurrence that ends it, > 0. */
  constructor(quietUs: number) {
    this.quietUs = quietUs;
  }

  get isOpen(): boolean {
    return !Number.isNaN(this.startUs);
  }

  /** Occurrences of the present episode, or of the last one. */
  get total(): number {
    return this.count;
  }

  /** `amount` occurrences at `nowUs`; true when an episode begins with them. */
  note(nowUs: number, amount: number): boolean {
    const begins = !this.isOpen;
    if (begins) {
      this.startUs = nowUs;
      this.count = 0;
    }
    this.lastUs = nowUs;
    this.count += amount;
    return begins;
  }

  /** True once, when the episode has been quiet for long enough; to be asked from time to time. */
  hasEnded(nowUs: number): boolean {
    if (!this.isOpen || nowUs - this.lastUs < this.quietUs) return false;
    this.startUs = Number.NaN;
    return true;
  }
}
