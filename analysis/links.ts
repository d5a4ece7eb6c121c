/** Which links are legal, and why one is not. The canvas asks before it draws, the validator when a file is opened. */
import type { ComponentSpec, Port } from '#schema/component.ts';
import type { CaudalDocument, DocumentEdge, DocumentNode } from '#schema/document.ts';
import { type ProtocolId, protocols } from '#schema/protocols.ts';
import { type Catalog, departureOf, emittingPorts } from './catalog.ts';
import { didYouMean } from './nearest.ts';

/** Why a link is refused. `at` names the field of the edge that would have to change. */
export interface LinkRefusal {
  readonly code: string;
  readonly at: 'source' | 'output' | 'target' | 'port';
  readonly message: string;
  readonly remedy: string;
  readonly allowed?: string;
}

/** Edges that may leave one node: the engine marks in one word through which of them a record has gone. */
const MOST_EDGES_OUT = 30;

export type LinkEnds = Pick<CaudalDocument, 'nodes' | 'edges'>;

/** One end of a link, resolved. */
interface End {
  readonly node: DocumentNode;
  readonly spec: ComponentSpec;
}

/** What judging a link needs to know of a document, at hand without a search. */
export interface LinkPlan {
  node(id: string): DocumentNode | undefined;
  nodeIds(): readonly string[];
  leaving(id: string): readonly DocumentEdge[];
  arriving(id: string): readonly DocumentEdge[];
}

/** Nodes of a document with links that are added one by one. */
export class GrowingPlan implements LinkPlan {
  private readonly nodes: ReadonlyMap<string, DocumentNode>;
  private readonly bySource = new Map<string, DocumentEdge[]>();
  private readonly byTarget = new Map<string, DocumentEdge[]>();

  constructor(nodes: readonly DocumentNode[], edges: readonly DocumentEdge[] = []) {
    this.nodes = new Map(nodes.map((node) => [node.id, node]));
    for (const edge of edges) this.add(edge);
  }

  add(edge: DocumentEdge): void {
    push(this.bySource, edge.source, edge);
    push(this.byTarget, edge.target, edge);
  }

  node(id: string): DocumentNode | undefined {
    return this.nodes.get(id);
  }

  nodeIds(): readonly string[] {
    return [...this.nodes.keys()];
  }

  leaving(id: string): readonly DocumentEdge[] {
    return this.bySource.get(id) ?? [];
  }

  arriving(id: string): readonly DocumentEdge[] {
    return this.byTarget.get(id) ?? [];
  }
}

function push(lists: Map<string, DocumentEdge[]>, id: string, edge: DocumentEdge): void {
  const list = lists.get(id);
  if (list === undefined) lists.set(id, [edge]);
  else list.push(edge);
}

/**
 * Why the link from `output` of `source` to `port` of `target` cannot be drawn, or `undefined` when it can.
 * `exceptEdge` leaves one edge out of the counts: the one that is being checked or redrawn.
 */
export function linkRefusal(
  catalog: Catalog,
  document: LinkEnds,
  source: string,
  output: string,
  target: string,
  port: string,
  exceptEdge?: string,
): LinkRefusal | undefined {
  const others = document.edges.filter((edge) => edge.id !== exceptEdge);
  return judgeLink(catalog, new GrowingPlan(document.nodes, others), { source, output, target, port });
}

/** As `linkRefusal`, for many links against one plan. */
export function judgeLink(
  catalog: Catalog,
  plan: LinkPlan,
  { source, output, target, port }: Pick<DocumentEdge, 'source' | 'output' | 'target' | 'port'>,
): LinkRefusal | undefined {
  const from = endOf(catalog, plan, source, 'source');
  if ('refusal' in from) return from.refusal;
  const to = endOf(catalog, plan, target, 'target');
  if ('refusal' in to) return to.refusal;
  const leaving = outPort(from, output);
  if ('refusal' in leaving) return leaving.refusal;
  const entering = inPort(to, port);
  if ('refusal' in entering) return entering.refusal;
  const departing = plan.leaving(source);
  return (
    protocolRefusal(from, leaving.port, to, entering.port) ??
    repetition(departing, source, output, target, port) ??
    fullness(from, departing) ??
    crowding(from, leaving.port, portLinks(departing, from, leaving.port), 'output') ??
    crowding(to, entering.port, plan.arriving(target).filter((edge) => edge.port === port).length, 'port')
  );
}

function repetition(
  departing: readonly DocumentEdge[],
  source: string,
  output: string,
  target: string,
  port: string,
): LinkRefusal | undefined {
  if (!departing.some((e) => e.output === output && e.target === target && e.port === port)) return undefined;
  const message = `${source} is linked to ${target} in this way already`;
  return refuse('document/duplicate-link', 'target', message, 'Remove one of the two links.');
}

/** Of the edges that leave a node, those that leave by a port, through any of its outputs. */
export function portLinks(leaving: readonly DocumentEdge[], from: End, port: Port): number {
  const { ports } = from.spec.declaration;
  return leaving.filter((edge) => departureOf(ports, from.node, edge.output)?.port.id === port.id).length;
}

function refuse(code: string, at: LinkRefusal['at'], message: string, remedy: string, allowed?: string): LinkRefusal {
  return { code, at, message, remedy, ...(allowed === undefined ? {} : { allowed }) };
}

function endOf(catalog: Catalog, plan: LinkPlan, id: string, at: 'source' | 'target'): End | { refusal: LinkRefusal } {
  const node = plan.node(id);
  if (node === undefined) {
    const ids = plan.nodeIds();
    const message = `names a node that does not exist${didYouMean(id, ids)}`;
    return {
      refusal: refuse(
        'document/unknown-node',
        at,
        message,
        'Name an existing node or remove the edge.',
        shortList(ids),
      ),
    };
  }
  const spec = catalog.components.get(node.type);
  if (spec === undefined) {
    const message = `names a node of the unknown type ${node.type}`;
    return { refusal: refuse('document/unknown-component', at, message, 'Mend the type of the node first.') };
  }
  return { node, spec };
}

function outPort({ node, spec }: End, name: string): { port: Port } | { refusal: LinkRefusal } {
  const { ports, title } = spec.declaration;
  const departure = departureOf(ports, node, name);
  if (departure) return { port: departure.port };
  const same = ports.find((port) => port.id === name);
  if (same?.direction === 'in') {
    const message = `${same.label} of ${title} only takes records in`;
    return { refusal: refuse('document/wrong-direction', 'output', message, 'Draw the link the other way round.') };
  }
  const names = [
    ...node.outputs.map((output) => output.id),
    ...ports.filter((port) => port.direction === 'out' && port.emits !== true).map((port) => port.id),
  ];
  if (same?.emits) {
    const message = `${same.label} of ${title} has outputs named by you`;
    const remedy = `Add an output to nodes.${node.id}.outputs and name it here.`;
    return { refusal: refuse('document/unknown-output', 'output', message, remedy, shortList(names)) };
  }
  if (names.length === 0 && emittingPorts(ports).length === 0) {
    const message = `nothing goes out of ${title}, so that no link can begin there`;
    return { refusal: refuse('document/unknown-output', 'output', message, 'Begin it elsewhere, or remove it.') };
  }
  const message = `${title} has no output of this name${didYouMean(name, names)}`;
  const remedy = emittingPorts(ports).length > 0 ? 'Name one of its outputs or add one.' : 'Name one of its ports.';
  return { refusal: refuse('document/unknown-output', 'output', message, remedy, shortList(names)) };
}

function inPort({ spec }: End, name: string): { port: Port } | { refusal: LinkRefusal } {
  const { ports, title } = spec.declaration;
  const port = ports.find((candidate) => candidate.id === name);
  if (port?.direction === 'in') return { port };
  if (port) {
    const message = `${port.label} of ${title} only sends records out`;
    return { refusal: refuse('document/wrong-direction', 'port', message, 'Draw the link the other way round.') };
  }
  const names = ports.filter((candidate) => candidate.direction === 'in').map((candidate) => candidate.id);
  if (names.length === 0) {
    const message = `nothing can be linked to ${title}, which takes nothing in`;
    return { refusal: refuse('document/unknown-port', 'port', message, 'Turn the link round, or link another node.') };
  }
  const message = `${title} has no port of this name${didYouMean(name, names)}`;
  return { refusal: refuse('document/unknown-port', 'port', message, 'Name one of its ports.', shortList(names)) };
}

function protocolRefusal(from: End, leaving: Port, to: End, entering: Port): LinkRefusal | undefined {
  const spoken = leaving.protocols.filter((id) => entering.protocols.includes(id));
  if (leaving.kind === entering.kind && spoken.length > 0) return undefined;
  const wanted = entering.protocols.map((id: ProtocolId) => protocols[id]);
  const takes = wanted.map((protocol) => protocol.takes).join(', or ');
  const source = `${from.spec.declaration.title} (${leaving.label})`;
  const message = `${to.spec.declaration.title} (${entering.label}) takes ${takes}; ${source} does not send these`;
  return refuse('document/illegal-link', 'port', message, wanted.map((protocol) => protocol.remedy).join(' '));
}

function fullness(end: End, leaving: readonly DocumentEdge[]): LinkRefusal | undefined {
  if (leaving.length < MOST_EDGES_OUT) return undefined;
  const message = `${MOST_EDGES_OUT} links leave ${end.node.id} already, and no more can`;
  return refuse('document/too-many-links', 'source', message, 'Fan out through a topic or a second node.');
}

function crowding(end: End, port: Port, links: number, at: 'output' | 'port'): LinkRefusal | undefined {
  if (links < port.max) return undefined;
  const most = port.max === 1 ? 'one link' : `${port.max} links`;
  const message = `${port.label} of ${end.spec.declaration.title} takes ${most} at most`;
  return refuse('document/too-many-links', at, message, `Remove a link of ${end.node.id} or add another node.`);
}

function shortList(names: readonly string[]): string {
  if (names.length === 0) return 'none';
  return names.length <= 12 ? names.join(', ') : `${names.slice(0, 12).join(', ')}, ... (${names.length})`;
}
