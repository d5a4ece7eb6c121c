/** A small world around a sender: real kernel, flow and draws; targets that take what the test tells them to take. */
import type { Outlet } from '#engine/behavior.ts';
import { Flow } from '#engine/flow/flow.ts';
import { imbalance, nodeImbalance } from '#engine/flow/ledger.ts';
import { NONE, ParcelList, type ParcelStore } from '#engine/flow/parcels.ts';
import { newReply, type Reply } from '#engine/flow/ports.ts';
import { DrawStream } from '#engine/kernel/draws.ts';
import { Kernel } from '#engine/kernel/kernel.ts';
import type { SenderEnvironment } from '#engine/stations/sender.ts';
import type { RunLedger } from '#schema/result.ts';

/** One call as the target saw it. */
export interface SeenCall {
  readonly ms: number;
  readonly isBatch: boolean;
  readonly isRetry: boolean;
  readonly units: readonly SeenUnit[];
}

export interface SeenUnit {
  readonly bytes: number;
  readonly entities: readonly number[];
  readonly isTaken: boolean;
}

/** Takes, delivers and notes; `takes` says which units. */
export class StubOutlet implements Outlet {
  readonly calls: SeenCall[] = [];
  readonly edge = 0;
  readonly bit = 0;
  readonly targetNode: number;
  latencyMs = 0;
  dropped = 0;
  takes: (unit: number, store: ParcelStore) => boolean = () => true;
  takesRuns: () => boolean = () => false;
  partition: (parcel: number, store: ParcelStore) => number = () => 0;
  private readonly world: SenderWorld;
  private readonly refused: ParcelList;

  constructor(world: SenderWorld, targetNode: number) {
    this.world = world;
    this.targetNode = targetNode;
    this.refused = new ParcelList(world.flow.store);
  }

  /** Units of all calls in order. */
  get units(): readonly SeenUnit[] {
    return this.calls.flatMap(({ units }) => units);
  }

  offer(request: ParcelList, isBatch: boolean, reply: Reply, isRetry: boolean): void {
    const { flow, kernel } = this.world;
    const { store } = flow;
    Object.assign(reply, newReply(), { latencyUs: this.latencyMs * 1000 });
    const units: SeenUnit[] = [];
    for (let unit = request.shift(); unit !== NONE; unit = request.shift()) {
      const isTaken = this.takes(unit, store);
      units.push({ bytes: store.bytes[unit] ?? 0, entities: entitiesOf(unit, store), isTaken });
      if (isTaken) {
        reply.accepted += 1;
        flow.transfer(unit, this.targetNode);
        flow.deliver(unit, this.targetNode, kernel.nowUs);
      } else {
        reply.refused += 1;
        this.refused.push(unit);
      }
    }
    request.append(this.refused);
    this.calls.push({ ms: kernel.nowUs / 1000, isBatch, isRetry, units });
  }

  predictPartition(parcel: number): number {
    return this.partition(parcel, this.world.flow.store);
  }

  countDropped(records: number): void {
    this.dropped += records;
  }
}

/** Node 0 sends; nodes 1, 2, ... are targets. */
export class SenderWorld implements SenderEnvironment {
  readonly kernel = new Kernel();
  readonly node = 0;
  readonly flow = new Flow(8, (p, node) => {
    this.delivered.push({ entity: this.flow.store.entity[p] ?? -1, node });
  });
  readonly delivered: { entity: number; node: number }[] = [];
  private readonly actions: (() => void)[] = [];
  private readonly onAction = this.kernel.register((index) => this.actions[index]?.());
  private entities = 0;

  draw(purpose: string): DrawStream {
    return new DrawStream(1, 'sender', purpose);
  }

  record(bytes = 100, entity = this.entities++): number {
    return this.flow.create(0, 0, entity, -1, bytes, this.kernel.nowUs);
  }

  at(ms: number, action: () => void): void {
    this.actions.push(action);
    this.kernel.at(ms * 1000, this.onAction, this.actions.length - 1, 0, 30);
  }

  run(untilMs: number): void {
    this.kernel.run(untilMs * 1000);
  }

  ledger(): RunLedger {
    const found = this.flow.countInside();
    const sum = (name: 'inside' | 'deadLettered' | 'duplicates') => found.reduce((total, at) => total + at[name], 0);
    return this.flow.ledger.run(sum('inside'), sum('deadLettered'), sum('duplicates'));
  }

  /** Everything that must be zero: run, duplicates, nodes. */
  imbalances(): number[] {
    const run = this.ledger();
    const { made, delivered, removed, inside } = run.duplicates;
    const nodes = this.flow
      .countInside()
      .map((at, index) => nodeImbalance(this.flow.ledger.node(index, at.inside, at.deadLettered)));
    return [imbalance(run), made - delivered - removed - inside, ...nodes].filter((n) => n !== 0);
  }
}

function entitiesOf(unit: number, store: ParcelStore): number[] {
  const child = store.child[unit] ?? NONE;
  if (child === NONE) return [store.entity[unit] ?? -1];
  const entities: number[] = [];
  for (let p = child; p !== NONE; p = store.next[p] ?? NONE) entities.push(store.entity[p] ?? -1);
  return entities;
}
