/** Creates the records of its workloads at their instants and sends them on through its outputs. */
import type { BehaviorContext, BehaviorFactory } from '#engine/behavior.ts';
import { FLAG_POISON } from '#engine/flow/parcels.ts';
import { PRIORITY_ARRIVAL } from '#engine/kernel/priorities.ts';
import { Emitter } from '#engine/stations/emitter.ts';
import { Episode } from '#engine/stations/episode.ts';
import type { ArrivalSource } from '#engine/workload/source.ts';
import type { Config } from './config.ts';

const CELL_US = 1_000_000;
/** Time without a loss after which the producer has room again, microseconds. */
const QUIET_US = 60_000_000;

export const build: BehaviorFactory<Config> = (context) => {
  const producers = context.arrivals.reduce((most, source) => Math.max(most, source.producers), 1);
  const waiting = context.gauge('RecordsWaiting');
  let shown = 0;
  const onHeldChange = (): void => {
    if (emitter.heldRecords === shown) return;
    shown = emitter.heldRecords;
    waiting.set(context.kernel.nowUs, shown);
  };
  const emitter = new Emitter({ ...context, onHeldChange }, context.outputs('output'), producers);
  const overflow = overflowOf(context);
  const sender = recordSender(context, emitter, overflow, onHeldChange);
  const starters = context.arrivals.map((source) => schedule(context, source, sender));
  return {
    inputs: {},
    start() {
      for (const begin of starters) begin();
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

/** Creates one record and hands it to the emitter, unless the producer is full. */
type RecordSender = (source: ArrivalSource, cell: number, index: number, isPoison: boolean) => void;

function recordSender(
  context: BehaviorContext<Config>,
  emitter: Emitter,
  overflow: Episode,
  onHeldChange: () => void,
): RecordSender {
  const { flow, kernel, node, config } = context;
  const created = context.counter('RecordsCreated');
  const createdBytes = context.counter('BytesCreated');
  const limit = config.maxRecordsWaiting ?? Number.POSITIVE_INFINITY;
  return (source, cell, index, isPoison) => {
    const bytes = source.bytes(cell, index);
    const entity = source.arrivals.firstOrdinal(cell) + index;
    const p = flow.create(node, source.load, entity, source.key(cell, index), bytes, kernel.nowUs);
    if (isPoison) flow.store.flags[p]! |= FLAG_POISON;
    created.add(kernel.nowUs, 1);
    createdBytes.add(kernel.nowUs, bytes);
    if (limit < Number.POSITIVE_INFINITY && emitter.heldRecords >= limit) {
      overflow.mark(1);
      flow.drop(p, 'producer-buffer-full');
      return;
    }
    emitter.forward(p);
    onHeldChange();
  };
}

/** One chain of events per workload: the next record of the cell, then the next cell that has any. */
function schedule(context: BehaviorContext<Config>, source: ArrivalSource, send: RecordSender): () => void {
  const { kernel, startUs, horizonUs } = context;
  let times = new Float64Array(1024);
  let cell = Math.floor(startUs / CELL_US);
  let count = 0;
  let next = 0;
  /** Poison records of this cell, and those that no record has come for yet. */
  let poisons = 0;
  let poisonsDue = 0;
  const lastCell = Math.ceil(horizonUs / CELL_US);

  const loadCell = (): void => {
    count = source.arrivals.load(cell);
    if (count > times.length) times = new Float64Array(2 * count);
    source.arrivals.times(times);
    poisonsDue += source.poisonCount(cell);
    poisons = Math.min(count, poisonsDue);
    poisonsDue -= poisons;
    next = 0;
  };
  const nextCell = kernel.register(() => {
    do {
      cell += 1;
      if (cell >= lastCell) return;
      loadCell();
    } while (count === 0);
    kernel.at(times[0]!, arrival, 0, 0, PRIORITY_ARRIVAL);
  });
  const arrival = kernel.register(() => {
    const index = next;
    next += 1;
    if (next < count) kernel.at(times[next]!, arrival, 0, 0, PRIORITY_ARRIVAL);
    else kernel.at((cell + 1) * CELL_US, nextCell, 0, 0, 0);
    send(source, cell, index, index < poisons);
  });
  return () => {
    loadCell();
    if (count > 0) kernel.at(Math.max(startUs, times[0]!), arrival, 0, 0, PRIORITY_ARRIVAL);
    else kernel.at((cell + 1) * CELL_US, nextCell, 0, 0, 0);
  };
}
