/** An outlet for tests: takes as many units as it is told to, keeps them, and remembers every offer. */
import type { Outlet, OutputBinding } from '#engine/behavior.ts';
import { Flow } from '#engine/flow/flow.ts';
import { NONE, ParcelList } from '#engine/flow/parcels.ts';
import type { Reply } from '#engine/flow/ports.ts';
import { DrawStream } from '#engine/kernel/draws.ts';
import { Kernel } from '#engine/kernel/kernel.ts';
import { type EmitListener, Emitter } from '#engine/stations/emitter.ts';
import { emitSchema } from '#schema/emit.ts';

/** Everything offered in one request. */
export interface Offer {
  readonly atUs: number;
  readonly units: number;
  readonly records: number;
  readonly bytes: number;
  readonly accepted: number;
  readonly entities: readonly number[];
  readonly isBatch: boolean;
  readonly isRetry: boolean;
}

export class Target implements Outlet {
  readonly edge = 0;
  readonly bit: number;
  readonly targetNode: number;
  readonly offers: Offer[] = [];
  readonly taken: ParcelList;
  /** Units taken of each offer in turn; everything once the list is used up. */
  readonly script: number[] = [];
  latencyUs = 0;
  retryAfterUs = 0;
  latencyFactor = 1;
  isFeedback = false;
  dropped = 0;
  private readonly world: World;

  constructor(world: World, bit: number, targetNode: number) {
    this.world = world;
    this.bit = bit;
    this.targetNode = targetNode;
    this.taken = new ParcelList(world.flow.store);
  }

  offer(request: ParcelList, isBatch: boolean, reply: Reply, isRetry: boolean): void {
    const { flow, kernel } = this.world;
    const { store } = flow;
    const entities: number[] = [];
    for (let p = request.head; p !== NONE; p = store.next[p]!) {
      let c = store.child[p] === NONE ? p : store.child[p]!;
      for (; c !== NONE; c = c === p ? NONE : store.next[c]!) entities.push(store.entity[c]!);
    }
    const { units, records, bytes } = request;
    const most = this.script.shift() ?? Number.POSITIVE_INFINITY;
    let accepted = 0;
    while (request.head !== NONE && accepted < most) {
      const p = request.shift();
      flow.transfer(p, this.targetNode);
      this.taken.push(p);
      accepted += 1;
    }
    reply.accepted = accepted;
    reply.refused = units - accepted;
    reply.failed = 0;
    reply.latencyUs = this.latencyUs;
    reply.retryAfterUs = this.retryAfterUs;
    this.offers.push({ atUs: kernel.nowUs, units, records, bytes, accepted, entities, isBatch, isRetry });
  }

  predictPartition(): number {
    return 0;
  }

  countDropped(records: number): void {
    this.dropped += records;
  }

  /** Entities of all records taken, in order. */
  get entities(): number[] {
    const { store } = this.world.flow;
    const found: number[] = [];
    for (let p = this.taken.head; p !== NONE; p = store.next[p]!) {
      let c = store.child[p] === NONE ? p : store.child[p]!;
      for (; c !== NONE; c = c === p ? NONE : store.next[c]!) found.push(store.entity[c]!);
    }
    return found;
  }
}

/** A kernel and a flow with node 0 for records at rest, node 1 for the sender, and targets from node 2 on. */
export class World {
  readonly kernel = new Kernel();
  readonly flow: Flow;
  readonly node = 1;
  readonly deliveries: number[] = [];
  private entities = 0;
  private targets = 0;

  constructor(nodes = 8) {
    this.flow = new Flow(nodes, (_parcel, node) => this.deliveries.push(node));
  }

  draw(purpose: string): DrawStream {
    return new DrawStream(1, 'sender', purpose);
  }

  target(): Target {
    const bit = this.targets;
    this.targets += 1;
    return new Target(this, bit, 2 + bit);
  }

  /** An output to some targets; `emit` is completed with the defaults of the schema. */
  output(id: string, targets: readonly Target[], emit: Record<string, unknown> = {}): OutputBinding {
    return { id, emit: emitSchema.parse({ callLatencyMs: 0, ...emit }), outlets: targets };
  }

  /** A record at a node; entities run 0, 1, 2, ... */
  record(node: number, bytes = 100): number {
    const p = this.flow.create(node, 0, this.entities, 3, bytes, this.kernel.nowUs);
    this.entities += 1;
    return p;
  }

  /** Records that rest at node 0, as the units of a batch. */
  batch(n: number, bytes = 100): Int32Array {
    return Int32Array.from({ length: n }, () => this.record(0, bytes));
  }

  settle(units: Int32Array): void {
    for (const unit of units) this.flow.settle(unit, this.node, this.kernel.nowUs);
  }
}

/** Remembers how invocations ended. */
export class Ends implements EmitListener {
  readonly seen: { token: number; ok: boolean; atUs: number }[] = [];
  private readonly world: World;

  constructor(world: World) {
    this.world = world;
  }

  onEmitted(token: number, ok: boolean): void {
    this.seen.push({ token, ok, atUs: this.world.kernel.nowUs });
  }
}

/** A world with one output to one target. */
export function single(emit: Record<string, unknown> = {}): {
  world: World;
  target: Target;
  emitter: Emitter;
  ends: Ends;
} {
  const world = new World();
  const target = world.target();
  return { world, target, emitter: new Emitter(world, [world.output('out', [target], emit)]), ends: new Ends(world) };
}
