/** A design as ELK takes it, and the places of its cards in what ELK gives back. */
import type { ElkExtendedEdge, ElkNode, ElkPort, LayoutOptions } from 'elkjs/lib/elk-api.js';
import { departureOf } from '#analysis/catalog.ts';
import { components } from '#catalog/specs.ts';
import type { Place } from '#drawing/layered-layout.ts';
import { cardSize } from '#drawing/node-card.ts';
import { portAnchors } from '#drawing/port-anchors.ts';
import { groupMargin } from '#renderer/state/edits/groups.ts';
import type { CaudalDocument, DocumentEdge, DocumentNode } from '#schema/document.ts';

export interface LayoutInput {
  readonly document: Pick<CaudalDocument, 'nodes' | 'edges' | 'groups'>;
  /** Only these nodes, without their groups; all when empty. */
  readonly ids: readonly string[];
  /** Width to height of the whole that suits the window. */
  readonly aspectRatio: number;
  /** Breaks what is wide into rows, one below the other. */
  readonly isWrapped: boolean;
}

type PlacedInput = Pick<LayoutInput, 'document' | 'ids'>;

const SIDES = { left: 'WEST', right: 'EAST', top: 'NORTH', bottom: 'SOUTH' } as const;
/** Names of groups among the nodes: no id of a node has a space. */
const GROUP = 'group ';

/** Canvas units: between columns, where the labels of edges go; between cards of a column; between parts that nothing joins. */
const BETWEEN_COLUMNS = 64;
const BETWEEN_ROWS = 40;
const BETWEEN_PARTS = 72;
/** From a card to what it calls, right below it. */
const CALLEE_PITCH = cardSize.height + BETWEEN_ROWS;
/** Around the courses that ELK keeps free for edges: ours are drawn as curves of their own, so little will do. */
const AROUND_EDGES = { 'elk.spacing.edgeNode': '16', 'elk.spacing.edgeEdge': '8' } as const;

export function elkGraph({ document, ids, aspectRatio, isWrapped }: LayoutInput): ElkNode {
  const all = chosenOf({ document, ids });
  const callees = calleesOf(document, all);
  const chosen = new Set([...all].filter((id) => !callees.has(id)));
  const nodes = document.nodes.filter(({ id }) => chosen.has(id));
  const callers = new Set(callees.values());
  const groups = ids.length === 0 ? groupsOf(document, chosen) : [];
  const owner = new Map(groups.flatMap(({ name, members }) => members.map((id) => [id, name] as const)));
  const cards = new Map(nodes.map((node) => [node.id, cardNode(node, callers.has(node.id))]));
  const children = [
    ...nodes.filter(({ id }) => !owner.has(id)).map(({ id }) => cards.get(id)),
    ...groups.map(({ name, members }) => groupNode(name, members, cards)),
  ].filter((child) => child !== undefined);
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const edges = document.edges
    .filter(({ source, target }) => chosen.has(source) && chosen.has(target) && source !== target)
    .map((edge) => elkEdge(edge, byId));
  return { id: 'design', layoutOptions: rootOptions(aspectRatio, isWrapped, groups.length > 0), children, edges };
}

function chosenOf({ document, ids }: PlacedInput): ReadonlySet<string> {
  return new Set(ids.length === 0 ? document.nodes.map(({ id }) => id) : ids);
}

function rootOptions(aspectRatio: number, isWrapped: boolean, hasGroups: boolean): LayoutOptions {
  return {
    'elk.algorithm': 'layered',
    'elk.direction': 'RIGHT',
    'elk.aspectRatio': String(aspectRatio),
    'elk.spacing.nodeNode': String(BETWEEN_ROWS),
    'elk.spacing.componentComponent': String(BETWEEN_PARTS),
    'elk.layered.spacing.nodeNodeBetweenLayers': String(BETWEEN_COLUMNS),
    'elk.layered.spacing.edgeNodeBetweenLayers': '12',
    'elk.layered.spacing.edgeEdgeBetweenLayers': '6',
    ...AROUND_EDGES,
    // Two runs of the same design look alike, and rows keep the order in which the design names them.
    'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
    'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
    ...(hasGroups ? { 'elk.hierarchyHandling': 'INCLUDE_CHILDREN' } : {}),
    ...(isWrapped
      ? {
          'elk.layered.wrapping.strategy': 'MULTI_EDGE',
          'elk.layered.wrapping.additionalEdgeSpacing': '24',
          'elk.layered.wrapping.correctionFactor': '1.2',
        }
      : {}),
  };
}

interface Group {
  readonly name: string;
  readonly members: readonly string[];
}

/** A node that is in several groups goes with the first. */
function groupsOf({ groups }: Pick<CaudalDocument, 'groups'>, known: ReadonlySet<string>): readonly Group[] {
  const taken = new Set<string>();
  return groups
    .map(({ id, nodes }) => {
      const members = nodes.filter((node) => known.has(node) && !taken.has(node));
      for (const member of members) taken.add(member);
      return { name: `${GROUP}${id}`, members };
    })
    .filter(({ members }) => members.length > 0);
}

function groupNode(name: string, members: readonly string[], cards: ReadonlyMap<string, ElkNode>): ElkNode {
  const { x, top, bottom } = groupMargin;
  return {
    id: name,
    layoutOptions: { 'elk.padding': `[top=${top},left=${x},bottom=${bottom},right=${x}]` },
    children: members.map((id) => cards.get(id)).filter((card) => card !== undefined),
  };
}

/**
 * What only one node calls, and nothing else is linked to, stands right below its caller: ELK would give it a column of its
 * own. Callers by callee; a second callee of the same node goes where ELK puts it.
 */
function calleesOf(
  { nodes, edges, groups }: LayoutInput['document'],
  chosen: ReadonlySet<string>,
): ReadonlyMap<string, string> {
  const links = new Map<string, DocumentEdge[]>(nodes.map(({ id }) => [id, []]));
  for (const edge of edges) {
    links.get(edge.source)?.push(edge);
    links.get(edge.target)?.push(edge);
  }
  const groupOf = (node: string): string | undefined => groups.find((group) => group.nodes.includes(node))?.id;
  const callees = new Map<string, string>();
  const taken = new Set<string>();
  for (const { id } of nodes) {
    const [link, ...others] = links.get(id) ?? [];
    if (link === undefined || others.length > 0 || link.kind !== 'call' || link.target !== id) continue;
    const caller = link.source;
    const isFree = !taken.has(caller) && !callees.has(caller) && caller !== id;
    if (!isFree || !chosen.has(id) || !chosen.has(caller) || groupOf(id) !== groupOf(caller)) continue;
    taken.add(caller);
    callees.set(id, caller);
  }
  return callees;
}

function cardNode({ id, type }: DocumentNode, hasCallee: boolean): ElkNode {
  const height = hasCallee ? CALLEE_PITCH + cardSize.height : cardSize.height;
  const ports = portAnchors(components.get(type)?.declaration.ports ?? []);
  return {
    id,
    width: cardSize.width,
    height,
    layoutOptions: { 'elk.portConstraints': 'FIXED_POS' },
    ports: ports.map(
      ({ port, side, x, y }): ElkPort => ({
        id: portName(id, port.id),
        x,
        y: side === 'bottom' ? height : y,
        width: 0,
        height: 0,
        layoutOptions: { 'elk.port.side': SIDES[side] },
      }),
    ),
  };
}

/** An edge of a draft may name ports that do not exist: it then meets the card itself. */
function elkEdge(edge: DocumentEdge, nodes: ReadonlyMap<string, DocumentNode>): ElkExtendedEdge {
  const source = nodes.get(edge.source);
  const outs = components.get(source?.type ?? '')?.declaration.ports ?? [];
  const departure = departureOf(outs, source ?? { outputs: [] }, edge.output)?.port.id;
  const ins = components.get(nodes.get(edge.target)?.type ?? '')?.declaration.ports ?? [];
  const isKnown = ins.some(({ id }) => id === edge.port);
  return {
    id: `edge ${edge.id}`,
    sources: [departure === undefined ? edge.source : portName(edge.source, departure)],
    targets: [isKnown ? portName(edge.target, edge.port) : edge.target],
  };
}

function portName(node: string, port: string): string {
  return `${node} ${port}`;
}

/** Places of the cards, from the corner of the whole. */
export function placesOf(laidOut: ElkNode, { document, ids }: PlacedInput): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  const visit = (node: ElkNode, left: number, top: number): void => {
    for (const child of node.children ?? []) {
      const x = left + (child.x ?? 0);
      const y = top + (child.y ?? 0);
      if (child.id.startsWith(GROUP)) visit(child, x, y);
      else places.set(child.id, { x, y });
    }
  };
  visit(laidOut, 0, 0);
  for (const [callee, caller] of calleesOf(document, chosenOf({ document, ids }))) {
    const place = places.get(caller);
    if (place !== undefined) places.set(callee, { x: place.x, y: place.y + CALLEE_PITCH });
  }
  return places;
}
