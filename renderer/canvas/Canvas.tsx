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

/** Below these zooms small text would be under 9 px, and so would the label. */
const MID_ZOOM = 0.8;
const FAR_ZOOM = 0.47;
const FIT = { padding: 0.1, maxZoom: 1.15, minZoom: 0.1 } as const;
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
  const detail = useStore(({ transform }) => detailAt(transform[2]));
  const frame = useRef<HTMLDivElement>(null);
  const hold = useFitting(frame);
  const { nodes, edges } = useSelectedGraph(document);
  return (
    <div ref={frame} className={`canvas ${detail}`}>
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
        onMove={(event) => {
          if (event !== null) hold(true);
        }}
        onNodesChange={(changes) => followSelection('node', changes)}
        onEdgesChange={(changes) => followSelection('edge', changes)}
        onPaneClick={() => select(undefined)}
        deleteKeyCode={null}
        panActivationKeyCode={null}
      >
        <Background variant={BackgroundVariant.Dots} gap={20} size={1.2} />
        <Controls
          showInteractive={false}
          position="bottom-left"
          aria-label="Zoom"
          onFitView={() => hold(false)}
          fitViewOptions={FIT}
        />
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

function detailAt(zoom: number): string {
  if (zoom < FAR_ZOOM) return 'canvas-mid canvas-far';
  return zoom < MID_ZOOM ? 'canvas-mid' : '';
}

/** Fits the view whenever the panels around have settled, unless the user holds it where it is. Returns how to say so. */
function useFitting(frame: { readonly current: HTMLDivElement | null }): (isHeld: boolean) => void {
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
  return (held) => {
    isHeld.current = held;
  };
}
