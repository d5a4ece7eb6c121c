/** The records of a document's workloads, one after the other: the same arrivals, sizes and keys as in a simulated run. */
import { calendarOf } from '#analysis/calendar.ts';
import { keyName } from '#engine/workload/keys.ts';
import { ArrivalSource } from '#engine/workload/source.ts';
import type { CaudalDocument } from '#schema/document.ts';
import type { Workload } from '#schema/workload.ts';

/** A record to be put in. */
export interface LoadRecord {
  /** Names the record for good: workload and ordinal. */
  readonly id: string;
  /** When it is created, microseconds after simulated time zero. */
  readonly atUs: number;
  readonly key: string;
  /** Bytes that the workload draws for it. */
  readonly bytes: number;
}

/** Records of one workload, second by second. */
export class LoadRecords {
  readonly workload: Workload;
  private readonly source: ArrivalSource;
  private times = new Float64Array(64);

  constructor(document: CaudalDocument, workload: Workload, seed: number) {
    this.workload = workload;
    this.source = new ArrivalSource(
      seed,
      document.workloads.indexOf(workload),
      workload,
      calendarOf(document.account),
      document.faults.filter(({ node }) => node === workload.node),
    );
  }

  /** The records created in [second, second + 1) after time zero, in order of their creation. */
  second(second: number): LoadRecord[] {
    const { source } = this;
    const count = source.arrivals.load(second);
    if (this.times.length < count) this.times = new Float64Array(2 * count);
    source.arrivals.times(this.times);
    const first = source.arrivals.firstOrdinal(second);
    return Array.from({ length: count }, (_, index) => ({
      id: `${source.id}-${(first + index).toString(36)}`,
      atUs: this.times[index] ?? 0,
      key: keyName(source.key(second, index)),
      bytes: source.bytes(second, index),
    }));
  }
}
