/** A visibility queue by itself, with a kernel, a flow and an owner that writes down what it is told. */
import { Flow } from '#engine/flow/flow.ts';
import { imbalance, nodeImbalance } from '#engine/flow/ledger.ts';
import { DrawStream } from '#engine/kernel/draws.ts';
import { Kernel } from '#engine/kernel/kernel.ts';
import { VisibilityQueue } from '#engine/stations/visibility-queue.ts';
import type { VisibilityQueueOptions } from '#engine/stations/visibility-queue-owner.ts';
import type { RunLedger } from '#schema/result.ts';

export const SECOND = 1_000_000;
export const PRODUCER = 0;
const QUEUE = 1;
export const CONSUMER = 2;
const RESTING = 3;

export interface Bench {
  readonly kernel: Kernel;
  readonly flow: Flow;
  readonly queue: VisibilityQueue;
  readonly seen: { returned: number; expired: number; moved: { sentUs: number; receives: number }[] };
  acceptsMoved: boolean;
}

const benches: Bench[] = [];

export function bench(options: Partial<VisibilityQueueOptions> = {}): Bench {
  const kernel = new Kernel();
  const flow = new Flow(4, () => undefined);
  const seen: Bench['seen'] = { returned: 0, expired: 0, moved: [] };
  const queue: VisibilityQueue = new VisibilityQueue(
    kernel,
    flow,
    QUEUE,
    {
      visibilityTimeoutUs: 30 * SECOND,
      delayUs: 0,
      retentionUs: 345_600 * SECOND,
      inFlightLimit: 120_000,
      maxReceives: 0,
      isGrouped: false,
      lateDeletes: true,
      survivalRatio: 0,
      survival: new DrawStream(1, 'queue', 'survival'),
      ...options,
    },
    {
      onLevels: () => undefined,
      onReturned: (messages) => {
        seen.returned += messages;
      },
      onExpired: (messages) => {
        seen.expired += messages;
      },
      onExhausted: (parcel, sentUs, receives) => {
        if (!made.acceptsMoved) return false;
        seen.moved.push({ sentUs, receives });
        flow.transfer(parcel, RESTING);
        flow.markDeadLettered(parcel, true);
        return true;
      },
    },
  );
  const made: Bench = { kernel, flow, queue, seen, acceptsMoved: true };
  benches.push(made);
  return made;
}

/** Sends records 0, 1, 2, ... now; keys as given. */
export function send({ kernel, flow, queue }: Bench, entities: readonly number[], keys: readonly number[] = []): void {
  entities.forEach((entity, i) => {
    queue.put(flow.create(PRODUCER, 0, entity, keys[i] ?? -1, 100, kernel.nowUs), kernel.nowUs);
  });
}

/** One receive: its receipts, and the entities behind them. */
export function receive({ flow, queue }: Bench, max = 10): { receipts: Int32Array; entities: number[] } {
  const receipts = new Int32Array(max);
  const count = queue.receive(max, receipts);
  const taken = receipts.slice(0, count);
  return { receipts: taken, entities: [...taken].map((receipt) => flow.store.entity[queue.parcelOf(receipt)]!) };
}

/** The attempt delivers the message and deletes it. */
export function succeed({ flow, queue, kernel }: Bench, receipt: number): void {
  flow.deliverEffect(queue.parcelOf(receipt), CONSUMER, kernel.nowUs);
  queue.delete(receipt);
}

export function ledger({ flow }: Bench): RunLedger {
  const inside = flow.countInside();
  const sum = (name: 'inside' | 'deadLettered' | 'duplicates') => inside.reduce((total, at) => total + at[name], 0);
  return flow.ledger.run(sum('inside'), sum('deadLettered'), sum('duplicates'));
}

/** Everything that must be 0 in all benches made since the last call: runs, nodes, duplicates. */
export function imbalances(): number[] {
  return benches.splice(0).flatMap((each) => {
    const run = ledger(each);
    const { made, delivered, removed, inside } = run.duplicates;
    const nodes = each.flow.countInside().map((at, node) => {
      return nodeImbalance(each.flow.ledger.node(node, at.inside, at.deadLettered));
    });
    return [imbalance(run), made - delivered - removed - inside, ...nodes];
  });
}
