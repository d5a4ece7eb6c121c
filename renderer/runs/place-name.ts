/** What a person calls a node or a link: the window shows it instead of the id, which the canvas does not show. */
import type { CaudalDocument, DocumentEdge, DocumentNode } from '#schema/document.ts';

/** The part of a document that says what its nodes and links are called. */
export interface Named {
  readonly nodes: readonly Pick<DocumentNode, 'id' | 'label'>[];
  readonly edges: readonly Pick<DocumentEdge, 'id' | 'source' | 'target'>[];
}

/** A node by its label, with its id where another has the same label; a link by the nodes it joins; what is in the design no more by its id. */
export function placeName(document: Named, id: string): string {
  const edge = document.edges.find((own) => own.id === id);
  if (document.nodes.some((node) => node.id === id) || edge === undefined) return nodeName(document, id);
  return `${nodeName(document, edge.source)} → ${nodeName(document, edge.target)}`;
}

function nodeName({ nodes }: Named, id: string): string {
  const name = nodes.find((node) => node.id === id)?.label || id;
  const isShared = nodes.some((node) => node.id !== id && (node.label || node.id) === name);
  return isShared && name !== id ? `${name} (${id})` : name;
}

/** Whether an id is that of a node or of a link; neither for `account` and for what is in the design no more. */
export function placeKind({ nodes, edges }: Named, id: string | null): 'node' | 'edge' | undefined {
  if (nodes.some((node) => node.id === id)) return 'node';
  return edges.some((edge) => edge.id === id) ? 'edge' : undefined;
}

/** An objective by its words, or by its id where it has none. */
export function objectiveName({ objectives }: Pick<CaudalDocument, 'objectives'>, id: string): string {
  return objectives.find((own) => own.id === id)?.label || id;
}
