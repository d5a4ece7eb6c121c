/** Views of nodes and edges, made once for each state of the results, so that a card redraws only when it must. */
import { components } from '#catalog/specs.ts';
import { type EdgeView, edgeView } from '#drawing/edge-view.ts';
import { type NodeView, nodeView } from '#drawing/node-view.ts';
import { currentResults, type RunResults, useResultsPart } from '#renderer/runs/run-results.ts';

interface Made {
  readonly nodes: Map<string, NodeView | undefined>;
  readonly edges: Map<string, EdgeView | undefined>;
}

let madeOf: RunResults | undefined;
let made: Made = { nodes: new Map(), edges: new Map() };

function views(): Made {
  const results = currentResults();
  if (results !== madeOf) {
    madeOf = results;
    made = { nodes: new Map(), edges: new Map() };
  }
  return made;
}

export function useNodeView(id: string, type: string): NodeView | undefined {
  return useResultsPart(({ shown }) => {
    const { nodes } = views();
    const spec = components.get(type);
    if (!nodes.has(id)) nodes.set(id, shown && spec ? nodeView(id, spec, shown) : undefined);
    return nodes.get(id);
  });
}

export function useEdgeView(id: string): EdgeView | undefined {
  return useResultsPart(({ shown }) => {
    const { edges } = views();
    if (!edges.has(id)) edges.set(id, shown && edgeView(id, shown));
    return edges.get(id);
  });
}
