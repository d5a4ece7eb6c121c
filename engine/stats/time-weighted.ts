/**
 * Mean and maximum of a quantity that holds its value between changes (queue length, busy servers, utilisation).
 * Times in microseconds, never going back. O(1) per change, no allocation.
 */
export class TimeWeighted {
  private level = 0;
  private highest = 0;
  private area = 0;
  private startUs: number;
  private lastUs: number;

  /** Begins at `startUs` with the value 0. */
  constructor(startUs: number) {
    this.startUs = startUs;
    this.lastUs = startUs;
  }

  /** Present value. */
  get value(): number {
    return this.level;
  }

  /** Largest value held since the start or the last reset. */
  get max(): number {
    return this.highest;
  }

  /** Sets the value from `nowUs` on. */
  set(nowUs: number, value: number): void {
    this.area += this.level * (nowUs - this.lastUs);
    this.lastUs = nowUs;
    this.level = value;
    if (value > this.highest) this.highest = value;
  }

  /** Changes the value by `delta` from `nowUs` on. */
  add(nowUs: number, delta: number): void {
    this.set(nowUs, this.level + delta);
  }

  /** Value times microseconds from the start or last reset to `nowUs`. */
  integral(nowUs: number): number {
    return this.area + this.level * (nowUs - this.lastUs);
  }

  /** Time-weighted mean from the start or last reset to `nowUs`; the present value when no time has passed. */
  mean(nowUs: number): number {
    const spanUs = nowUs - this.startUs;
    return spanUs > 0 ? this.integral(nowUs) / spanUs : this.level;
  }

  /** Forgets the past (end of a pre-roll or warm-up): the value is kept, mean and maximum start anew at `nowUs`. */
  reset(nowUs: number): void {
    this.area = 0;
    this.startUs = nowUs;
    this.lastUs = nowUs;
    this.highest = this.level;
  }
}
