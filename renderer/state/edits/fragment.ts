/**
 * A part of a design by itself: what copy puts on the clipboard, as text that other windows and editors can read, and what
 * paste and duplicate set into a document under new ids.
 */
import { z } from 'zod';
import type { Place } from '#drawing/layered-layout.ts';
import { type CaudalDocument, documentLimits, edgeSchema, nodeSchema } from '#schema/document.ts';
import { workloadSchema } from '#schema/workload.ts';
import { freeId, takenIds } from './free-id.ts';

const fragmentSchema = z.strictObject({
  caudal: z.literal('fragment'),
  nodes: z.array(nodeSchema).min(1).max(documentLimits.nodes),
  edges: z.array(edgeSchema).max(documentLimits.edges),
  workloads: z.array(workloadSchema).max(200),
});

export type Fragment = z.infer<typeof fragmentSchema>;

/** The nodes with the edges among them and their loads; undefined when no node is chosen. */
export function fragmentOf(document: CaudalDocument, ids: readonly string[]): Fragment | undefined {
  const chosen = new Set(ids);
  const nodes = document.nodes.filter(({ id }) => chosen.has(id));
  if (nodes.length === 0) return undefined;
  return {
    caudal: 'fragment',
    nodes,
    edges: document.edges.filter(({ source, target }) => chosen.has(source) && chosen.has(target)),
    workloads: document.workloads.filter(({ node }) => chosen.has(node)),
  };
}

export function fragmentText(fragment: Fragment): string {
  return JSON.stringify(fragment, null, 2);
}

/** Reads what was copied; undefined for any other text. */
export function readFragment(text: string): Fragment | undefined {
  if (text.length > documentLimits.bytes || !text.trimStart().startsWith('{')) return undefined;
  try {
    const parsed = fragmentSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

export interface Inserted {
  readonly document: CaudalDocument;
  /** Of the new nodes, in the order of the fragment. */
  readonly ids: readonly string[];
}

/** Sets a fragment into a document, moved by `offset`. Undefined where the document would grow beyond its limits. */
export function insertFragment(document: CaudalDocument, fragment: Fragment, offset: Place): Inserted | undefined {
  if (document.nodes.length + fragment.nodes.length > documentLimits.nodes) return undefined;
  if (document.edges.length + fragment.edges.length > documentLimits.edges) return undefined;
  const taken = takenIds(document);
  const claim = (base: string): string => {
    const id = freeId(base, taken);
    taken.add(id);
    return id;
  };
  const renamed = new Map(fragment.nodes.map(({ id }) => [id, claim(id)]));
  const name = (id: string): string => renamed.get(id) ?? id;
  const loads = new Set(document.workloads.map(({ id }) => id));
  const workloads = fragment.workloads.map((workload) => {
    const id = freeId(workload.id, loads);
    loads.add(id);
    return { ...workload, id, node: name(workload.node) };
  });
  const nodes = fragment.nodes.map((node) => ({
    ...node,
    id: name(node.id),
    label: node.label === node.id ? name(node.id) : node.label,
    position: { x: node.position.x + offset.x, y: node.position.y + offset.y },
  }));
  const edges = fragment.edges.map((edge) => ({
    ...edge,
    id: claim(edge.id),
    source: name(edge.source),
    target: name(edge.target),
  }));
  return {
    document: {
      ...document,
      nodes: [...document.nodes, ...nodes],
      edges: [...document.edges, ...edges],
      workloads: workloads.length === 0 ? document.workloads : [...document.workloads, ...workloads],
    },
    ids: nodes.map(({ id }) => id),
  };
}
