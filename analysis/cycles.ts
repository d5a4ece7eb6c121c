/**
 * Cycles that make at least as many records as they take would run for ever. A record that enters a node leaves by an edge
 * `gain` times on average; with G the matrix of these gains, records stay finite exactly when its spectral radius is below 1.
 *
 * I - G is then a non-singular M-matrix, which is so exactly when every pivot of an elimination is positive. That decides
 * the question in one pass, where a power iteration creeps on a long ring (its second eigenvalue lies 1/n^2 from the first).
 */
import type { CaudalDocument, DocumentEdge, DocumentNode } from '#schema/document.ts';
import { type Catalog, departureOf, nodesById, portOfOutput } from './catalog.ts';

/** A group of nodes that feed each other with a gain of 1 or more. */
export interface RunawayCycle {
  /** Ids of the nodes of one way round. */
  readonly nodes: readonly string[];
  /** Edge that closes it. */
  readonly edge: string;
  /** Expected records that come round for each record; Infinity where several loops amplify each other. */
  readonly gain: number;
}

/** Rounding in a product of gains that should be just below 1. */
const TOLERANCE = 1e-9;

interface Arc {
  readonly edge: DocumentEdge;
  readonly from: string;
  readonly to: string;
  readonly gain: number;
}

/** Every strongly connected group whose expected gain is 1 or more. */
export function runawayCycles(
  catalog: Catalog,
  document: Pick<CaudalDocument, 'nodes' | 'edges'>,
): readonly RunawayCycle[] {
  const arcs = arcsOf(catalog, document);
  return stronglyConnected(
    document.nodes.map((node) => node.id),
    arcs,
  ).flatMap((group) => {
    const inside = arcs.filter((arc) => group.has(arc.from) && group.has(arc.to));
    const gain = runawayGain(group, inside);
    return gain === undefined ? [] : [wayRound(inside, gain)];
  });
}

/** Records that leave by each edge for one record that enters its source. */
function arcsOf(catalog: Catalog, document: Pick<CaudalDocument, 'nodes' | 'edges'>): Arc[] {
  const nodes = nodesById(document);
  return document.edges.flatMap((edge) => {
    const source = nodes.get(edge.source);
    const ports = source && catalog.components.get(source.type)?.declaration.ports;
    const departure = source && ports && departureOf(ports, source, edge.output);
    if (!departure || edge.kind !== 'data' || !nodes.has(edge.target)) return [];
    if (departure.port.onFailure === true) return [];
    const gain = departure.kind === 'port' ? 1 : outputGain(source, departure.output, ports);
    return gain > 0 ? [{ edge, from: edge.source, to: edge.target, gain }] : [];
  });
}

/** Selectivity times the chance of being routed here. One record per batch counts in full: a batch may hold one record. */
function outputGain(
  node: DocumentNode,
  output: DocumentNode['outputs'][number],
  ports: Parameters<typeof portOfOutput>[0],
): number {
  const { selectivity, weight } = output.emit;
  if (weight === undefined) return selectivity;
  const port = portOfOutput(ports, output)?.id;
  const alternatives = node.outputs.filter((other) => portOfOutput(ports, other)?.id === port);
  const total = alternatives.reduce((sum, other) => sum + (other.emit.weight ?? 0), 0);
  return selectivity * (weight / total);
}

/** The gain where it is 1 or more, by eliminating the nodes one after the other, the least connected first. */
function runawayGain(group: ReadonlySet<string>, arcs: readonly Arc[]): number | undefined {
  const rows = new Map<string, Map<string, number>>();
  const columns = new Map<string, Set<string>>();
  for (const id of group) {
    rows.set(id, new Map());
    columns.set(id, new Set());
  }
  const add = (from: string, to: string, gain: number): void => {
    const row = rows.get(from);
    row?.set(to, (row.get(to) ?? 0) + gain);
    columns.get(to)?.add(from);
  };
  for (const arc of arcs) add(arc.from, arc.to, arc.gain);
  const left = new Set(group);
  while (left.size > 0) {
    const pivot = leastConnected(left, rows, columns);
    const row = rows.get(pivot) ?? new Map<string, number>();
    const loop = row.get(pivot) ?? 0;
    if (loop >= 1 - TOLERANCE) return loop;
    left.delete(pivot);
    for (const from of columns.get(pivot) ?? []) {
      if (from === pivot || !left.has(from)) continue;
      const into = rows.get(from)?.get(pivot) ?? 0;
      for (const [to, gain] of row) if (to !== pivot && left.has(to)) add(from, to, (into * gain) / (1 - loop));
      rows.get(from)?.delete(pivot);
    }
    for (const to of row.keys()) columns.get(to)?.delete(pivot);
  }
  return undefined;
}

function leastConnected(
  left: ReadonlySet<string>,
  rows: ReadonlyMap<string, ReadonlyMap<string, number>>,
  columns: ReadonlyMap<string, ReadonlySet<string>>,
): string {
  let best = '';
  let fewest = Number.POSITIVE_INFINITY;
  for (const id of left) {
    const fill = (rows.get(id)?.size ?? 0) * (columns.get(id)?.size ?? 0);
    if (fill < fewest) {
      fewest = fill;
      best = id;
    }
  }
  return best;
}

/** One closed walk through a group, for the message. */
function wayRound(arcs: readonly Arc[], gain: number): RunawayCycle {
  const out = new Map<string, Arc>();
  for (const arc of arcs) {
    const known = out.get(arc.from);
    if (known === undefined || arc.gain > known.gain) out.set(arc.from, arc);
  }
  const visited: string[] = [];
  let id = arcs[0]?.from ?? '';
  while (!visited.includes(id)) {
    visited.push(id);
    id = out.get(id)?.to ?? id;
  }
  const nodes = visited.slice(visited.indexOf(id));
  return { nodes, edge: out.get(nodes.at(-1) ?? '')?.edge.id ?? '', gain };
}

/** Tarjan's strongly connected components without recursion; only groups that hold a cycle. */
function stronglyConnected(ids: readonly string[], arcs: readonly Arc[]): ReadonlySet<string>[] {
  const next = new Map<string, string[]>(ids.map((id) => [id, []]));
  for (const arc of arcs) next.get(arc.from)?.push(arc.to);
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const onStack = new Set<string>();
  const groups: Set<string>[] = [];
  const close = (id: string): void => {
    if (low.get(id) !== order.get(id)) return;
    const group = new Set<string>();
    for (let member = ''; member !== id; ) {
      member = stack.pop() ?? id;
      onStack.delete(member);
      group.add(member);
    }
    if (group.size > 1 || next.get(id)?.includes(id)) groups.push(group);
  };
  for (const root of ids) {
    if (order.has(root)) continue;
    const calls: { id: string; child: number }[] = [{ id: root, child: 0 }];
    while (calls.length > 0) {
      const call = calls.at(-1) as { id: string; child: number };
      const { id } = call;
      if (call.child === 0) {
        order.set(id, order.size);
        low.set(id, order.get(id) ?? 0);
        stack.push(id);
        onStack.add(id);
      }
      const child = next.get(id)?.[call.child];
      call.child += 1;
      if (child === undefined) {
        calls.pop();
        const parent = calls.at(-1)?.id;
        if (parent !== undefined) low.set(parent, Math.min(low.get(parent) ?? 0, low.get(id) ?? 0));
        close(id);
      } else if (!order.has(child)) calls.push({ id: child, child: 0 });
      else if (onStack.has(child)) low.set(id, Math.min(low.get(id) ?? 0, order.get(child) ?? 0));
    }
  }
  return groups;
}
