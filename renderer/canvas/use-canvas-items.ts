/** Nodes and edges with what is selected and what is being dragged, and what becomes of the changes React Flow asks for. */
import type { EdgeChange, NodeChange, XYPosition } from '@xyflow/react';
import { useMemo, useState } from 'react';
import { type Selected, selectMany, useApp } from '#renderer/state/app-store.ts';
import { currentDocument, edit } from '#renderer/state/document-store.ts';
import { moveNodes } from '#renderer/state/edits/places.ts';
import { namesOf } from '#renderer/state/edits/remove-items.ts';
import type { CaudalDocument } from '#schema/document.ts';
import { type CardNode, type FlowEdgeType, type Graph, graphOf } from './graph.ts';

type Places = ReadonlyMap<string, XYPosition>;

export interface CanvasItems extends Graph {
  readonly takeNodeChanges: (changes: readonly NodeChange<CardNode>[]) => void;
  readonly takeEdgeChanges: (changes: readonly EdgeChange<FlowEdgeType>[]) => void;
}

const nowhere: Places = new Map();

export function useCanvasItems(document: CaudalDocument): CanvasItems {
  const selected = useApp((state) => state.selected);
  // A drag stays here until it ends: one step of undo, and no other view is redrawn for it.
  const [dragged, setDragged] = useState(nowhere);
  const graph = useMemo(() => graphOf(document), [document]);
  const nodes = useMemo(() => shownNodes(graph.nodes, selected, dragged), [graph, selected, dragged]);
  const edges = useMemo(() => shownEdges(graph.edges, selected), [graph, selected]);
  const takeNodeChanges = (changes: readonly NodeChange<CardNode>[]): void => {
    takeSelection('nodes', changes);
    const moves = changes.filter((change) => change.type === 'position');
    if (moves.length === 0) return;
    const places = new Map(dragged);
    for (const { id, position } of moves) if (position !== undefined) places.set(id, position);
    if (moves.some(({ dragging }) => dragging)) setDragged(places);
    else {
      setDragged(nowhere);
      commitMove(places);
    }
  };
  return { nodes, edges, takeNodeChanges, takeEdgeChanges: (changes) => takeSelection('edges', changes) };
}

function commitMove(places: Places): void {
  const document = currentDocument();
  if (document === undefined) return;
  const names = namesOf(document, { nodes: [...places.keys()], edges: [] });
  edit(`move ${names}`, (before) => moveNodes(before, places));
}

function shownNodes(nodes: CardNode[], { nodes: ids }: Selected, dragged: Places): CardNode[] {
  if (ids.length === 0 && dragged.size === 0) return nodes;
  const chosen = new Set(ids);
  return nodes.map((node) => {
    const position = dragged.get(node.id);
    const isSelected = chosen.has(node.id);
    if (position === undefined && !isSelected) return node;
    const dragging = position !== undefined;
    return shown(node, isSelected, position ?? node.position, dragging);
  });
}

/** The same object for the same look: React Flow redraws what is another. */
const looks = new WeakMap<CardNode, CardNode>();

function shown(node: CardNode, selected: boolean, position: XYPosition, dragging: boolean): CardNode {
  const known = looks.get(node);
  if (
    known?.selected === selected &&
    known.dragging === dragging &&
    known.position.x === position.x &&
    known.position.y === position.y
  )
    return known;
  const look = { ...node, selected, position, dragging };
  looks.set(node, look);
  return look;
}

function shownEdges(edges: FlowEdgeType[], { edges: ids }: Selected): FlowEdgeType[] {
  if (ids.length === 0) return edges;
  const chosen = new Set(ids);
  return edges.map((edge) => (chosen.has(edge.id) ? { ...edge, selected: true, reconnectable: true } : edge));
}

function takeSelection(
  list: keyof Selected,
  changes: readonly (NodeChange<CardNode> | EdgeChange<FlowEdgeType>)[],
): void {
  const found = changes.filter((change) => change.type === 'select');
  if (found.length === 0) return;
  const { selected } = useApp.getState();
  const ids = new Set(selected[list]);
  for (const { id, selected: isChosen } of found) {
    if (isChosen) ids.add(id);
    else ids.delete(id);
  }
  selectMany({ ...selected, [list]: [...ids] });
}
