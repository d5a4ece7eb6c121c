/**
 * The records of a workload, one event each: at its instant a record is handed on with its identity, key and size.
 * Arrivals are drawn per second, so that every variant of a design sees the same ones. No allocation per record.
 */
import type { Kernel } from '#engine/kernel/kernel.ts';
import { PRIORITY_ARRIVAL } from '#engine/kernel/priorities.ts';
import type { ArrivalSource } from '#engine/workload/source.ts';

const CELL_US = 1_000_000;

/** Takes the records of a workload as they come. */
export interface LoadListener {
  onArrival(load: number, entity: number, key: number, bytes: number, isPoison: boolean): void;
}

/** When a run begins and ends. */
export interface LoadEnvironment {
  readonly kernel: Kernel;
  readonly startUs: number;
  readonly horizonUs: number;
}

export class LoadSchedule {
  private readonly kernel: Kernel;
  private readonly startUs: number;
  private readonly source: ArrivalSource;
  private readonly listener: LoadListener;
  private readonly lastCell: number;
  private readonly onCell: number;
  private readonly onArrival: number;
  /** The records of the cell in hand, drawn together: a tight loop is quicker. */
  private times = new Float64Array(1024);
  private bytes = new Float64Array(1024);
  private keys = new Int32Array(1024);
  private firstEntity = 0;
  private cell: number;
  private count = 0;
  private next = 0;
  /** Poison records of this cell, and those that no record has come for yet. */
  private poisons = 0;
  private poisonsDue = 0;

  constructor({ kernel, startUs, horizonUs }: LoadEnvironment, source: ArrivalSource, listener: LoadListener) {
    this.kernel = kernel;
    this.startUs = startUs;
    this.source = source;
    this.listener = listener;
    this.cell = Math.floor(startUs / CELL_US);
    this.lastCell = Math.ceil(horizonUs / CELL_US);
    this.onCell = kernel.register(() => this.nextCell());
    this.onArrival = kernel.register(() => this.arrival());
  }

  /** Begins at the start of the run. */
  start(): void {
    this.loadCell();
    if (this.count > 0) this.scheduleArrival(Math.max(this.startUs, this.times[0]));
    else this.scheduleCell();
  }

  private arrival(): void {
    const index = this.next;
    this.next = index + 1;
    if (index + 1 < this.count) this.scheduleArrival(this.times[index + 1]);
    else this.scheduleCell();
    const { keys, bytes, firstEntity, source } = this;
    this.listener.onArrival(source.load, firstEntity + index, keys[index], bytes[index], index < this.poisons);
  }

  private nextCell(): void {
    do {
      this.cell += 1;
      if (this.cell >= this.lastCell) return;
      this.loadCell();
    } while (this.count === 0);
    this.scheduleArrival(this.times[0]);
  }

  private loadCell(): void {
    const { source, cell } = this;
    const count = source.arrivals.load(cell);
    if (count > this.times.length) {
      this.times = new Float64Array(2 * count);
      this.bytes = new Float64Array(2 * count);
      this.keys = new Int32Array(2 * count);
    }
    const { times, bytes, keys } = this;
    source.arrivals.times(times);
    for (let i = 0; i < count; i++) bytes[i] = source.bytes(cell, i);
    for (let i = 0; i < count; i++) keys[i] = source.key(cell, i);
    this.firstEntity = source.arrivals.firstOrdinal(cell);
    this.count = count;
    this.poisonsDue += source.poisonCount(cell);
    this.poisons = Math.min(count, this.poisonsDue);
    this.poisonsDue -= this.poisons;
    this.next = 0;
  }

  private scheduleArrival(timeUs: number): void {
    this.kernel.at(timeUs, this.onArrival, 0, 0, PRIORITY_ARRIVAL);
  }

  private scheduleCell(): void {
    this.kernel.at((this.cell + 1) * CELL_US, this.onCell, 0, 0, 0);
  }
}
