/** Draws a link that has been found legal, with its output and the settings its connection has by default. */
import { type Catalog, connectionFor } from '#analysis/catalog.ts';
import type { CaudalDocument, DocumentEdge, DocumentNode } from '#schema/document.ts';
import { emitSchema } from '#schema/emit.ts';
import type { Added } from './add-node.ts';
import { freeId, takenIds } from './free-id.ts';
import type { LinkOption } from './link-offer.ts';

export function addLink(catalog: Catalog, document: CaudalDocument, option: LinkOption): Added {
  const { source, output, target, targetPort } = option;
  const id = freeId(`${source.slice(0, 29)}-to-${target.slice(0, 29)}`, takenIds(document));
  const typeOf = (node: string): string => document.nodes.find((candidate) => candidate.id === node)?.type ?? '';
  const connection = connectionFor(catalog, typeOf(source), typeOf(target), targetPort.id);
  const defaults = connection?.declaration.config.safeParse({});
  const edge: DocumentEdge = {
    id,
    source,
    output,
    target,
    port: targetPort.id,
    kind: targetPort.kind,
    config: defaults?.success === true ? defaults.data : {},
  };
  const nodes = withNewOutput(document.nodes, option);
  return { document: { ...document, nodes, edges: [...document.edges, edge] }, id };
}

/** The nodes with the output that the option needs, where it does not exist yet. */
export function withNewOutput(nodes: DocumentNode[], option: LinkOption): DocumentNode[] {
  const { source, sourcePort, output, isNewOutput } = option;
  if (!isNewOutput) return nodes;
  return nodes.map((node) => (node.id === source ? withOutput(node, sourcePort.id, output) : node));
}

function withOutput(node: DocumentNode, port: string, id: string): DocumentNode {
  return { ...node, outputs: [...node.outputs, { id, port, emit: emitSchema.parse({}) }] };
}

/** The option in words, for a choice among several. */
export function optionWords({ sourcePort, output, isNewOutput, copies, targetPort }: LinkOption): string {
  const to = `into ${targetPort.label}`;
  if (sourcePort.emits !== true) return `${sourcePort.label} ${to}`;
  if (isNewOutput) return `A new output ${to}`;
  return copies === 0 ? `Output ${output} ${to}` : `The same records as output ${output}, ${to}`;
}
