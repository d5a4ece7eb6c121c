/**
 * The document as React Flow takes it. Cards and edges are made once for each state of their node or edge, so that a change
 * redraws what it changed; what a run changes is drawn by the cards.
 */
import { type Edge, type Node, Position } from '@xyflow/react';
import { departureOf } from '#analysis/catalog.ts';
import { components } from '#catalog/specs.ts';
import { isUnplaced, layeredLayout } from '#drawing/layered-layout.ts';
import { cardSize } from '#drawing/node-card.ts';
import { type Anchor, portAnchors, type Side } from '#drawing/port-anchors.ts';
import type { CaudalDocument, DocumentEdge, DocumentNode } from '#schema/document.ts';
import type { EdgeKind } from '#schema/protocols.ts';

export interface CardData extends Record<string, unknown> {
  readonly type: string;
  readonly label: string;
  readonly title: string;
  readonly anchors: readonly Anchor[];
}

export interface EdgeData extends Record<string, unknown> {
  readonly kind: EdgeKind;
}

export type CardNode = Node<CardData, 'card'>;
export type FlowEdgeType = Edge<EdgeData, 'flow'>;

export interface Graph {
  readonly nodes: CardNode[];
  readonly edges: FlowEdgeType[];
}

export const sides: Readonly<Record<Side, Position>> = {
  left: Position.Left,
  right: Position.Right,
  top: Position.Top,
  bottom: Position.Bottom,
};

const cards = new WeakMap<DocumentNode, CardNode>();
const links = new WeakMap<DocumentEdge, FlowEdgeType>();
const anchorsByType = new Map<string, readonly Anchor[]>();

export function graphOf(document: CaudalDocument): Graph {
  const nodes = new Map(document.nodes.map((node) => [node.id, node]));
  const places = placesOf(document);
  return {
    nodes: document.nodes.map((node) => cardOf(node, places.get(node.id))),
    edges: document.edges
      .filter(({ source, target }) => nodes.has(source) && nodes.has(target))
      .map((edge) => linkOf(edge, nodes.get(edge.source))),
  };
}

function cardOf(node: DocumentNode, place: { readonly x: number; readonly y: number } | undefined): CardNode {
  const known = cards.get(node);
  if (known !== undefined && place === undefined) return known;
  const title = components.get(node.type)?.declaration.title ?? node.type;
  const label = node.label === '' ? node.id : node.label;
  const anchors = anchorsOf(node.type);
  const card: CardNode = {
    id: node.id,
    type: 'card',
    position: place ?? node.position,
    width: cardSize.width,
    height: cardSize.height,
    // Said, not measured: edges can then be drawn to cards that are not.
    measured: { width: cardSize.width, height: cardSize.height },
    handles: anchors.map(({ port, side, x, y }) => ({
      id: port.id,
      type: port.direction === 'in' ? 'target' : 'source',
      position: sides[side],
      x,
      y,
      width: 0,
      height: 0,
    })),
    data: { type: node.type, label, title, anchors },
    ariaLabel: `${label}, ${title}`,
  };
  if (place === undefined) cards.set(node, card);
  return card;
}

function anchorsOf(type: string): readonly Anchor[] {
  const known = anchorsByType.get(type);
  if (known !== undefined) return known;
  const anchors = portAnchors(components.get(type)?.declaration.ports ?? []);
  anchorsByType.set(type, anchors);
  return anchors;
}

function linkOf(edge: DocumentEdge, source: DocumentNode | undefined): FlowEdgeType {
  const sourceHandle = departingPort(source, edge.output);
  const known = links.get(edge);
  if (known?.sourceHandle === sourceHandle) return known;
  const link: FlowEdgeType = {
    id: edge.id,
    type: 'flow',
    source: edge.source,
    target: edge.target,
    sourceHandle,
    targetHandle: edge.port,
    data: { kind: edge.kind },
    ariaLabel: `Connection ${edge.id}, from ${edge.source} to ${edge.target}`,
  };
  links.set(edge, link);
  return link;
}

/** Hand-written documents may leave all positions out. */
function placesOf({ nodes, edges }: CaudalDocument): ReadonlyMap<string, { readonly x: number; readonly y: number }> {
  if (!isUnplaced(nodes.map(({ position }) => position))) return new Map();
  return layeredLayout(
    nodes.map(({ id }) => id),
    edges,
  );
}

function departingPort(source: DocumentNode | undefined, output: string): string {
  const ports = components.get(source?.type ?? '')?.declaration.ports ?? [];
  return departureOf(ports, source ?? { outputs: [] }, output)?.port.id ?? output;
}
