/** Small pipelines, written as chains: a load, and one station after the other, with their settings and their links' settings. */
import type { CaudalDocument } from '#schema/document.ts';
import { openDocument } from './scenario.ts';

type Settings = Readonly<Record<string, unknown>>;

/** A node and the edge by which it is fed. */
export interface Step {
  readonly type: 'stream' | 'function' | 'queue' | 'application' | 'service' | 'container' | 'source';
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

const types = {
  source: 'traffic-source',
  stream: 'kinesis-data-streams',
  function: 'lambda',
  queue: 'sqs',
  application: 'consumer-application',
  service: 'custom-service',
  container: 'ecs-service',
} as const;

/** Port by which a station takes what another sends. */
function portOf(from: Step['type'], to: Step['type']): string {
  if (to === 'stream') return 'records';
  if (to === 'queue') return 'messages';
  if (to === 'service' || to === 'container') return 'requests';
  if (to === 'application') return from === 'stream' ? 'stream' : from === 'queue' ? 'queue' : 'deliveries';
  return from === 'stream' ? 'kinesis' : from === 'queue' ? 'sqs' : 'events';
}

interface WrittenNode {
  id: string;
  type: string;
  config: Settings;
  outputs: { id: string; emit: Settings }[];
}

const polled: readonly Step['type'][] = ['stream', 'queue'];

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
  for (const [id, target] of extra.failures ?? []) {
    if (!nodes.has(target)) nodes.set(target, { id: target, type: types.queue, config: {}, outputs: [] });
    const isQueue = nodes.get(id)?.type === types.queue;
    const port = isQueue ? 'dead-letters' : 'messages';
    edges.push({ id: `failure-${id}`, source: id, output: isQueue ? 'dead-letter' : 'on-failure', target, port });
  }
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
  let output = 'consumers';
  if (!polled.includes(step.type)) {
    output = `o${from.outputs.length}`;
    from.outputs.push({ id: output, emit: step.emit ?? {} });
  }
  const config = to.link ?? {};
  return { id: `e${index}`, source: from.id, output, target, port: portOf(step.type, to.type), config };
}
