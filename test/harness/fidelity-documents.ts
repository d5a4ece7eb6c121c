/** Small pipelines, written as chains: a load, and one station after the other, with their settings and their links' settings. */
import type { CaudalDocument } from '#schema/document.ts';
import { openDocument } from './scenario.ts';

type Settings = Readonly<Record<string, unknown>>;

const types = {
  source: 'traffic-source',
  stream: 'kinesis-data-streams',
  function: 'lambda',
  queue: 'sqs',
  application: 'consumer-application',
  service: 'custom-service',
  container: 'ecs-service',
  topic: 'sns',
  cache: 'elasticache',
  delivery: 'data-firehose',
  search: 'opensearch',
  bucket: 's3',
} as const;

type StationType = keyof typeof types;

/** A node and the edge by which it is fed. */
export interface Step {
  readonly type: StationType;
  /** Name of the node; the type when left out. Several links may lead to one node. */
  readonly id?: string;
  readonly config?: Settings;
  /** Settings of what it sends on; one of several outputs when named. */
  readonly emit?: Settings;
  /** Settings of the edge that leads here. */
  readonly link?: Settings;
}

export interface Chain {
  readonly load?: Settings;
  readonly steps: readonly Step[];
}

/** Port by which a station takes what another sends. */
const portsFrom: Readonly<Record<StationType, (from: StationType) => string>> = {
  source: () => 'none',
  stream: () => 'records',
  queue: () => 'messages',
  topic: () => 'messages',
  service: () => 'requests',
  container: byWay('stream', 'queue', 'requests'),
  cache: () => 'commands',
  delivery: byWay('kinesis', 'records', 'records'),
  search: () => 'documents',
  bucket: () => 'objects',
  application: byWay('stream', 'queue', 'deliveries'),
  function: (from) => (from === 'delivery' ? 'requests' : byWay('kinesis', 'sqs', 'events')(from)),
};

function byWay(ofStream: string, ofQueue: string, other: string): (from: StationType) => string {
  return (from) => (from === 'stream' ? ofStream : from === 'queue' ? ofQueue : other);
}

/** Outputs that a station has by itself, by what they lead to. */
const fixedOutputs: Readonly<Partial<Record<StationType, (to: StationType) => string>>> = {
  stream: () => 'consumers',
  queue: () => 'consumers',
  topic: () => 'subscriptions',
  delivery: (to) => (to === 'bucket' ? 's3' : to === 'search' ? 'opensearch' : 'transform'),
};

interface WrittenNode {
  id: string;
  type: string;
  config: Settings;
  outputs: { id: string; port?: string; emit: Settings }[];
}

/** A document of chains; a step whose id was used before is that node. `failures`: pairs of a node and where its failed records go. */
export function documentOf(
  chains: readonly Chain[],
  seconds: number,
  extra: { readonly faults?: readonly Settings[]; readonly failures?: readonly (readonly [string, string])[] } = {},
): CaudalDocument {
  const nodes = new Map<string, WrittenNode>();
  const edges: object[] = [];
  const workloads: object[] = [];
  for (const { load, steps } of chains) {
    let from: { step: Step; id: string } | undefined;
    for (const step of steps) {
      const id = step.id ?? step.type;
      const known = nodes.get(id);
      if (known === undefined) nodes.set(id, { id, type: types[step.type], config: step.config ?? {}, outputs: [] });
      if (from === undefined) {
        if (load !== undefined) workloads.push(workloadOf(id, load, workloads.length));
      } else edges.push(edgeOf(nodes.get(from.id)!, from.step, id, step, edges.length));
      from = { step, id };
    }
  }
  for (const [id, target] of extra.failures ?? []) edges.push(failureEdge(nodes, id, target));
  return openDocument({
    schemaVersion: 1,
    name: 'fidelity',
    account: { startsAt: '2026-01-05T12:00:00' },
    nodes: [...nodes.values()],
    edges,
    workloads,
    faults: (extra.faults ?? []).map((fault, i) => ({ id: `f${i}`, ...fault })),
    run: { horizonSeconds: seconds, preRollSeconds: 0 },
  });
}

/** Failed records go to a queue, which is made where there is none, or to the bucket of a delivery stream. */
function failureEdge(nodes: Map<string, WrittenNode>, source: string, target: string): object {
  if (!nodes.has(target)) nodes.set(target, { id: target, type: types.queue, config: {}, outputs: [] });
  const id = `failure-${source}`;
  const type = nodes.get(source)?.type;
  if (type === types.delivery) return { id, source, output: 'failed', target, port: 'failures' };
  const isDead = type === types.queue || type === types.topic;
  const [output, port] = isDead ? ['dead-letter', 'dead-letters'] : ['on-failure', 'messages'];
  return { id, source, output, target, port };
}

function workloadOf(node: string, load: Settings, index: number): object {
  return {
    id: `w${index}`,
    node,
    recordSize: { kind: 'lognormal', meanBytes: 600, cv: 0.5, maxBytes: 10_000 },
    partitionKey: { kind: 'zipf', keys: 20_000, exponent: 0.8 },
    ...load,
  };
}

function edgeOf(from: WrittenNode, step: Step, target: string, to: Step, index: number): object {
  const isCall = to.type === 'cache' || (step.type === 'delivery' && to.type === 'function');
  let output = fixedOutputs[step.type]?.(to.type);
  if (output === undefined) {
    output = `o${from.outputs.length}`;
    const port = to.type === 'cache' ? { port: 'calls' } : step.type === 'function' ? { port: 'output' } : {};
    from.outputs.push({ id: output, ...port, emit: step.emit ?? {} });
  }
  const port = portsFrom[to.type](step.type);
  const kind = isCall ? { kind: 'call' } : {};
  return { id: `e${index}`, source: from.id, output, target, port, ...kind, config: to.link ?? {} };
}
