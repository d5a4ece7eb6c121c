/** What a behaviour is and what it is given. Behaviours choose stations, parameters and routes; they build no parcels. */
import type { LogParams } from '#schema/component.ts';
import type { Emit } from '#schema/emit.ts';
import type { FaultSpec } from '#schema/faults.ts';
import type { ProtocolId } from '#schema/protocols.ts';
import type { Flow } from './flow/flow.ts';
import type { ParcelList } from './flow/parcels.ts';
import type {
  CallReply,
  CallRequest,
  Callee,
  InvocationCallee,
  LogPort,
  QueryPort,
  QueuePort,
  Reply,
  ServedPort,
} from './flow/ports.ts';
import type { DrawStream } from './kernel/draws.ts';
import type { Kernel } from './kernel/kernel.ts';
import type { LimitDeclaration, LimitMeter } from './stats/limit-meter.ts';
import type { CounterMetric, GaugeMetric, SampleMetric } from './stats/metrics.ts';
import type { KeySpace } from './workload/keys.ts';
import type { ArrivalSource } from './workload/source.ts';

/** One edge as its source sees it: offers are counted, faults of the target applied. */
export interface Outlet {
  /** Index of the edge in the document. */
  readonly edge: number;
  /** Effect bit of this edge at its source node, 0..29. */
  readonly bit: number;
  readonly targetNode: number;
  /** Callee's own mean latency is in the reply; refused and failed units stay in the request. */
  offer(request: ParcelList, isBatch: boolean, reply: Reply, isRetry: boolean): void;
  /** Hands one unit over now, or answers false and has done nothing: see Push. */
  offerOne?(parcel: number): boolean;
  /** The partition of the target that a parcel would go to now; 0 when the target has none. */
  predictPartition(parcel: number): number;
  /** Whether runs may be offered at this moment: see Push. False when left out. */
  takesRuns?(): boolean;
  /** Offers runs that come over the time from now on; what is not taken stays in the request: see Push. */
  offerCell?(request: ParcelList): void;
  /** The target takes such runs. False when left out. Known once the model is built. */
  readonly takesCells?: boolean;
  /** Counts records given up on at this edge. */
  countDropped(records: number): void;
  /** The edge lies on a cycle: what leaves by it may come round again. False when left out. */
  readonly isFeedback?: boolean;
  /** Factor on the latency of calls at this moment, from a fault of the target. 1 when left out. */
  readonly latencyFactor?: number;
  /** Settings of the edge, where its connection has some that the source goes by. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Id of the edge. */
  readonly id?: string;
  /** Language of the edge. */
  readonly protocol?: ProtocolId | undefined;
}

/** One call edge as its source sees it: requests are counted, faults of the target applied. */
export interface CallOutlet {
  /** Index of the edge in the document. */
  readonly edge: number;
  /** Effect bit of this edge at its source node, 0..29. */
  readonly bit: number;
  readonly targetNode: number;
  /** Factor on the latency of calls at this moment, from a fault of the target. */
  readonly latencyFactor: number;
  /** See Callee. */
  readonly isAskedAfter: boolean;
  call(request: CallRequest, reply: CallReply, isRetry: boolean): void;
  /** See Callee. */
  onEnded(record: number, wasLeftOut: boolean, kept: boolean): void;
}

/** An output of a port of kind call: how it is asked, and who. */
export interface CallBinding {
  readonly id: string;
  readonly emit: Emit;
  readonly outlets: readonly CallOutlet[];
}

/** An output named by the user: what is emitted there and where it goes. */
export interface OutputBinding {
  readonly id: string;
  readonly emit: Emit;
  readonly outlets: readonly Outlet[];
}

/** What is wrong with the node at this moment; changed by timed faults. */
export interface FaultState {
  outage: boolean;
  /** Share of invocations that fail, 0..1. */
  invocationErrorRatio: number;
  /** Share of records that fail, 0..1. */
  recordErrorRatio: number;
  /** Factor on service times and latencies. */
  latencyFactor: number;
  /** Share of capacity left, 0..1. */
  capacityRatio: number;
  /** Share of accepted units that are stored twice, 0..1. */
  duplicateRatio: number;
}

export type LogLevel = 'info' | 'warning' | 'error';

export interface BehaviorContext<Config> {
  /** Id of the node, or of the edge for a connection. */
  readonly id: string;
  /** Ledger index of the node; a connection has its target's. */
  readonly node: number;
  readonly config: Config;
  readonly kernel: Kernel;
  readonly flow: Flow;
  readonly seed: number;
  /** Whether records may travel in runs (fidelity `auto`), and in stretches of how long; undefined: one by one. */
  readonly cellUs?: number;
  /** Whether no fault of the run begins or ends after `fromUs` and before `untilUs`. True when left out. */
  isSteady?(fromUs: number, untilUs: number): boolean;
  /** Microseconds; time zero is where recording starts, the pre-roll is negative. */
  readonly startUs: number;
  readonly horizonUs: number;
  /** Workloads attached to this node, ready to draw from. */
  readonly arrivals: readonly ArrivalSource[];
  readonly faults: FaultState;
  /** Key spaces by workload index: position of a key on the hash ring. */
  keyPosition(load: number, key: number): number;
  /** The keys of a workload's records that are created at a time. */
  keysAt(load: number, eventUs: number): KeySpace;
  /** Edges that leave by a port without outputs. */
  outlets(portId: string): readonly Outlet[];
  /** Outputs the user named on an emitting port, in the document's order. */
  outputs(portId: string): readonly OutputBinding[];
  /** Calls that leave by a port of kind call, in the document's order. */
  calls(portId: string): readonly CallBinding[];
  /** Functions that this node invokes by a port, and waits for. Ask in `link`, not before. */
  invoked(portId: string): readonly InvokedFunction[];
  /** Edges that arrive at a port. */
  inletCount(portId: string): number;
  /** Logs and queues linked to a port that this node polls by itself (no connection folder). Ask in `link`, not before. */
  polled(portId: string): readonly PolledSource[];
  draw(purpose: string): DrawStream;
  /** One object per run and name, shared by all nodes that ask for it (account-wide quotas). */
  shared<T>(name: string, create: () => T): T;
  limit(declaration: LimitDeclaration): LimitMeter;
  /** Billable quantity by the id of usage.ts. */
  usage(id: string): UsageCounter;
  counter(metric: string): CounterMetric;
  gauge(metric: string): GaugeMetric;
  sample(metric: string): SampleMetric;
  /** Account quota by id, or AWS's default. */
  quota(id: string, byDefault: number): number;
  log(level: LogLevel, code: string, params: LogParams): void;
  /** The run could not resolve something: named in `fidelity.warnings`. */
  warn(code: string): void;
}

/** A log, queue or store at the other end of an edge that this node polls or queries. */
export interface PolledSource {
  readonly port: LogPort | QueuePort | QueryPort;
  readonly edge: EdgeMeter;
  readonly sourceNode: number;
}

/** A function at the other end of an edge by which this node invokes. */
export interface InvokedFunction {
  readonly port: InvocationCallee;
  readonly edge: EdgeMeter;
  readonly targetNode: number;
}

/** Adds to a billable quantity; ignored during the pre-roll. */
export interface UsageCounter {
  total: number;
  add(quantity: number): void;
}

export interface Behavior {
  /** Ports served, by port id. */
  readonly inputs: Readonly<Record<string, ServedPort>>;
  /** Called once when every node is built: here a poller subscribes to the logs and queues it reads. */
  link?(): void;
  /** Called once after all links, before the first event, at `startUs`. */
  start?(): void;
  /** Called at time zero, when recording starts. */
  startRecording?(): void;
  /** Called after `ctx.faults` has changed. */
  fault?(fault: FaultSpec, active: boolean): void;
  /** Called at the end: books time-based usage (hours, stored bytes). */
  finish?(): void;
}

export type BehaviorFactory<Config> = (context: BehaviorContext<Config>) => Behavior;

/** A connection stands between two built nodes. */
export interface ConnectionContext<Config> extends BehaviorContext<Config> {
  readonly sourceConfig: Readonly<Record<string, unknown>>;
  readonly targetConfig: Readonly<Record<string, unknown>>;
  readonly sourceNode: number;
  /** Port that the source serves for this edge. */
  readonly source: ServedPort;
  /** Port that the target serves for this edge. */
  readonly target: ServedPort;
  /** Books records, units, requests and bytes that passed this edge. */
  readonly edge: EdgeMeter;
  /** Faults of the source node. */
  readonly sourceFaults: FaultState;
  /** Edges that leave by the target's `on-failure` port: destinations of records given up on. */
  readonly onFailure: readonly Outlet[];
}

export interface EdgeMeter {
  count(records: number, units: number, requests: number, bytes: number): void;
  retried(units: number): void;
  refused(units: number): void;
  dropped(records: number): void;
}

type ConnectionPart = Pick<Behavior, 'start' | 'startRecording' | 'fault' | 'finish'>;

export type ConnectionFactory<Config> = (context: ConnectionContext<Config>) => ConnectionPart;

/** A connection on a call edge stands between caller and callee: what it returns is asked in the callee's place. */
export type CallConnectionFactory<Config> = (
  context: Omit<ConnectionContext<Config>, 'source' | 'onFailure'> & {
    /** Effect bit of the edge at its source node. */
    readonly bit: number;
  },
) => ConnectionPart & { readonly callee: Callee };
