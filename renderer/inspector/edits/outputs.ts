/** Outputs of a node that emits: added, and removed with the links that leave by them. */
import { freeId } from '#renderer/state/edits/free-id.ts';
import type { Port } from '#schema/component.ts';
import type { CaudalDocument, DocumentNode } from '#schema/document.ts';
import { emitSchema } from '#schema/emit.ts';

/** Ids that no new output of the node may have: those of its outputs and of its ports. */
export function takenOutputs(node: DocumentNode, ports: readonly Port[]): ReadonlySet<string> {
  return new Set([...ports.map(({ id }) => id), ...node.outputs.map(({ id }) => id)]);
}

export function addOutput(document: CaudalDocument, id: string, port: string, ports: readonly Port[]): CaudalDocument {
  return changeNode(document, id, (node) => ({
    ...node,
    outputs: [...node.outputs, { id: freeId('output', takenOutputs(node, ports)), port, emit: emitSchema.parse({}) }],
  }));
}

export function removeOutput(document: CaudalDocument, id: string, output: string): CaudalDocument {
  const changed = changeNode(document, id, (node) => ({
    ...node,
    outputs: node.outputs.filter((own) => own.id !== output),
  }));
  return { ...changed, edges: document.edges.filter((edge) => edge.source !== id || edge.output !== output) };
}

function changeNode(
  document: CaudalDocument,
  id: string,
  change: (node: DocumentNode) => DocumentNode,
): CaudalDocument {
  return { ...document, nodes: document.nodes.map((node) => (node.id === id ? change(node) : node)) };
}
