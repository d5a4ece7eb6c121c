/** Creates the records of its workloads at their instants and sends them on through its outputs. */
import type { BehaviorContext, BehaviorFactory } from '#engine/behavior.ts';
import type { Flow } from '#engine/flow/flow.ts';
import { FLAG_PACED, FLAG_POISON } from '#engine/flow/parcels.ts';
import type { Kernel } from '#engine/kernel/kernel.ts';
import { PRIORITY_ARRIVAL, PRIORITY_SAMPLING } from '#engine/kernel/priorities.ts';
import { Emitter } from '#engine/stations/emitter.ts';
import { Episode } from '#engine/stations/episode.ts';
import type { CounterMetric, GaugeMetric } from '#engine/stats/metrics.ts';
import type { ArrivalSource } from '#engine/workload/source.ts';
import type { Config } from './config.ts';

const CELL_US = 1_000_000;
/** Records of a second from which they travel in a run. */
const FEWEST_IN_RUN = 16;
/** Time without a loss after which the producer has room again, microseconds. */
const QUIET_US = 60_000_000;

export const build: BehaviorFactory<Config> = (context) => {
  const sender = new RecordSender(context);
  const schedules = context.arrivals.map((source) => new Schedule(context, source, sender));
  return {
    inputs: {},
    start() {
      for (const schedule of schedules) schedule.start();
    },
  };
};

/** Records lost because the producer was full, as one episode of the log. */
function overflowOf(context: BehaviorContext<Config>): Episode {
  const limit = context.config.maxRecordsWaiting ?? 0;
  return new Episode(context.kernel, QUIET_US, {
    onBegan: () => context.log('error', 'traffic-source/buffer-full', { limit }),
    onEnded: (lost) => context.log('info', 'traffic-source/buffer-has-room', { lost }),
  });
}

/** Creates records and hands them to the emitter, unless the producer is full. */
class RecordSender {
  private readonly kernel: Kernel;
  private readonly flow: Flow;
  private readonly node: number;
  private readonly emitter: Emitter;
  private readonly created: CounterMetric;
  private readonly createdBytes: CounterMetric;
  private readonly waiting: GaugeMetric;
  private readonly limit: number;
  private readonly overflow: Episode;
  private readonly takesRuns: boolean;
  private shown = 0;

  constructor(context: BehaviorContext<Config>) {
    const { arrivals, config, kernel } = context;
    this.kernel = kernel;
    this.flow = context.flow;
    this.node = context.node;
    const producers = arrivals.reduce((most, source) => Math.max(most, source.producers), 1);
    this.waiting = context.gauge('RecordsWaiting');
    const onHeldChange = (): void => this.showHeld();
    this.emitter = new Emitter({ ...context, onHeldChange }, context.outputs('output'), producers);
    const isShared = arrivals.some((source) => source.arrivals.dispersion === 0 && source.producers > 1);
    this.takesRuns = this.emitter.takesCells(arrivals.length === 1 && !isShared);
    this.created = context.counter('RecordsCreated');
    this.createdBytes = context.counter('BytesCreated');
    this.limit = config.maxRecordsWaiting ?? Number.POSITIVE_INFINITY;
    this.overflow = overflowOf(context);
  }

  /** A new record of a workload, now. */
  send(load: number, entity: number, key: number, bytes: number, isPoison: boolean): void {
    const { flow, emitter, limit } = this;
    const { nowUs } = this.kernel;
    const p = flow.create(this.node, load, entity, key, bytes, nowUs);
    if (isPoison) flow.store.flags[p]! |= FLAG_POISON;
    this.created.add(nowUs, 1);
    this.createdBytes.add(nowUs, bytes);
    if (limit < Number.POSITIVE_INFINITY && emitter.heldRecords >= limit) this.lose(p);
    else {
      emitter.forward(p);
      if (emitter.heldRecords !== this.shown) this.showHeld();
    }
  }

  /** Whether `count` new records of a second may travel in runs. */
  admitsRun(count: number): boolean {
    const { emitter, limit, takesRuns } = this;
    return takesRuns && (limit === Number.POSITIVE_INFINITY || emitter.heldRecords + count < limit);
  }

  /** New records that come over `spanUs` from `fromUs` on. */
  sendRun(source: ArrivalSource, entity: number, count: number, bytes: number, fromUs: number, spanUs: number): void {
    const { flow, emitter } = this;
    const { nowUs } = this.kernel;
    const p = flow.createRun(this.node, source.load, entity, count, bytes, fromUs, spanUs);
    if (source.arrivals.dispersion === 0) flow.store.flags[p]! |= FLAG_PACED;
    this.created.add(nowUs, count);
    this.createdBytes.add(nowUs, bytes);
    emitter.sendCell(p);
    if (emitter.heldRecords !== this.shown) this.showHeld();
  }

  private lose(p: number): void {
    this.overflow.mark(1);
    this.flow.drop(p, 'producer-buffer-full');
  }

  private showHeld(): void {
    const held = this.emitter.heldRecords;
    if (held === this.shown) return;
    this.shown = held;
    this.waiting.set(this.kernel.nowUs, held);
  }
}

/**
 * One chain of events per workload: the next record of the cell, then the next cell that has any. Where that is allowed (fidelity
 * `auto`) and nothing tells the records of a cell apart, they leave at its beginning as runs over the time to come.
 */
class Schedule {
  private readonly kernel: Kernel;
  private readonly startUs: number;
  private readonly source: ArrivalSource;
  private readonly load: number;
  private readonly sender: RecordSender;
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
  /** Runs of a second are created at its beginning: after whatever sums up the second before. */
  private readonly cellPriority: number;
  /** No fault begins or ends within a cell. */
  private readonly isSteady: (cell: number) => boolean;
  private cell: number;
  private count = 0;
  private next = 0;
  /** Poison records of this cell, and those that no record has come for yet. */
  private poisons = 0;
  private poisonsDue = 0;

  constructor(context: BehaviorContext<Config>, source: ArrivalSource, sender: RecordSender) {
    const { kernel, startUs, horizonUs, cellUs } = context;
    this.isSteady = (cell) => context.isSteady?.(cell * CELL_US, (cell + 1) * CELL_US) ?? true;
    this.parts = new Int32Array(cellUs === undefined ? 0 : partsOf(cellUs));
    this.cellPriority = cellUs === undefined ? 0 : PRIORITY_SAMPLING;
    this.kernel = kernel;
    this.startUs = startUs;
    this.source = source;
    this.load = source.load;
    this.sender = sender;
    this.cell = Math.floor(startUs / CELL_US);
    this.lastCell = Math.ceil(horizonUs / CELL_US);
    this.onCell = kernel.register(() => this.nextCell());
    this.onArrival = kernel.register(() => this.arrival());
  }

  /** The first cell begins with an event like the others, so that recording may begin before it. */
  start(): void {
    this.cell -= 1;
    this.kernel.at(this.startUs, this.onCell, 0, 0, this.cellPriority);
  }

  private arrival(): void {
    const index = this.next;
    this.next = index + 1;
    if (index + 1 < this.count) this.scheduleArrival(this.times[index + 1]!);
    else this.scheduleCell();
    const entity = this.firstEntity + index;
    this.sender.send(this.load, entity, this.keys[index]!, this.bytes[index]!, index < this.poisons);
  }

  private nextCell(): void {
    this.cell += 1;
    if (this.cell >= this.lastCell) return;
    this.begin();
    if (this.next === this.count) this.scheduleCell();
    else this.scheduleArrival(Math.max(this.startUs, this.times[0]!));
  }

  /** Begins the cell whose time has come: its records leave as runs, or stand ready to come one by one. */
  private begin(): void {
    const { source, cell, parts, sender } = this;
    const count = source.arrivals.load(cell);
    const poisons = source.poisonCount(cell);
    this.poisonsDue += poisons;
    const isPlain = this.poisonsDue === 0 && count >= FEWEST_IN_RUN && source.arrivals.isEven && this.isSteady(cell);
    if (parts.length > 0 && isPlain && sender.admitsRun(count)) {
      this.sendRuns();
      this.count = 0;
      this.next = 0;
    } else if (count > 0) this.loadCell(count);
    else this.next = this.count = 0;
  }

  private sendRuns(): void {
    const { source, cell, parts, sender } = this;
    const spanUs = CELL_US / parts.length;
    const first = source.arrivals.firstOrdinal(cell);
    let index = 0;
    source.arrivals.subCounts(31 - Math.clz32(parts.length), parts);
    for (let i = 0; i < parts.length; i++) {
      const count = parts[i]!;
      if (count === 0) continue;
      const bytes = source.sumBytes(cell, index, count);
      sender.sendRun(source, first + index, count, bytes, cell * CELL_US + i * spanUs, spanUs);
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
    for (let i = 0; i < count; i++) bytes[i] = source.bytes(cell, i);
    for (let i = 0; i < count; i++) keys[i] = source.key(cell, i);
    this.firstEntity = source.arrivals.firstOrdinal(cell);
    this.count = count;
    this.poisons = Math.min(count, this.poisonsDue);
    this.poisonsDue -= this.poisons;
    this.next = 0;
  }

  private scheduleArrival(timeUs: number): void {
    this.kernel.at(timeUs, this.onArrival, 0, 0, PRIORITY_ARRIVAL);
  }

  /** The next cell that has records: those without need no event, only what is due in them is kept. */
  private scheduleCell(): void {
    const { source } = this;
    while (this.cell + 1 < this.lastCell && source.arrivals.load(this.cell + 1) === 0) {
      this.cell += 1;
      this.poisonsDue += source.poisonCount(this.cell);
    }
    this.kernel.at((this.cell + 1) * CELL_US, this.onCell, 0, 0, this.cellPriority);
  }
}

/** Into how many parts a cell is divided for runs of at most `runUs`: a power of 2, at most 64. */
function partsOf(runUs: number): number {
  let parts = 1;
  while (parts < 64 && CELL_US / parts > runUs) parts *= 2;
  return parts;
}
