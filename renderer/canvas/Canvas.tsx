import {
  Background,
  BackgroundVariant,
  Controls,
  type EdgeChange,
  type NodeChange,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
  useStore,
} from '@xyflow/react';
import { type ReactNode, useEffect, useMemo, useRef } from 'react';
import { select, useApp } from '#renderer/state/app-store.ts';
import { useIsDark } from '#renderer/ui/theme.ts';
import type { CaudalDocument } from '#schema/document.ts';
import { BottleneckCard } from './BottleneckCard.tsx';
import { FlowEdge } from './FlowEdge.tsx';
import { type CardNode, type FlowEdgeType, graphOf } from './graph.ts';
import { NodeCard } from './NodeCard.tsx';

const nodeTypes = { card: NodeCard };
const edgeTypes = { flow: FlowEdge };

/** Text gives way to icon, border and face below this zoom. */
const FAR_ZOOM = 0.4;
const FIT = { padding: 0.14, maxZoom: 1.15, minZoom: 0.1 } as const;
/** The panels have settled when the size has not changed for this long. */
const SETTLED_MS = 60;

export function Canvas({ document }: { readonly document: CaudalDocument }): ReactNode {
  return (
    <ReactFlowProvider>
      <Flow document={document} />
    </ReactFlowProvider>
  );
}

function Flow({ document }: { readonly document: CaudalDocument }): ReactNode {
  const isDark = useIsDark();
  const isFar = useStore(({ transform }) => transform[2] < FAR_ZOOM);
  const frame = useRef<HTMLDivElement>(null);
  const holdView = useFitting(frame);
  const { nodes, edges } = useSelectedGraph(document);
  return (
    <div ref={frame} className={isFar ? 'canvas canvas-far' : 'canvas'}>
      <ReactFlow<CardNode, FlowEdgeType>
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        colorMode={isDark ? 'dark' : 'light'}
        nodesDraggable={false}
        nodesConnectable={false}
        edgesFocusable
        onlyRenderVisibleElements
        minZoom={0.1}
        maxZoom={2}
        fitView
        fitViewOptions={FIT}
        onMoveStart={(event) => {
          if (event !== null) holdView();
        }}
        onNodesChange={(changes) => followSelection('node', changes)}
        onEdgesChange={(changes) => followSelection('edge', changes)}
        onPaneClick={() => select(undefined)}
        deleteKeyCode={null}
      >
        <Background variant={BackgroundVariant.Dots} gap={20} size={1.2} />
        <Controls showInteractive={false} position="bottom-left" aria-label="Zoom" />
      </ReactFlow>
      <BottleneckCard />
    </div>
  );
}

/** What React Flow selects by click or key becomes the selection; what it lets go of ends it only if it is still that. */
function followSelection(
  kind: 'node' | 'edge',
  changes: readonly (NodeChange<CardNode> | EdgeChange<FlowEdgeType>)[],
): void {
  const { selection } = useApp.getState();
  const found = changes.filter((change) => change.type === 'select');
  const chosen = found.find(({ selected }) => selected);
  if (chosen !== undefined) select({ kind, id: chosen.id });
  else if (found.some(({ id }) => selection?.kind === kind && selection.id === id)) select(undefined);
}

/** The graph, with what is selected marked. */
function useSelectedGraph(document: CaudalDocument): { nodes: CardNode[]; edges: FlowEdgeType[] } {
  const selection = useApp((state) => state.selection);
  const graph = useMemo(() => graphOf(document), [document]);
  return useMemo(() => {
    if (selection === undefined) return graph;
    const mark = <T extends { id: string }>(items: T[]): T[] =>
      items.map((item) => (item.id === selection.id ? { ...item, selected: true } : item));
    return selection.kind === 'node' ? { ...graph, nodes: mark(graph.nodes) } : { ...graph, edges: mark(graph.edges) };
  }, [graph, selection]);
}

/** Fits the view whenever the panels around have settled, until the user moves it. Returns what to call then. */
function useFitting(frame: { readonly current: HTMLDivElement | null }): () => void {
  const { fitView } = useReactFlow();
  const isHeld = useRef(false);
  useEffect(() => {
    if (frame.current === null) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const observer = new ResizeObserver(() => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        if (!isHeld.current) void fitView(FIT);
      }, SETTLED_MS);
    });
    observer.observe(frame.current);
    return () => {
      clearTimeout(timer);
      observer.disconnect();
    };
  }, [fitView, frame]);
  return () => {
    isHeld.current = true;
  };
}
