/** A new node at the end of a link that was let go over empty canvas. */
import type { Catalog } from '#analysis/catalog.ts';
import type { Place } from '#drawing/layered-layout.ts';
import type { ComponentDeclaration, Port } from '#schema/component.ts';
import type { CaudalDocument } from '#schema/document.ts';
import { addLink } from './add-link.ts';
import { type Added, addNode } from './add-node.ts';
import { agree } from './in-between.ts';
import { LinkJudge, type LinkStart } from './link-offer.ts';

/** The components that the port at which drawing began can be linked to. */
export function linkableComponents(
  catalog: Catalog,
  document: CaudalDocument,
  start: LinkStart,
): readonly ComponentDeclaration[] {
  const type = document.nodes.find(({ id }) => id === start.node)?.type ?? '';
  const begun = catalog.components.get(type)?.declaration.ports.find(({ id }) => id === start.port);
  if (begun === undefined) return [];
  const fits = (port: Port): boolean => port.direction !== begun.direction && agree(port, begun);
  return [...catalog.components.values()].map(({ declaration }) => declaration).filter(({ ports }) => ports.some(fits));
}

/** Adds the node and links it by the likeliest way; undefined where no link is legal. */
export function addLinkedNode(
  catalog: Catalog,
  document: CaudalDocument,
  start: LinkStart,
  type: string,
  position: Place,
): Added | undefined {
  const added = addNode(catalog, document, type, position);
  if (added === undefined) return undefined;
  const offer = new LinkJudge(catalog, added.document, start).offer(added.id);
  if (offer.kind === 'refused') return undefined;
  return { document: addLink(catalog, added.document, offer.options[0]).document, id: added.id };
}
