/** The document as React Flow takes it: constant until the document changes; what a run changes is drawn by the cards. */
import type { Edge, Node } from '@xyflow/react';
import { departureOf } from '#analysis/catalog.ts';
import { components } from '#catalog/specs.ts';
import { isUnplaced, layeredLayout } from '#drawing/layered-layout.ts';
import { cardSize } from '#drawing/node-card.ts';
import type { CaudalDocument } from '#schema/document.ts';

export interface CardData extends Record<string, unknown> {
  readonly type: string;
  readonly label: string;
  readonly title: string;
  /** Ports that have an edge, in the order in which they are declared. */
  readonly portsIn: readonly string[];
  readonly portsOut: readonly string[];
}

export type CardNode = Node<CardData, 'card'>;
export type FlowEdgeType = Edge<Record<string, unknown>, 'flow'>;

export interface Graph {
  readonly nodes: CardNode[];
  readonly edges: FlowEdgeType[];
}

export function graphOf(document: CaudalDocument): Graph {
  const edges = document.edges.map((edge) => ({
    id: edge.id,
    type: 'flow' as const,
    source: edge.source,
    target: edge.target,
    sourceHandle: departingPort(document, edge.source, edge.output),
    targetHandle: edge.port,
    ariaLabel: `Connection ${edge.id}, from ${edge.source} to ${edge.target}`,
  }));
  const places = placesOf(document);
  const nodes = document.nodes.map((node) => {
    const spec = components.get(node.type)?.declaration;
    const linked = (direction: 'in' | 'out'): string[] => {
      const used = new Set(
        direction === 'in'
          ? edges.filter(({ target }) => target === node.id).map(({ targetHandle }) => targetHandle)
          : edges.filter(({ source }) => source === node.id).map(({ sourceHandle }) => sourceHandle),
      );
      return (spec?.ports ?? [])
        .filter((port) => port.direction === direction && used.has(port.id))
        .map(({ id }) => id);
    };
    const label = node.label === '' ? node.id : node.label;
    const title = spec?.title ?? node.type;
    return {
      id: node.id,
      type: 'card' as const,
      position: places.get(node.id) ?? node.position,
      width: cardSize.width,
      height: cardSize.height,
      data: { type: node.type, label, title, portsIn: linked('in'), portsOut: linked('out') },
      ariaLabel: `${label}, ${title}`,
    };
  });
  return { nodes, edges };
}

/** Hand-written documents may leave all positions out. */
function placesOf({ nodes, edges }: CaudalDocument): ReadonlyMap<string, { readonly x: number; readonly y: number }> {
  if (!isUnplaced(nodes.map(({ position }) => position))) return new Map();
  return layeredLayout(
    nodes.map(({ id }) => id),
    edges,
  );
}

function departingPort(document: CaudalDocument, source: string, output: string): string {
  const node = document.nodes.find(({ id }) => id === source);
  const ports = components.get(node?.type ?? '')?.declaration.ports ?? [];
  return departureOf(ports, node ?? { outputs: [] }, output)?.port.id ?? output;
}
