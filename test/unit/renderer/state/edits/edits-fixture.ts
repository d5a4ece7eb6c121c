/** Designs that the tests of edits change. */
import * as catalog from '#catalog/specs.ts';
import { addLink } from '#renderer/state/edits/add-link.ts';
import { addNode } from '#renderer/state/edits/add-node.ts';
import { LinkJudge } from '#renderer/state/edits/link-offer.ts';
import { type CaudalDocument, documentSchema } from '#schema/document.ts';

export const empty: CaudalDocument = documentSchema.parse({ schemaVersion: 1, name: 'test', nodes: [] });

/** One node of each type, left to right, not linked. */
export function withNodes(...types: readonly string[]): CaudalDocument {
  let document = empty;
  for (const [index, type] of types.entries()) {
    document = addNode(catalog, document, type, { x: index * 220, y: 0 })?.document ?? document;
  }
  return document;
}

/** Links a port of one node to another node by the likeliest way. */
export function linked(document: CaudalDocument, node: string, port: string, target: string): CaudalDocument {
  const offer = new LinkJudge(catalog, document, { node, port }).offer(target);
  if (offer.kind === 'refused') throw new Error(offer.message);
  return addLink(catalog, document, offer.options[0]).document;
}

/** Source, stream and function, linked. */
export function chain(): CaudalDocument {
  const nodes = withNodes('traffic-source', 'kinesis-data-streams', 'lambda');
  const put = linked(nodes, 'traffic-source', 'output', 'kinesis-data-streams');
  return linked(put, 'kinesis-data-streams', 'consumers', 'lambda');
}
