/** Creates the records of its workloads at their instants and sends them on through its outputs. */
import type { BehaviorContext, BehaviorFactory } from '#engine/behavior.ts';
import type { Flow } from '#engine/flow/flow.ts';
import { FLAG_PACED, FLAG_POISON } from '#engine/flow/parcels.ts';
import type { Kernel } from '#engine/kernel/kernel.ts';
import { Emitter } from '#engine/stations/emitter.ts';
import { Episode } from '#engine/stations/episode.ts';
import type { WaitListener } from '#engine/stations/cell-buffers.ts';
import { type LoadListener, LoadSchedule } from '#engine/stations/load-schedule.ts';
import type { CounterMetric, GaugeMetric } from '#engine/stats/metrics.ts';
import type { ArrivalSource } from '#engine/workload/source.ts';
import type { Config } from './config.ts';

/** Time without a loss after which the producer has room again, microseconds. */
const QUIET_US = 60_000_000;

export const build: BehaviorFactory<Config> = (context) => {
  const sender = new RecordSender(context);
  const schedules = context.arrivals.map((source) => new LoadSchedule(context, source, sender));
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
class RecordSender implements LoadListener {
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
    const onWaited: WaitListener = (...waited) => this.showWaited(...waited);
    this.emitter = new Emitter({ ...context, onHeldChange, onWaited }, context.outputs('output'), producers);
    const isShared = arrivals.some((source) => source.arrivals.dispersion === 0 && source.producers > 1);
    this.takesRuns = this.emitter.takesCells(arrivals.length === 1 && !isShared);
    this.created = context.counter('RecordsCreated');
    this.createdBytes = context.counter('BytesCreated');
    this.limit = config.maxRecordsWaiting ?? Number.POSITIVE_INFINITY;
    this.overflow = overflowOf(context);
  }

  /** A new record of a workload, now. */
  onArrival(load: number, entity: number, key: number, bytes: number, isPoison: boolean): void {
    const { flow, emitter, limit } = this;
    const { nowUs } = this.kernel;
    const p = flow.create(this.node, load, entity, key, bytes, nowUs);
    if (isPoison) flow.store.flags[p]! |= FLAG_POISON;
    this.created.add(nowUs, 1);
    this.createdBytes.add(nowUs, bytes);
    if (limit < Number.POSITIVE_INFINITY && emitter.heldRecords >= limit) this.lose(p);
    else {
      emitter.forward(p);
      this.showHeld();
    }
  }

  /** Whether `count` new records of a second may travel in runs. */
  admitsRun(_source: ArrivalSource, count: number): boolean {
    const { emitter, limit, takesRuns } = this;
    return takesRuns && (limit === Number.POSITIVE_INFINITY || emitter.heldRecords + count < limit);
  }

  /** New records that come over `spanUs` from `fromUs` on. */
  onRun(source: ArrivalSource, entity: number, count: number, bytes: number, fromUs: number, spanUs: number): void {
    const { flow, emitter } = this;
    const { nowUs } = this.kernel;
    const p = flow.createRun(this.node, source.load, entity, count, bytes, fromUs, spanUs);
    if (source.arrivals.dispersion === 0) flow.store.flags[p]! |= FLAG_PACED;
    this.created.add(nowUs, count);
    this.createdBytes.add(nowUs, bytes);
    emitter.sendCell(p);
    this.showHeld();
  }

  private lose(p: number): void {
    this.overflow.mark(1);
    this.flow.drop(p, 'producer-buffer-full');
  }

  /** What waits in runs for a call to fill is not in the level, which changes only when records come or go singly. */
  private showWaited(fromUs: number, toUs: number, area: number, leaving: number): void {
    this.waiting.addArea(fromUs, toUs, area, this.emitter.heldRecords + leaving);
  }

  private showHeld(): void {
    const held = this.emitter.steadyRecords;
    if (held === this.shown) return;
    this.shown = held;
    this.waiting.set(this.kernel.nowUs, held);
  }
}
