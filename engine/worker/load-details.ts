import type { RunDetails } from '#engine/flow/run-details.ts';
import { FIRST_DERIVED } from '#engine/workload/entities.ts';
import type { ArrivalSource } from '#engine/workload/source.ts';

const SECOND_US = 1_000_000;
/** Mean sizes closer to each other than this ratio share one table of billing units. */
const SIZE_STEP = 0.05;
/** Share of a unit that the largest record takes at most for all to take one: less than a step of sizes below it. */
const NEARLY_WHOLE = 0.97;

/** What runs do not carry about their records, from the workloads that made them. */
export class LoadDetails implements RunDetails {
  private readonly sources: () => readonly ArrivalSource[];
  /** Per load: begun units of a record by unit, sizes scaled. */
  private readonly ceils: Map<number, number>[] = [];

  constructor(sources: () => readonly ArrivalSource[]) {
    this.sources = sources;
  }

  keyWithin(load: number, entity: number, eventUs: number, from: number, to: number): number {
    return this.sources()[load]!.keyWithin(entity, Math.floor(eventUs / SECOND_US), from, to);
  }

  haveSameKeys(load: number, fromUs: number, untilUs: number): boolean {
    const source = this.sources()[load]!;
    const first = Math.floor(fromUs / SECOND_US);
    // An interval that ends with a second holds nothing of the next.
    const last = Math.max(first, Math.ceil(untilUs / SECOND_US) - 1);
    return source.keysAt(first) === source.keysAt(last);
  }

  meanCeil(load: number, meanBytes: number, unitBytes: number): number {
    const { sizes } = this.sources()[load]!;
    // No record is larger than one unit.
    if (sizes.maxBytes * meanBytes <= NEARLY_WHOLE * unitBytes * sizes.meanBytes) return 1;
    // A law scaled by f has the units of the law itself for units of 1/f the size.
    const step = Math.round(Math.log(meanBytes / sizes.meanBytes) / SIZE_STEP);
    const unit = Math.max(1, Math.round(unitBytes * Math.exp(-step * SIZE_STEP)));
    const known = (this.ceils[load] ??= new Map<number, number>());
    let mean = known.get(unit);
    if (mean === undefined) {
      mean = sizes.meanCeil(unit);
      known.set(unit, mean);
    }
    return mean;
  }

  variation(load: number, entity: number): number {
    if (entity >= FIRST_DERIVED) return 0;
    const { variance, meanBytes } = this.sources()[load]!.sizes;
    return Math.sqrt(variance) / meanBytes;
  }

  bytesOf(load: number, entity: number, meanBytes: number): number {
    if (entity >= FIRST_DERIVED) return Math.max(1, Math.round(meanBytes));
    const source = this.sources()[load]!;
    return Math.max(1, Math.round((source.bytesOf(entity) * meanBytes) / source.sizes.meanBytes));
  }
}
