/** New ids for things of a document: all that names them follows. */
import type { CaudalDocument, DocumentNode } from '#schema/document.ts';

const ID = /^[a-z0-9-]{1,64}$/;

/** What is wrong with an id, in words; undefined where it may be used. `taken`: by others. */
export function idFault(id: string, taken: ReadonlySet<string>): string | undefined {
  if (!ID.test(id)) return 'Use 1 to 64 lower-case letters, digits and hyphens.';
  return taken.has(id) ? `${id} is taken already. Choose another name.` : undefined;
}

export function renameNode(document: CaudalDocument, from: string, to: string): CaudalDocument {
  const renamed = (id: string): string => (id === from ? to : id);
  const owned = <Item extends { readonly node?: string | undefined }>(item: Item): Item =>
    item.node === from ? { ...item, node: to } : item;
  return {
    ...document,
    nodes: document.nodes.map((node) => (node.id === from ? { ...node, id: to } : node)),
    edges: document.edges.map((edge) =>
      edge.source === from || edge.target === from
        ? { ...edge, source: renamed(edge.source), target: renamed(edge.target) }
        : edge,
    ),
    workloads: document.workloads.map(owned),
    faults: document.faults.map(owned),
    objectives: document.objectives.map((objective) => ('node' in objective ? owned(objective) : objective)),
    groups: document.groups.map((group) =>
      group.nodes.includes(from) ? { ...group, nodes: group.nodes.map(renamed) } : group,
    ),
  };
}

/** Edges that leave by the output follow. */
export function renameOutput(document: CaudalDocument, node: string, from: string, to: string): CaudalDocument {
  const renamed = (owner: DocumentNode): DocumentNode => ({
    ...owner,
    outputs: owner.outputs.map((output) => (output.id === from ? { ...output, id: to } : output)),
  });
  return {
    ...document,
    nodes: document.nodes.map((owner) => (owner.id === node ? renamed(owner) : owner)),
    edges: document.edges.map((edge) =>
      edge.source === node && edge.output === from ? { ...edge, output: to } : edge,
    ),
  };
}

export type NamedList = 'edges' | 'workloads' | 'faults' | 'objectives';

/** For things that nothing else names. */
export function renameItem(document: CaudalDocument, list: NamedList, from: string, to: string): CaudalDocument {
  const items: readonly { readonly id: string }[] = document[list];
  return { ...document, [list]: items.map((item) => (item.id === from ? { ...item, id: to } : item)) };
}
