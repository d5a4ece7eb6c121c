/** Creates the records of its workloads at their instants and sends them on through its outputs. */
import type { BehaviorContext, BehaviorFactory } from '#engine/behavior.ts';
import type { Flow } from '#engine/flow/flow.ts';
import { FLAG_POISON } from '#engine/flow/parcels.ts';
import type { Kernel } from '#engine/kernel/kernel.ts';
import { PRIORITY_ARRIVAL } from '#engine/kernel/priorities.ts';
import { Emitter } from '#engine/stations/emitter.ts';
import { Episode } from '#engine/stations/episode.ts';
import type { CounterMetric, GaugeMetric } from '#engine/stats/metrics.ts';
import type { ArrivalSource } from '#engine/workload/source.ts';
import type { Config } from './config.ts';

const CELL_US = 1_000_000;
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

/** One chain of events per workload: the next record of the cell, then the next cell that has any. */
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
  private cell: number;
  private count = 0;
  private next = 0;
  /** Poison records of this cell, and those that no record has come for yet. */
  private poisons = 0;
  private poisonsDue = 0;

  constructor(context: BehaviorContext<Config>, source: ArrivalSource, sender: RecordSender) {
    const { kernel, startUs, horizonUs } = context;
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

  start(): void {
    this.loadCell();
    if (this.count > 0) this.scheduleArrival(Math.max(this.startUs, this.times[0]!));
    else this.scheduleCell();
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
    do {
      this.cell += 1;
      if (this.cell >= this.lastCell) return;
      this.loadCell();
    } while (this.count === 0);
    this.scheduleArrival(this.times[0]!);
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
