/** Takes nodes and edges out of a document, with everything that would name what is gone. */
import type { CaudalDocument } from '#schema/document.ts';

export interface Items {
  readonly nodes: readonly string[];
  readonly edges: readonly string[];
}

export function removeItems(document: CaudalDocument, items: Items): CaudalDocument {
  const gone = new Set(items.nodes);
  const goneEdges = new Set(items.edges);
  const nodes = document.nodes.filter(({ id }) => !gone.has(id));
  const edges = document.edges.filter(
    ({ id, source, target }) => !goneEdges.has(id) && !gone.has(source) && !gone.has(target),
  );
  if (nodes.length === document.nodes.length && edges.length === document.edges.length) return document;
  if (nodes.length === document.nodes.length) return { ...document, edges };
  const stays = (owner: { readonly node?: string | undefined }): boolean =>
    owner.node === undefined || !gone.has(owner.node);
  return {
    ...document,
    nodes,
    edges,
    workloads: document.workloads.filter(stays),
    faults: document.faults.filter(stays),
    objectives: document.objectives.filter((objective) => !('node' in objective) || stays(objective)),
    groups: document.groups.map((group) =>
      group.nodes.some((id) => gone.has(id)) ? { ...group, nodes: group.nodes.filter((id) => !gone.has(id)) } : group,
    ),
  };
}

/** `clicks`, `3 nodes`, `2 connections`, `3 nodes and 2 connections`. */
export function namesOf(document: CaudalDocument, { nodes, edges }: Items): string {
  const [node] = nodes;
  if (nodes.length === 1 && edges.length === 0 && node !== undefined) {
    const label = document.nodes.find(({ id }) => id === node)?.label ?? '';
    return label === '' ? node : label;
  }
  return [counted(nodes.length, 'node'), counted(edges.length, 'connection')].filter(Boolean).join(' and ');
}

function counted(count: number, what: string): string {
  if (count === 0) return '';
  return count === 1 ? `1 ${what}` : `${count} ${what}s`;
}
