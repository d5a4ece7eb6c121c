/** A workload as a behaviour sees it: when records come, how large they are, which key they carry. */
import { DrawStream } from '#engine/kernel/draws.ts';
import type { FaultSpec } from '#schema/faults.ts';
import type { Workload } from '#schema/workload.ts';
import { ArrivalStream, cellCounter } from './arrivals.ts';
import { ENTITIES_PER_CELL, FIRST_JOINED } from './entities.ts';
import { compileKeyLaw, type KeySpace, withHotKey } from './keys.ts';
import { type CalendarStart, compileProfile } from './profile.ts';
import { compileSizeLaw, type SizeLaw } from './sizes.ts';

/** Draws for a key within a stretch of the ring where there is no table of keys; one of 1/200 is found by 500 with a chance of 92 %. */
const KEY_DRAWS = 500;

/** A stretch of time in which records are different, whole seconds of simulated time. */
interface Window {
  readonly startSeconds: number;
  readonly endSeconds: number;
}

/** Everything drawn about the records of one workload, named by the workload's id (common random numbers). */
export class ArrivalSource {
  /** Index of the workload in the document. */
  readonly load: number;
  readonly id: string;
  readonly arrivals: ArrivalStream;
  readonly sizes: SizeLaw;
  readonly keys: KeySpace;
  /** Producers that share the load. */
  readonly producers: number;
  private readonly sizeDraw: DrawStream;
  private readonly keyDraw: DrawStream;
  private readonly hotKeys: readonly (Window & { keys: KeySpace })[];
  private readonly poisons: readonly (Window & { count: number })[];

  /** `faults`: those placed on the node that the workload is attached to. */
  constructor(seed: number, load: number, workload: Workload, calendar: CalendarStart, faults: readonly FaultSpec[]) {
    this.load = load;
    this.id = workload.id;
    this.producers = workload.producers;
    const spikes = faults.filter((fault) => fault.kind === 'trafficSpike');
    const profile = compileProfile(workload.arrivals, calendar);
    this.arrivals = new ArrivalStream(
      seed,
      workload.id,
      profile,
      spikes.map((fault) => ({ ...windowOf(fault), factor: fault.factor })),
    );
    this.sizes = compileSizeLaw(workload.recordSize);
    this.keys = compileKeyLaw(workload.partitionKey);
    this.sizeDraw = new DrawStream(seed, workload.id, 'sizes');
    this.keyDraw = new DrawStream(seed, workload.id, 'keys');
    this.hotKeys = faults
      .filter((fault) => fault.kind === 'hotKey')
      .map((fault) => ({ ...windowOf(fault), keys: withHotKey(this.keys, fault.shareRatio) }));
    this.poisons = faults
      .filter((fault) => fault.kind === 'poisonRecord')
      .map((fault) => ({ ...windowOf(fault), count: fault.count }));
  }

  /** Bytes of record `index` of one-second cell `cell`. */
  bytes(cell: number, index: number): number {
    return this.sizes.sample(this.sizeDraw, cellCounter(cell), index);
  }

  /** Key index of the record; during a hot-key fault its share of the records takes key 0. */
  key(cell: number, index: number): number {
    return this.keysAt(cell).sample(this.keyDraw, cellCounter(cell), index);
  }

  /** Writes sizes and keys of the first `count` records of a cell: see `bytes` and `key`. */
  fill(cell: number, count: number, bytes: Float64Array, keys: Int32Array): void {
    const { sizes, sizeDraw, keyDraw } = this;
    const space = this.keysAt(cell);
    const counter = cellCounter(cell);
    for (let i = 0; i < count; i++) bytes[i] = sizes.sample(sizeDraw, counter, i);
    for (let i = 0; i < count; i++) keys[i] = space.sample(keyDraw, counter, i);
  }

  /** The keys of records created in a cell. */
  keysAt(cell: number): KeySpace {
    for (const window of this.hotKeys) if (cell >= window.startSeconds && cell < window.endSeconds) return window.keys;
    return this.keys;
  }

  /**
   * Key of a record named by its identity, among those at positions `from` <= x < `to` of the ring: its own where that lies there,
   * else another one by the same law, drawn from a table of the keys. Without a table, the heaviest there if many draws find none.
   */
  keyWithin(entity: number, cell: number, from: number, to: number): number {
    const keys = this.keysAt(cell);
    const counter = Math.floor(entity / ENTITIES_PER_CELL);
    const index = entity - counter * ENTITIES_PER_CELL;
    if (from <= 0 && to >= 1) return keys.sample(this.keyDraw, counter, index);
    // Joined records have no key of their own.
    if (entity < FIRST_JOINED) {
      const own = keys.sample(this.keyDraw, counter, index);
      const place = keys.position(own);
      if (place >= from && place < to) return own;
    }
    const other = keys.pickInRange(this.keyDraw.uniformPair(counter, index + ENTITIES_PER_CELL), from, to);
    if (other >= 0) return other;
    for (let attempt = 1; attempt < KEY_DRAWS; attempt++) {
      const key = keys.sample(this.keyDraw, counter, index + attempt * ENTITIES_PER_CELL);
      const position = keys.position(key);
      if (position >= from && position < to) return key;
    }
    return keys.heaviestIn(from, to).keyIndex;
  }

  /** Bytes of a record named by its identity. */
  bytesOf(entity: number): number {
    const counter = Math.floor(entity / ENTITIES_PER_CELL);
    return this.sizes.sample(this.sizeDraw, counter, entity - counter * ENTITIES_PER_CELL);
  }

  /** Mean bytes of `count` records together, whole. */
  meanSum(count: number): number {
    return Math.round(count * this.sizes.meanBytes);
  }

  /** Cells that carry poison records: the fault's count, spread evenly over its window; how many in this cell. */
  poisonCount(cell: number): number {
    let count = 0;
    for (const window of this.poisons) {
      // Whole cells only: nothing before the fault's beginning may change.
      const first = Math.ceil(window.startSeconds);
      const length = Math.max(1, Math.ceil(window.endSeconds) - first);
      const k = cell - first;
      if (k < 0 || k >= length) continue;
      count += Math.floor(((k + 1) * window.count) / length) - Math.floor((k * window.count) / length);
    }
    return count;
  }
}

function windowOf(fault: FaultSpec): Window {
  return { startSeconds: fault.startSeconds, endSeconds: fault.startSeconds + fault.durationSeconds };
}
