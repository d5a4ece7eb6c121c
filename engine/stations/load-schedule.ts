/**
 * The records of a workload: one event each, at its instant, with its identity, key and size. Where runs are allowed (fidelity `auto`),
 * nothing tells the records of a second apart and the listener admits them, they are handed on at its beginning as runs over the time
 * to come. Arrivals are drawn per second, so that every variant of a design sees the same ones. No allocation per record.
 */
import type { Kernel } from '#engine/kernel/kernel.ts';
import { PRIORITY_ARRIVAL, PRIORITY_SAMPLING } from '#engine/kernel/priorities.ts';
import type { ArrivalSource } from '#engine/workload/source.ts';

/** Length of a cell, microseconds: cells begin on whole seconds. */
export const CELL_US = 1_000_000;
/** Records of a second from which they travel in a run. */
const FEWEST_IN_RUN = 16;
/** Parts of a cell at most, a power of 2. */
const MOST_PARTS = 64;

/** Takes the records of a workload as they come. */
export interface LoadListener {
  onArrival(load: number, entity: number, key: number, bytes: number, isPoison: boolean): void;
  /** Whether `count` new records of the cell that begins now may come as runs. */
  admitsRun(source: ArrivalSource, count: number): boolean;
  /** New records that come over `spanUs` from `fromUs` on, which may be just before now; `entity`: of the first, the others follow it. */
  onRun(source: ArrivalSource, entity: number, count: number, bytes: number, fromUs: number, spanUs: number): void;
}

/** When a run of the simulation begins and ends, and whether records may travel together: see BehaviorContext. */
export interface LoadEnvironment {
  readonly kernel: Kernel;
  readonly startUs: number;
  readonly horizonUs: number;
  readonly cellUs?: number;
  isSteady?(fromUs: number, untilUs: number): boolean;
}

/** One chain of events: the next record of the cell, then the next cell that has any. */
export class LoadSchedule {
  private readonly env: LoadEnvironment;
  private readonly kernel: Kernel;
  private readonly source: ArrivalSource;
  private readonly listener: LoadListener;
  private readonly lastCell: number;
  private readonly onCell: number;
  private readonly onArrival: number;
  /** The records of the cell: when they come, how large they are, which key they carry. Drawn together: a tight loop is quicker. */
  private times = new Float64Array(1024);
  private bytes = new Float64Array(1024);
  private keys = new Int32Array(1024);
  private firstEntity = 0;
  /** Counts of the parts of a cell that travel in one run each; empty where records travel one by one. */
  private readonly parts: Int32Array;
  /** When the records of a run come, after the cell begins, and over how long. */
  private readonly clock = new Float64Array(2);
  /** Runs of a second are created at its beginning: after whatever sums up the second before. */
  private readonly cellPriority: number;
  private cell: number;
  private count = 0;
  private next = 0;
  /** Poison records of this cell, and those that no record has come for yet. */
  private poisons = 0;
  private poisonsDue = 0;

  constructor(env: LoadEnvironment, source: ArrivalSource, listener: LoadListener) {
    const { cellUs, horizonUs, kernel, startUs } = env;
    this.env = env;
    this.kernel = kernel;
    this.source = source;
    this.listener = listener;
    this.parts = new Int32Array(cellUs === undefined ? 0 : partsOf(cellUs));
    this.cellPriority = cellUs === undefined ? 0 : PRIORITY_SAMPLING;
    this.cell = Math.floor(startUs / CELL_US);
    this.lastCell = Math.ceil(horizonUs / CELL_US);
    this.onCell = kernel.register(() => this.begin());
    this.onArrival = kernel.register(() => this.arrival());
  }

  /** The first cell begins with an event like the others, so that recording may begin before it. */
  start(): void {
    this.kernel.at(this.env.startUs, this.onCell, 0, 0, this.cellPriority);
  }

  private arrival(): void {
    const index = this.next;
    this.next = index + 1;
    if (index + 1 < this.count) this.scheduleArrival(this.times[index + 1]);
    else this.scheduleCell();
    const { keys, bytes, firstEntity, source } = this;
    this.listener.onArrival(source.load, firstEntity + index, keys[index], bytes[index], index < this.poisons);
  }

  /** Begins the cell whose time has come: its records leave as runs, or stand ready to come one by one. */
  private begin(): void {
    const { cell, source } = this;
    const count = source.arrivals.load(cell);
    this.poisonsDue += source.poisonCount(cell);
    if (this.maySendRuns(count)) this.sendRuns();
    else if (count > 0) {
      this.loadCell(count);
      this.scheduleArrival(Math.max(this.env.startUs, this.times[0]));
      return;
    }
    this.scheduleCell();
  }

  private maySendRuns(count: number): boolean {
    const { cell, env, source } = this;
    if (this.parts.length === 0 || count < FEWEST_IN_RUN || this.poisonsDue > 0 || !source.arrivals.isEven)
      return false;
    // No fault begins or ends within the cell.
    const isSteady = env.isSteady?.(cell * CELL_US, (cell + 1) * CELL_US) ?? true;
    return isSteady && this.listener.admitsRun(source, count);
  }

  private sendRuns(): void {
    const { source, cell, listener, parts, clock } = this;
    const { arrivals } = source;
    const isPaced = arrivals.dispersion === 0;
    const spanUs = CELL_US / parts.length;
    const first = arrivals.firstOrdinal(cell);
    let index = 0;
    arrivals.subCounts(31 - Math.clz32(parts.length), parts);
    for (let i = 0; i < parts.length; i++) {
      const count = parts[i];
      if (count === 0) continue;
      const bytes = source.meanSum(count);
      if (isPaced) arrivals.pacedSpan(index, count, clock);
      else {
        clock[0] = i * spanUs;
        clock[1] = spanUs;
      }
      listener.onRun(source, first + index, count, bytes, cell * CELL_US + clock[0], clock[1]);
      index += count;
    }
  }

  private loadCell(count: number): void {
    const { source, cell } = this;
    if (count > this.times.length) {
      this.times = new Float64Array(2 * count);
      this.bytes = new Float64Array(2 * count);
      this.keys = new Int32Array(2 * count);
    }
    const { times, bytes, keys } = this;
    source.arrivals.times(times);
    source.fill(cell, count, bytes, keys);
    this.firstEntity = source.arrivals.firstOrdinal(cell);
    this.count = count;
    this.poisons = Math.min(count, this.poisonsDue);
    this.poisonsDue -= this.poisons;
    this.next = 0;
  }

  private scheduleArrival(timeUs: number): void {
    this.kernel.post(timeUs, this.onArrival, 0, 0, PRIORITY_ARRIVAL);
  }

  /** Seconds in which nothing comes take no event; poison records that were due in them come later. */
  private scheduleCell(): void {
    const { lastCell, source } = this;
    this.cell += 1;
    while (this.cell < lastCell && source.arrivals.load(this.cell) === 0) {
      this.poisonsDue += source.poisonCount(this.cell);
      this.cell += 1;
    }
    if (this.cell < lastCell) this.kernel.at(this.cell * CELL_US, this.onCell, 0, 0, this.cellPriority);
  }
}

/** Into how many parts a cell is divided for runs of at most `runUs`: a power of 2. */
function partsOf(runUs: number): number {
  let parts = 1;
  while (parts < MOST_PARTS && CELL_US / parts > runUs) parts *= 2;
  return parts;
}
