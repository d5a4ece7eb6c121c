/** Builds a running model from a validated document: nodes, then edges, then connections, then faults. */
import type {
  Behavior,
  BehaviorContext,
  CallBinding,
  FaultState,
  LogLevel,
  OutputBinding,
  InvokedFunction,
  PolledSource,
} from '#engine/behavior.ts';
import { behaviors, connectionBehaviors } from '#catalog/behaviors.ts';
import { components, connections } from '#catalog/specs.ts';
import type { Callee, InvocationCallee, ServedPort } from '#engine/flow/ports.ts';
import { Flow } from '#engine/flow/flow.ts';
import { PRIORITY_FAULT } from '#engine/kernel/priorities.ts';
import { DrawStream } from '#engine/kernel/draws.ts';
import { Kernel } from '#engine/kernel/kernel.ts';
import { ArrivalSource } from '#engine/workload/source.ts';
import type { ComponentSpec, LogParams } from '#schema/component.ts';
import type { CaudalDocument, DocumentEdge, DocumentNode } from '#schema/document.ts';
import { invariant } from '#schema/errors.ts';
import { emitSchema } from '#schema/emit.ts';
import type { FaultSpec } from '#schema/faults.ts';
import { type Meeting, protocols } from '#schema/protocols.ts';
import { EdgeCallOutlet } from './call-outlet.ts';
import { LoadDetails } from './load-details.ts';
import { feedbackOf } from './feedback.ts';
import { PathLatencies } from './latencies.ts';
import type { RunOptions } from '#schema/worker-messages.ts';
import { EdgeCounts, EdgeOutlet } from './outlet.ts';
import { Recorder } from './recorder.ts';

const SECOND_US = 1_000_000;
/** Stretch of time whose records travel in one run, where they travel in runs, seconds. */
export const CELL_SECONDS = 1;

/** Everything a run needs. */
export interface Model {
  readonly document: CaudalDocument;
  readonly options: RunOptions;
  readonly kernel: Kernel;
  readonly flow: Flow;
  readonly recorder: Recorder;
  readonly latencies: PathLatencies;
  readonly edges: readonly EdgeCounts[];
  /** Behaviours of nodes, then of connections. */
  readonly parts: readonly Partial<Behavior>[];
  readonly horizonUs: number;
}

/** One node while the model is built. */
interface Place {
  readonly index: number;
  readonly node: DocumentNode;
  readonly spec: ComponentSpec;
  readonly faults: FaultState;
  behavior: Behavior | undefined;
}

/** One edge while the model is built. */
interface Link {
  readonly index: number;
  readonly edge: DocumentEdge;
  readonly source: Place;
  readonly target: Place;
  /** Port of the source node that the edge leaves by. */
  readonly sourcePort: string;
  readonly meeting: Meeting;
  readonly counts: EdgeCounts;
  /** For pushed edges. */
  readonly outlet: EdgeOutlet | undefined;
  /** For call edges. */
  readonly callOutlet: EdgeCallOutlet | undefined;
}

class Builder {
  readonly kernel: Kernel;
  readonly flow: Flow;
  readonly recorder: Recorder;
  readonly latencies: PathLatencies;
  private readonly document: CaudalDocument;
  private readonly options: RunOptions;
  private readonly places = new Map<string, Place>();
  private readonly links: Link[] = [];
  private readonly sharedObjects = new Map<string, unknown>();
  private readonly sources: readonly ArrivalSource[];
  private readonly startUs: number;
  /** When faults begin and end. */
  private readonly faultEdgesUs: readonly number[];
  private readonly isFeedback: ReturnType<typeof feedbackOf>;
  readonly horizonUs: number;

  constructor(document: CaudalDocument, options: RunOptions) {
    this.document = document;
    this.options = options;
    this.faultEdgesUs = document.faults.flatMap(({ startSeconds, durationSeconds }) => [
      Math.round(startSeconds * SECOND_US),
      Math.round((startSeconds + durationSeconds) * SECOND_US),
    ]);
    this.startUs = 0 - Math.ceil(options.preRollSeconds) * SECOND_US;
    this.horizonUs = Math.round(options.horizonSeconds * SECOND_US);
    this.kernel = new Kernel(this.startUs);
    this.isFeedback = feedbackOf(
      document.nodes.map(({ id }) => id),
      document.edges.filter(({ kind }) => kind === 'data'),
    );
    const nodeIndex = new Map(document.nodes.map((node, index) => [node.id, index]));
    const sourceOfLoad = document.workloads.map(({ node }) => nodeIndex.get(node) ?? 0);
    this.latencies = new PathLatencies(document.nodes.length, sourceOfLoad);
    this.flow = new Flow(
      document.nodes.length,
      (parcel, node, nowUs) => this.latencies.add(this.flow, parcel, node, nowUs),
      options.seed,
      new LoadDetails(() => this.sources),
    );
    this.recorder = new Recorder(document, options, this.kernel, this.horizonUs, this.startUs);
    this.sources = document.workloads.map(
      (workload, load) =>
        new ArrivalSource(
          options.seed,
          load,
          workload,
          calendarOf(document.account.startsAt),
          document.faults.filter(({ node }) => node === workload.node),
        ),
    );
  }

  build(): Model {
    const { document } = this;
    document.nodes.forEach((node, index) => {
      const spec = components.get(node.type);
      invariant(spec !== undefined, `component ${node.type} is not in the catalogue`);
      this.places.set(node.id, { index, node, spec, faults: newFaultState(), behavior: undefined });
    });
    document.edges.forEach((edge, index) => this.links.push(this.link(edge, index)));
    for (const place of this.places.values()) {
      const build = behaviors.get(place.node.type);
      invariant(build !== undefined, `component ${place.node.type} has no behaviour`);
      place.behavior = build(this.nodeContext(place) as BehaviorContext<never>);
    }
    for (const { outlet, target, edge } of this.links) {
      if (outlet === undefined) continue;
      const port = served(target, edge.port);
      invariant(port.meeting === 'push', `port ${edge.port} of ${target.node.type} does not take pushes`);
      outlet.push = port;
    }
    for (const { callOutlet, target, edge } of this.links) {
      if (callOutlet !== undefined) callOutlet.served = served(target, edge.port);
    }
    const connected = this.links.filter((link) => link.outlet === undefined && this.hasBehavior(link));
    const parts: Partial<Behavior>[] = [...this.places.values()].map((place) => place.behavior ?? {});
    for (const link of connected) parts.push(this.connect(link));
    for (const part of parts) part.link?.();
    this.scheduleFaults();
    return {
      document,
      options: this.options,
      kernel: this.kernel,
      flow: this.flow,
      recorder: this.recorder,
      latencies: this.latencies,
      edges: this.links.map(({ counts }) => counts),
      parts,
      horizonUs: this.horizonUs,
    };
  }

  private place(id: string): Place {
    const place = this.places.get(id);
    invariant(place !== undefined, `node ${id} does not exist`);
    return place;
  }

  private link(edge: DocumentEdge, index: number): Link {
    const source = this.place(edge.source);
    const target = this.place(edge.target);
    const sourcePort = portOfOutput(source, edge.output);
    const from = source.spec.declaration.ports.find(({ id }) => id === sourcePort);
    const to = target.spec.declaration.ports.find(({ id }) => id === edge.port);
    invariant(from !== undefined && to !== undefined, `edge ${edge.id} names a port that does not exist`);
    const protocol = from.protocols.find((id) => to.protocols.includes(id));
    invariant(protocol !== undefined, `edge ${edge.id} joins ports that speak no common protocol`);
    const { meeting } = protocols[protocol];
    const counts = new EdgeCounts(this.kernel);
    const bit = this.links.filter((other) => other.source === source).length;
    invariant(bit < 30, `node ${source.node.id} has more than 30 edges going out`);
    const ends = { edge: index, bit, targetNode: target.index, counts, faults: target.faults };
    const outlet =
      meeting === 'push'
        ? new EdgeOutlet({
            ...ends,
            flow: this.flow,
            duplicate: new DrawStream(this.options.seed, edge.id, 'duplicate'),
            isFeedback: this.isFeedback(edge),
            settings: edge.config,
            id: edge.id,
            protocol,
          })
        : undefined;
    const callOutlet = meeting === 'call' ? new EdgeCallOutlet({ ...ends, store: this.flow.store }) : undefined;
    return { index, edge, source, target, sourcePort, meeting, counts, outlet, callOutlet };
  }

  private connectionOf(link: Link): string | undefined {
    const key = `${link.source.node.type}--${link.target.node.type}`;
    return connections.get(key)?.declaration.port === link.edge.port ? key : undefined;
  }

  /** The link leads to the port that a connection serves, and the connection does something itself. */
  private hasBehavior(link: Link): boolean {
    const key = this.connectionOf(link);
    return key !== undefined && connections.get(key)?.declaration.readBy !== 'source';
  }

  private connect(link: Link): Partial<Behavior> {
    const key = this.connectionOf(link) ?? '';
    const build = connectionBehaviors.get(key);
    invariant(build !== undefined, `connection ${key} has no behaviour`);
    const { edge, source, target } = link;
    const failureLinks = this.links.filter((other) => other.source === target && other.sourcePort === 'on-failure');
    const context = {
      ...this.nodeContext(target),
      id: edge.id,
      config: edge.config,
      arrivals: [],
      limit: this.recorder.limitFactory(edge.id),
      usage: (id: string) => this.recorder.usage(edge.id, id),
      log: (level: LogLevel, code: string, params: LogParams) => this.recorder.log(edge.id, level, code, params),
      draw: (purpose: string) => new DrawStream(this.options.seed, edge.id, purpose),
      sourceConfig: source.node.config,
      targetConfig: target.node.config,
      sourceNode: source.index,
      sourceFaults: source.faults,
      // The source of a call edge asks and serves nothing.
      source: link.callOutlet === undefined ? served(source, link.sourcePort) : undefined,
      target: served(target, edge.port),
      edge: link.counts,
      bit: link.callOutlet?.bit ?? 0,
      onFailure: failureLinks.flatMap(({ outlet }) => (outlet === undefined ? [] : [outlet])),
    };
    const part: Partial<Behavior> & { readonly callee?: Callee } = build(context as never);
    if (link.callOutlet !== undefined && part.callee !== undefined) link.callOutlet.served = part.callee;
    return part;
  }

  private nodeContext(place: Place): BehaviorContext<unknown> {
    const { node, index, faults } = place;
    const { recorder, options } = this;
    const own = this.links.filter(({ source }) => source === place);
    return {
      id: node.id,
      node: index,
      config: node.config,
      kernel: this.kernel,
      flow: this.flow,
      seed: options.seed,
      startUs: this.startUs,
      horizonUs: this.horizonUs,
      arrivals: this.sources.filter(({ load }) => this.document.workloads[load]?.node === node.id),
      faults,
      ...(options.fidelity === 'auto' ? { cellUs: CELL_SECONDS * SECOND_US * (options.quantumFactor ?? 1) } : {}),
      isSteady: (fromUs, untilUs) => this.faultEdgesUs.every((edgeUs) => edgeUs <= fromUs || edgeUs >= untilUs),
      keysAt: (load, eventUs) => this.sources[load]!.keysAt(Math.floor(eventUs / SECOND_US)),
      keyPosition: (load, key) => this.sources[load]?.keys.position(key) ?? 0,
      outlets: (portId) => own.flatMap((link) => (link.sourcePort === portId && link.outlet ? [link.outlet] : [])),
      outputs: (portId) => this.outputsOf(place, portId, own),
      calls: (portId) => this.callsOf(place, portId, own),
      inletCount: (portId) => this.links.filter(({ target, edge }) => target === place && edge.port === portId).length,
      polled: (portId) => this.polledBy(place, portId),
      invoked: (portId) => this.invokedBy(place, portId),
      draw: (purpose) => new DrawStream(options.seed, node.id, purpose),
      shared: (name, create) => this.shared(name, create),
      limit: recorder.limitFactory(node.id),
      usage: (id) => recorder.usage(node.id, id),
      counter: (metric) => recorder.counter(index, metric),
      gauge: (metric) => recorder.gauge(index, metric),
      sample: (metric) => recorder.sample(index, metric),
      quota: (id, byDefault) => this.document.account.quotas[id] ?? byDefault,
      log: (level, code, params) => recorder.log(node.id, level, code, params),
      warn: (code) => recorder.warn(code),
    };
  }

  private shared<T>(name: string, create: () => T): T {
    if (!this.sharedObjects.has(name)) this.sharedObjects.set(name, create());
    return this.sharedObjects.get(name) as T;
  }

  private outputsOf(place: Place, portId: string, own: readonly Link[]): readonly OutputBinding[] {
    return place.node.outputs
      .filter(({ id }) => portOfOutput(place, id) === portId)
      .map(({ id, emit }) => ({
        id,
        emit,
        outlets: own.flatMap(({ edge, outlet }) => (edge.output === id && outlet ? [outlet] : [])),
      }))
      .filter(({ outlets, emit }) => outlets.length > 0 || emit.weight !== undefined);
  }

  /** Outputs of a port of kind call; an edge that leaves by the port itself is asked as the defaults say. */
  private callsOf(place: Place, portId: string, own: readonly Link[]): readonly CallBinding[] {
    const outlets = (output: string): EdgeCallOutlet[] =>
      own.flatMap(({ edge, callOutlet }) => (edge.output === output && callOutlet ? [callOutlet] : []));
    return [...place.node.outputs, { id: portId, emit: emitSchema.parse({}) }]
      .filter(({ id }) => portOfOutput(place, id) === portId)
      .map(({ id, emit }) => ({ id, emit, outlets: outlets(id) }))
      .filter((binding) => binding.outlets.length > 0);
  }

  private polledBy(place: Place, portId: string): readonly PolledSource[] {
    return this.links
      .filter((link) => link.target === place && link.edge.port === portId && link.outlet === undefined)
      .map((link) => ({
        port: served(link.source, link.sourcePort) as PolledSource['port'],
        edge: link.counts,
        sourceNode: link.source.index,
      }));
  }

  private invokedBy(place: Place, portId: string): readonly InvokedFunction[] {
    return this.links
      .filter((link) => link.source === place && link.sourcePort === portId && link.meeting === 'invoke')
      .map((link) => ({
        port: served(link.target, link.edge.port) as InvocationCallee,
        edge: link.counts,
        targetNode: link.target.index,
      }));
  }

  private scheduleFaults(): void {
    const { kernel } = this;
    const changes: { place: Place; fault: FaultSpec; active: boolean }[] = [];
    const apply = kernel.register((index) => {
      const { place, fault, active } = changes[index]!;
      const current = changes.filter((change) => change.place === place && change.active);
      applyFaults(
        place.faults,
        current
          .map((change) => change.fault)
          .filter((other) => (other === fault ? active : isActive(other, kernel.nowUs))),
      );
      this.recorder.log(place.node.id, active ? 'warning' : 'info', active ? 'fault/begins' : 'fault/ends', {
        kind: fault.kind,
        id: fault.id,
      });
      place.behavior?.fault?.(fault, active);
    });
    for (const fault of this.document.faults) {
      const place = this.place(fault.node);
      const begins = changes.push({ place, fault, active: true }) - 1;
      const ends = changes.push({ place, fault, active: false }) - 1;
      const startUs = Math.max(this.startUs, Math.round(fault.startSeconds * SECOND_US));
      const endUs = Math.round((fault.startSeconds + fault.durationSeconds) * SECOND_US);
      if (endUs <= this.startUs) continue;
      kernel.at(startUs, apply, begins, 0, PRIORITY_FAULT);
      kernel.at(endUs, apply, ends, 0, PRIORITY_FAULT);
    }
  }
}

/** Builds the model of one run. The document must be valid and complete. */
export function buildModel(document: CaudalDocument, options: RunOptions): Model {
  return new Builder(document, options).build();
}

function served(place: Place, portId: string): ServedPort {
  const port = place.behavior?.inputs[portId];
  invariant(port !== undefined, `component ${place.node.type} does not serve its port ${portId}`);
  return port;
}

/** The port an edge leaves by: the emitting port of an output, or a port that emits by itself. */
function portOfOutput({ node, spec }: Place, output: string): string {
  const named = node.outputs.find(({ id }) => id === output);
  if (named === undefined) return output;
  const emitting = spec.declaration.ports.filter(({ emits }) => emits === true);
  return named.port ?? (emitting.find(({ kind }) => kind === 'data') ?? emitting[0])?.id ?? output;
}

function newFaultState(): FaultState {
  return {
    outage: false,
    invocationErrorRatio: 0,
    recordErrorRatio: 0,
    latencyFactor: 1,
    capacityRatio: 1,
    duplicateRatio: 0,
  };
}

function isActive(fault: FaultSpec, nowUs: number): boolean {
  const startUs = Math.round(fault.startSeconds * SECOND_US);
  return nowUs >= startUs && nowUs < Math.round((fault.startSeconds + fault.durationSeconds) * SECOND_US);
}

/** Overlapping faults add up: errors and duplicates as independent chances, factors as products. */
function applyFaults(state: FaultState, active: readonly FaultSpec[]): void {
  Object.assign(state, newFaultState());
  for (const fault of active) {
    if (fault.kind === 'outage') state.outage = true;
    if (fault.kind === 'latencyFactor') state.latencyFactor *= fault.factor;
    if (fault.kind === 'throttling') state.capacityRatio *= fault.capacityRatio;
    if (fault.kind === 'duplicates') state.duplicateRatio = either(state.duplicateRatio, fault.ratio);
    if (fault.kind === 'errorRate' && fault.per === 'invocation') {
      state.invocationErrorRatio = either(state.invocationErrorRatio, fault.ratio);
    }
    if (fault.kind === 'errorRate' && fault.per === 'record') {
      state.recordErrorRatio = either(state.recordErrorRatio, fault.ratio);
    }
  }
}

function either(a: number, b: number): number {
  return 1 - (1 - a) * (1 - b);
}

/** Second of the day and day of the week (0 Monday) at time zero. */
export function calendarOf(startsAt: string): { startSecondsOfDay: number; startDayOfWeek: number } {
  const [date = '', time = ''] = startsAt.split('T');
  const [year = 2026, month = 1, day = 1] = date.split('-').map(Number);
  const [hours = 0, minutes = 0, seconds = 0] = time.split(':').map(Number);
  return { startSecondsOfDay: hours * 3600 + minutes * 60 + seconds, startDayOfWeek: dayOfWeek(year, month, day) };
}

/** Day of the week by Zeller's congruence, 0 Monday ... 6 Sunday. */
function dayOfWeek(year: number, month: number, day: number): number {
  const m = month < 3 ? month + 12 : month;
  const y = month < 3 ? year - 1 : year;
  const saturdayBased =
    (day + Math.floor((13 * (m + 1)) / 5) + y + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400)) % 7;
  return (saturdayBased + 5) % 7;
}
