/**
 * Builds behaviours in a small world of their own: real kernel, flow, draws, edges, limits and metrics; only the document and the
 * model builder are left out. Node 0 is a producer, further nodes are added as they are needed.
 */
import type {
  Behavior,
  BehaviorContext,
  BehaviorFactory,
  CallBinding,
  EdgeMeter,
  FaultState,
  Outlet,
  InvokedFunction,
  OutputBinding,
  PolledSource,
  UsageCounter,
} from '#engine/behavior.ts';
import { Flow } from '#engine/flow/flow.ts';
import { imbalance, nodeImbalance } from '#engine/flow/ledger.ts';
import { ParcelList } from '#engine/flow/parcels.ts';
import {
  type Callee,
  type LogPort,
  newReply,
  type Push,
  type QueuePort,
  type Reply,
  type ServedPort,
} from '#engine/flow/ports.ts';
import { DrawStream } from '#engine/kernel/draws.ts';
import { Kernel } from '#engine/kernel/kernel.ts';
import { PRIORITY_FAULT } from '#engine/kernel/priorities.ts';
import { LimitMeter } from '#engine/stats/limit-meter.ts';
import { CounterMetric, GaugeMetric, SampleMetric, type SeriesPlan } from '#engine/stats/metrics.ts';
import { EdgeCallOutlet } from '#engine/worker/call-outlet.ts';
import { EdgeCounts, EdgeOutlet } from '#engine/worker/outlet.ts';
import { compileKeyLaw } from '#engine/workload/keys.ts';
import type { ArrivalSource } from '#engine/workload/source.ts';
import type { LogParams } from '#schema/component.ts';
import { emitSchema } from '#schema/emit.ts';
import type { FaultSpec } from '#schema/faults.ts';
import type { ProtocolId } from '#schema/protocols.ts';
import type { LogEntry, RunLedger } from '#schema/result.ts';

const SECOND_US = 1_000_000;

export interface WorldOptions {
  /** Simulated seconds after time zero; default 86,400. */
  readonly horizonSeconds?: number;
  /** Default 0. */
  readonly preRollSeconds?: number;
  readonly seed?: number;
  /** Account quotas by id. */
  readonly quotas?: Readonly<Record<string, number>>;
  /** Nodes that fit; default 32. */
  readonly maxNodes?: number;
}

/** Where an edge leads: a built node's port, or any push. */
export interface Target {
  readonly node: BuiltNode;
  readonly port: string;
  /** Settings of the edge. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly protocol?: ProtocolId;
}

export interface Wiring {
  readonly outlets?: Readonly<Record<string, readonly Target[]>>;
  /** `emit` is completed with the defaults of the schema. */
  readonly outputs?: Readonly<
    Record<string, readonly { id: string; emit?: Record<string, unknown>; targets: readonly Target[] }[]>
  >;
  /** Calls by port: who answers, on behalf of which node. */
  readonly calls?: Readonly<
    Record<
      string,
      readonly { id: string; emit?: Record<string, unknown>; callees: readonly { node: BuiltNode; callee: Callee }[] }[]
    >
  >;
  /** Logs and queues of other nodes that this node polls, by its own port. */
  readonly polled?: Readonly<Record<string, readonly Target[]>>;
  /** Functions of other nodes that this node invokes, by its own port. */
  readonly invoked?: Readonly<Record<string, readonly Target[]>>;
  readonly inletCounts?: Readonly<Record<string, number>>;
  readonly arrivals?: readonly ArrivalSource[];
  readonly keyPosition?: (load: number, key: number) => number;
}

/** A node of the world with all it has recorded. */
export interface BuiltNode {
  readonly id: string;
  readonly index: number;
  readonly behavior: Behavior;
  readonly faults: FaultState;
  readonly usage: ReadonlyMap<string, UsageCounter>;
  readonly limits: ReadonlyMap<string, LimitMeter>;
  readonly counters: ReadonlyMap<string, CounterMetric>;
  readonly gauges: ReadonlyMap<string, GaugeMetric>;
  readonly samples: ReadonlyMap<string, SampleMetric>;
  readonly log: readonly LogEntry[];
  readonly warnings: readonly string[];
  /** Per edge polled: what was taken. */
  readonly polledEdges: readonly CountingEdge[];
}

/** Sums of an edge meter. */
export class CountingEdge implements EdgeMeter {
  records = 0;
  units = 0;
  requests = 0;
  bytes = 0;
  retriedUnits = 0;
  refusedUnits = 0;
  droppedRecords = 0;

  count(records: number, units: number, requests: number, bytes: number): void {
    this.records += records;
    this.units += units;
    this.requests += requests;
    this.bytes += bytes;
  }

  retried(units: number): void {
    this.retriedUnits += units;
  }

  refused(units: number): void {
    this.refusedUnits += units;
  }

  dropped(records: number): void {
    this.droppedRecords += records;
  }
}

export function noFaults(): FaultState {
  return {
    outage: false,
    invocationErrorRatio: 0,
    recordErrorRatio: 0,
    latencyFactor: 1,
    capacityRatio: 1,
    duplicateRatio: 0,
  };
}

/** Ports by id, typed for a test. */
export function pushOf(node: BuiltNode, port: string): Push {
  return served(node, port, 'push') as Push;
}

export function queueOf(node: BuiltNode, port: string): QueuePort {
  return served(node, port, 'queue') as QueuePort;
}

export function logOf(node: BuiltNode, port: string): LogPort {
  return served(node, port, 'log') as LogPort;
}

function served(node: BuiltNode, port: string, meeting: ServedPort['meeting']): ServedPort {
  const found = node.behavior.inputs[port];
  if (found?.meeting !== meeting) throw new Error(`${node.id} serves no ${meeting} at "${port}"`);
  return found;
}

export class World {
  readonly kernel: Kernel;
  readonly flow: Flow;
  readonly nodes: BuiltNode[] = [];
  /** Deliveries in order: entity, node index, seconds from event to delivery. */
  readonly deliveries: { entity: number; node: number; seconds: number }[] = [];
  private readonly options: WorldOptions;
  private readonly startUs: number;
  private readonly horizonUs: number;
  private readonly shared = new Map<string, unknown>();
  private readonly onCall: number;
  private readonly calls: (() => void)[] = [];
  private entities = 0;
  private edges = 0;
  private hasStarted = false;

  constructor(options: WorldOptions = {}) {
    this.options = options;
    this.startUs = -(options.preRollSeconds ?? 0) * SECOND_US;
    this.horizonUs = (options.horizonSeconds ?? 86_400) * SECOND_US;
    this.kernel = new Kernel(this.startUs);
    this.flow = new Flow(options.maxNodes ?? 32, (p, node, nowUs) => {
      const { store } = this.flow;
      this.deliveries.push({ entity: store.entity[p]!, node, seconds: (nowUs - store.e1[p]!) / SECOND_US });
    });
    this.onCall = this.kernel.register((index) => this.calls[index]!());
    this.nodes.push(this.recorded('producer', { inputs: {} }));
  }

  /** Simulated seconds. */
  get nowSeconds(): number {
    return this.kernel.nowUs / SECOND_US;
  }

  /** Builds a behaviour as a node of this world. */
  add<Config>(id: string, build: BehaviorFactory<Config>, config: Config, wiring: Wiring = {}): BuiltNode {
    if (this.hasStarted) throw new Error('nodes are added before the world runs');
    const node = this.recorded(id, { inputs: {} }) as BuiltNode & { behavior: Behavior };
    this.nodes.push(node);
    node.behavior = build(this.context(node, config, wiring));
    return node;
  }

  /** A node that accepts and delivers everything offered at its port `in`. */
  sink(id: string): BuiltNode {
    const index = this.nodes.length;
    const { flow, kernel } = this;
    const push: Push = {
      meeting: 'push',
      offer(request, _isBatch, reply) {
        Object.assign(reply, newReply());
        while (request.length > 0) {
          const p = request.shift();
          reply.accepted += flow.store.units[p]!;
          flow.transfer(p, index);
          flow.deliver(p, index, kernel.nowUs);
        }
      },
    };
    const node = this.recorded(id, { inputs: { in: push } });
    this.nodes.push(node);
    return node;
  }

  /** A record created now at the producer. */
  record(fields: { bytes?: number; key?: number; entity?: number; load?: number } = {}): number {
    const entity = fields.entity ?? this.entities++;
    return this.flow.create(0, fields.load ?? 0, entity, fields.key ?? -1, fields.bytes ?? 100, this.kernel.nowUs);
  }

  /** Offers parcels to a port; what is not accepted is in `left`. */
  send(push: Push, parcels: readonly number[], isBatch = parcels.length > 1): { reply: Reply; left: ParcelList } {
    const left = new ParcelList(this.flow.store);
    for (const p of parcels) left.push(p);
    const reply = newReply();
    push.offer(left, isBatch, reply);
    return { reply, left };
  }

  /** Runs `action` at a simulated second. */
  at(seconds: number, action: () => void, priority = 30): void {
    this.calls.push(action);
    this.kernel.at(seconds * SECOND_US, this.onCall, this.calls.length - 1, 0, priority);
  }

  /** Changes the faults of a node now and tells it, as a timed fault does. */
  setFaults(node: BuiltNode, faults: Partial<FaultState>): void {
    Object.assign(node.faults, faults);
    const spec: FaultSpec = { id: 'test', node: node.id, startSeconds: 0, durationSeconds: 1, kind: 'outage' };
    node.behavior.fault?.(spec, true);
  }

  /** Links and starts all nodes at the first call; runs to a simulated second. */
  run(untilSeconds: number): void {
    if (!this.hasStarted) {
      this.hasStarted = true;
      for (const { behavior } of this.nodes) behavior.link?.();
      for (const { behavior } of this.nodes) behavior.start?.();
      if (this.startUs < 0) this.at(0, () => this.startRecording(), PRIORITY_FAULT);
    }
    this.kernel.run(untilSeconds * SECOND_US);
  }

  /** Runs to the horizon and books what is booked at the end. */
  finish(): void {
    this.run(this.horizonUs / SECOND_US);
    for (const { behavior } of this.nodes) behavior.finish?.();
  }

  /** Ledger of the run so far. */
  ledger(): RunLedger {
    const inside = this.flow.countInside();
    const total = (name: 'inside' | 'deadLettered' | 'duplicates'): number =>
      inside.reduce((sum, at) => sum + at[name], 0);
    return this.flow.ledger.run(total('inside'), total('deadLettered'), total('duplicates'));
  }

  /** Everything that must be 0: run, nodes, duplicates. */
  imbalances(): readonly number[] {
    const inside = this.flow.countInside();
    const run = this.ledger();
    const { made, delivered, removed, inside: left } = run.duplicates;
    const nodes = this.nodes.map(({ index }) => {
      const at = inside[index]!;
      return nodeImbalance(this.flow.ledger.node(index, at.inside, at.deadLettered));
    });
    return [imbalance(run), made - delivered - removed - left, ...nodes];
  }

  private startRecording(): void {
    this.flow.startRecording();
    for (const node of this.nodes) {
      for (const gauge of node.gauges.values()) gauge.startRecording(this.kernel.nowUs);
      node.behavior.startRecording?.();
    }
  }

  private recorded(id: string, behavior: Behavior): BuiltNode {
    return {
      id,
      index: this.nodes.length,
      behavior,
      faults: noFaults(),
      usage: new Map(),
      limits: new Map(),
      counters: new Map(),
      gauges: new Map(),
      samples: new Map(),
      log: [],
      warnings: [],
      polledEdges: [],
    };
  }

  private outlet(target: Target, bit: number, seed: number): Outlet {
    const { flow, kernel } = this;
    const edge = this.edges++;
    const outlet = new EdgeOutlet({
      edge,
      bit,
      targetNode: target.node.index,
      flow,
      counts: new EdgeCounts(kernel),
      faults: target.node.faults,
      duplicate: new DrawStream(seed, `edge-${edge}`, 'duplicate'),
      isFeedback: false,
      settings: target.settings ?? {},
      ...(target.protocol === undefined ? {} : { protocol: target.protocol }),
    });
    outlet.push = pushOf(target.node, target.port);
    return outlet;
  }

  private callOutlet(target: BuiltNode, callee: Callee, bit: number): EdgeCallOutlet {
    const outlet = new EdgeCallOutlet({
      edge: this.edges++,
      bit,
      targetNode: target.index,
      store: this.flow.store,
      counts: new EdgeCounts(this.kernel),
      faults: target.faults,
    });
    outlet.served = callee;
    return outlet;
  }

  private context<Config>(node: BuiltNode, config: Config, wiring: Wiring): BehaviorContext<Config> {
    const { kernel, flow, options, startUs, horizonUs } = this;
    const seed = options.seed ?? 1;
    const plan: SeriesPlan = { binUs: 60 * SECOND_US, bins: Math.ceil(horizonUs / (60 * SECOND_US)), horizonUs };
    let bits = 0;
    const outlets = mapValues(wiring.outlets ?? {}, (targets) =>
      targets.map((target) => this.outlet(target, bits++, seed)),
    );
    const outputs = mapValues(wiring.outputs ?? {}, (named) =>
      named.map(({ id, emit, targets }): OutputBinding => {
        return {
          id,
          emit: emitSchema.parse(emit ?? {}),
          outlets: targets.map((target) => this.outlet(target, bits++, seed)),
        };
      }),
    );
    const calls = mapValues(wiring.calls ?? {}, (named) =>
      named.map(({ id, emit, callees }): CallBinding => {
        const outlets = callees.map(({ node: target, callee }) => this.callOutlet(target, callee, bits++));
        return { id, emit: emitSchema.parse(emit ?? {}), outlets };
      }),
    );
    return {
      id: node.id,
      node: node.index,
      config,
      kernel,
      flow,
      seed,
      startUs,
      horizonUs,
      arrivals: wiring.arrivals ?? [],
      faults: node.faults,
      keysAt: () => compileKeyLaw({ kind: 'uniform', keys: 1000 }),
      keyPosition: wiring.keyPosition ?? ((load, key) => (((load * 0.37 + (key + 1) * 0.618_034) % 1) + 1) % 1),
      outlets: (port) => outlets[port] ?? [],
      outputs: (port) => outputs[port] ?? [],
      calls: (port) => calls[port] ?? [],
      inletCount: (port) => wiring.inletCounts?.[port] ?? wiring.polled?.[port]?.length ?? 0,
      polled: (port) => this.polled(node, wiring.polled?.[port] ?? []),
      invoked: (port) => this.invoked(node, wiring.invoked?.[port] ?? []),
      draw: (purpose) => new DrawStream(seed, node.id, purpose),
      shared: (name, create) => kept(this.shared, name, create) as ReturnType<typeof create>,
      limit: (declaration) => kept(node.limits, declaration.id, () => new LimitMeter(declaration, node.id, horizonUs)),
      usage: (id) => kept(node.usage, id, () => usageCounter(kernel)),
      counter: (metric) => kept(node.counters, metric, () => new CounterMetric(plan)),
      gauge: (metric) => kept(node.gauges, metric, () => new GaugeMetric(plan, startUs)),
      sample: (metric) => kept(node.samples, metric, () => new SampleMetric(plan)),
      quota: (id, byDefault) => options.quotas?.[id] ?? byDefault,
      log: (level, code, params: LogParams) => {
        (node.log as LogEntry[]).push({ t: this.nowSeconds, node: node.id, level, code, params });
      },
      warn: (code) => (node.warnings as string[]).push(code),
    };
  }

  private invoked(node: BuiltNode, targets: readonly Target[]): readonly InvokedFunction[] {
    return targets.map((target) => {
      const edge = new CountingEdge();
      (node.polledEdges as CountingEdge[]).push(edge);
      const port = target.node.behavior.inputs[target.port];
      if (port?.meeting !== 'invoke') throw new Error(`nothing to invoke at ${target.port}`);
      return { port, edge, targetNode: target.node.index };
    });
  }

  private polled(node: BuiltNode, targets: readonly Target[]): readonly PolledSource[] {
    return targets.map((target) => {
      const edge = new CountingEdge();
      (node.polledEdges as CountingEdge[]).push(edge);
      const port = target.node.behavior.inputs[target.port];
      if (port?.meeting !== 'queue' && port?.meeting !== 'log' && port?.meeting !== 'query')
        throw new Error(`nothing to poll at ${target.port}`);
      return { port, edge, sourceNode: target.node.index };
    });
  }
}

function kept<T>(map: ReadonlyMap<string, T>, name: string, create: () => T): T {
  let value = map.get(name);
  if (value === undefined) {
    value = create();
    (map as Map<string, T>).set(name, value);
  }
  return value;
}

function mapValues<T, U>(
  record: Readonly<Record<string, T>>,
  change: (value: T) => U,
): Readonly<Record<string, U | undefined>> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}

function usageCounter(kernel: Kernel): UsageCounter {
  return {
    total: 0,
    add(quantity) {
      if (kernel.nowUs >= 0) this.total += quantity;
    },
  };
}
