/**
 * Remembers which records came in during the last `windowUs`, so that a second copy can be recognised. A record is named by
 * its workload and its entity; where the body counts too, by its size as well. O(1) amortised per record; memory grows with
 * the records of one window.
 */
const FIRST_CAPACITY = 1024;

export class RecentRecords {
  private readonly windowUs: number;
  private readonly comparesSize: boolean;
  /** Per workload: entity -> number of the note. */
  private readonly seen = new Map<number, Map<number, number>>();
  /** Ring of notes, addressed by number modulo its size, a power of two. */
  private loads = new Int16Array(FIRST_CAPACITY);
  private entities = new Float64Array(FIRST_CAPACITY);
  private sizes = new Float64Array(FIRST_CAPACITY);
  private times = new Float64Array(FIRST_CAPACITY);
  private first = 0;
  private end = 0;

  /** `windowUs` > 0, microseconds. `comparesSize`: copies of another size are other records. */
  constructor(windowUs: number, comparesSize: boolean) {
    this.windowUs = windowUs;
    this.comparesSize = comparesSize;
  }

  /** Notes remembered at present. */
  get size(): number {
    return this.end - this.first;
  }

  /** Whether the record came within the window before `nowUs`. */
  has(load: number, entity: number, bytes: number, nowUs: number): boolean {
    const note = this.seen.get(load)?.get(entity);
    if (note === undefined) return false;
    const at = note % this.times.length;
    return nowUs - this.times[at] < this.windowUs && (!this.comparesSize || this.sizes[at] === bytes);
  }

  /** Remembers the record from `nowUs` on. */
  note(load: number, entity: number, bytes: number, nowUs: number): void {
    this.forget(nowUs);
    if (this.size === this.times.length) this.grow();
    const at = this.end % this.times.length;
    this.loads[at] = load;
    this.entities[at] = entity;
    this.sizes[at] = bytes;
    this.times[at] = nowUs;
    let ofLoad = this.seen.get(load);
    if (ofLoad === undefined) {
      ofLoad = new Map();
      this.seen.set(load, ofLoad);
    }
    ofLoad.set(entity, this.end++);
  }

  private forget(nowUs: number): void {
    for (; this.first < this.end; this.first++) {
      const at = this.first % this.times.length;
      if (nowUs - this.times[at] < this.windowUs) return;
      const ofLoad = this.seen.get(this.loads[at]);
      if (ofLoad?.get(this.entities[at]) === this.first) ofLoad.delete(this.entities[at]);
    }
  }

  private grow(): void {
    const size = this.times.length * 2;
    const loads = new Int16Array(size);
    const entities = new Float64Array(size);
    const sizes = new Float64Array(size);
    const times = new Float64Array(size);
    for (let note = this.first; note < this.end; note++) {
      const from = note % this.times.length;
      const to = note % size;
      loads[to] = this.loads[from];
      entities[to] = this.entities[from];
      sizes[to] = this.sizes[from];
      times[to] = this.times[from];
    }
    this.loads = loads;
    this.entities = entities;
    this.sizes = sizes;
    this.times = times;
  }
}
