/** What a person calls a node or a link: tables show it instead of the id, which the canvas does not show. */
import type { CaudalDocument } from '#schema/document.ts';

/** A node by its label, a link by the nodes it joins; what is in the design no more by its id. */
export function placeName(document: Pick<CaudalDocument, 'nodes' | 'edges'>, id: string): string {
  const edge = document.edges.find((own) => own.id === id);
  if (document.nodes.some((node) => node.id === id) || edge === undefined) return nodeName(document, id);
  return `${nodeName(document, edge.source)} → ${nodeName(document, edge.target)}`;
}

function nodeName({ nodes }: Pick<CaudalDocument, 'nodes'>, id: string): string {
  const label = nodes.find((node) => node.id === id)?.label ?? '';
  return label === '' ? id : label;
}
