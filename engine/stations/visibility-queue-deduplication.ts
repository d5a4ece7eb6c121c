/**
 * Remembers which records came in during the last `windowUs`, so that a second copy can be recognised. A record is named by
 * its workload and its entity. O(1) amortised per record; memory grows with the records of one window.
 */
const FIRST_CAPACITY = 1024;

export class RecentRecords {
  private readonly windowUs: number;
  private readonly seen = new Map<number, Map<number, number>>();
  /** Ring of what was noted, oldest first. */
  private loads = new Int16Array(FIRST_CAPACITY);
  private entities = new Float64Array(FIRST_CAPACITY);
  private times = new Float64Array(FIRST_CAPACITY);
  private first = 0;
  private count = 0;

  /** `windowUs` > 0, microseconds. */
  constructor(windowUs: number) {
    this.windowUs = windowUs;
  }

  /** Records remembered at present. */
  get size(): number {
    return this.count;
  }

  /** Whether the record came within the window before `nowUs`. */
  has(load: number, entity: number, nowUs: number): boolean {
    const seenUs = this.seen.get(load)?.get(entity);
    return seenUs !== undefined && nowUs - seenUs < this.windowUs;
  }

  /** Remembers the record from `nowUs` on; a record remembered already keeps its first time. */
  note(load: number, entity: number, nowUs: number): void {
    this.forget(nowUs);
    let ofLoad = this.seen.get(load);
    if (ofLoad === undefined) {
      ofLoad = new Map();
      this.seen.set(load, ofLoad);
    }
    if (ofLoad.has(entity)) return;
    ofLoad.set(entity, nowUs);
    if (this.count === this.times.length) this.grow();
    const at = (this.first + this.count) % this.times.length;
    this.loads[at] = load;
    this.entities[at] = entity;
    this.times[at] = nowUs;
    this.count++;
  }

  private forget(nowUs: number): void {
    while (this.count > 0 && nowUs - this.times[this.first] >= this.windowUs) {
      this.seen.get(this.loads[this.first])?.delete(this.entities[this.first]);
      this.first = (this.first + 1) % this.times.length;
      this.count--;
    }
  }

  private grow(): void {
    const size = this.times.length * 2;
    const loads = new Int16Array(size);
    const entities = new Float64Array(size);
    const times = new Float64Array(size);
    for (let i = 0; i < this.count; i++) {
      const at = (this.first + i) % this.times.length;
      loads[i] = this.loads[at];
      entities[i] = this.entities[at];
      times[i] = this.times[at];
    }
    this.loads = loads;
    this.entities = entities;
    this.times = times;
    this.first = 0;
  }
}
