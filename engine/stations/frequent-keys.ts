/** Counters; a key's own traffic is told from that of the keys sharing its counter. */
const SLOTS = 256;
/** When this many are counted, everything is halved: what is long past fades. */
const WINDOW = 2048;
/** A key that leads by fewer than so many records is not told from chance, and taken for none. */
const LEAST = 16;

/**
 * How large a share of the latest traffic its most frequent key has.
 *
 * Each key has one of 256 counters by a hash. In a counter the majority vote of Boyer and Moore runs: the key that holds it
 * counts up, any other counts down, and takes the counter over at zero. A key with a large share ends at its own count less
 * what the others in its counter brought, so the share is underestimated by about 1/256 of the traffic and never overestimated.
 * O(1) per observation, 4 kB. Trade-off: keys below some percent of the traffic are not found; they are not hot.
 */
export class FrequentKeys {
  private readonly keys = new Int32Array(SLOTS);
  private readonly loads = new Int16Array(SLOTS);
  private readonly counts = new Float64Array(SLOTS);
  private total = 0;

  /** One more of a key; keys of different loads are different. Keys below zero (no key) only add to the traffic. */
  observe(load: number, key: number): void {
    if (this.total >= WINDOW) this.halve();
    this.total += 1;
    if (key < 0) return;
    const slot = slotOf(load, key);
    const { keys, loads, counts } = this;
    if (keys[slot] === key && loads[slot] === load) counts[slot] += 1;
    else if (counts[slot] >= 1) counts[slot] -= 1;
    else {
      keys[slot] = key;
      loads[slot] = load;
      counts[slot] = 1 - counts[slot];
    }
  }

  /** `n` more at once, `hot` of them with one key, the most frequent among them; the others are spread over many. */
  observeRun(load: number, key: number, hot: number, n: number): void {
    this.total += n;
    if (key >= 0) {
      const { keys, loads, counts } = this;
      const slot = slotOf(load, key);
      const isHolder = counts[slot] === 0 || (keys[slot] === key && loads[slot] === load);
      const count = counts[slot] + (isHolder ? hot : -hot);
      if (isHolder || count < 0) {
        keys[slot] = key;
        loads[slot] = load;
      }
      // What the others bring to this counter counts against whoever holds it.
      counts[slot] = Math.max(0, Math.abs(count) - (n - hot) / SLOTS);
    }
    while (this.total >= WINDOW) this.halve();
  }

  /** Share of the most frequent key, 0..1; 0 where none leads by enough to be told from chance. O(256). */
  topShareRatio(): number {
    let top = 0;
    for (let slot = 0; slot < SLOTS; slot++) if (this.counts[slot] > top) top = this.counts[slot];
    return top < LEAST ? 0 : top / this.total;
  }

  private halve(): void {
    for (let slot = 0; slot < SLOTS; slot++) this.counts[slot] /= 2;
    this.total /= 2;
  }
}

function slotOf(load: number, key: number): number {
  return (Math.imul(key ^ (load << 24), 0x9e3779b1) >>> 24) & (SLOTS - 1);
}
