import {
  Background,
  BackgroundVariant,
  Controls,
  type FinalConnectionState,
  type HandleType,
  MiniMap,
  type OnConnectStartParams,
  ReactFlow,
  ReactFlowProvider,
  SelectionMode,
  useStore,
} from '@xyflow/react';
import { type DragEvent, type ReactNode, useEffect, useRef } from 'react';

import type { Place } from '#drawing/layered-layout.ts';
import { useIsAwsMode } from '#renderer/aws/part-states.ts';
import { LayoutWork } from '#renderer/layout/LayoutWork.tsx';
import { BottleneckCard } from '#renderer/runs/BottleneckCard.tsx';
import { setOverview } from '#renderer/runs/overlay.ts';
import { select } from '#renderer/state/app-store.ts';
import { addComponent } from '#renderer/state/canvas-commands.ts';
import { useDocumentState } from '#renderer/state/document-store.ts';
import { gridPitch } from '#renderer/state/edits/places.ts';
import { DocumentFaults } from '#renderer/ui/DocumentFaults.tsx';
import { useIsDark } from '#renderer/ui/theme.ts';
import type { CaudalDocument } from '#schema/document.ts';
import { openMenuUnder } from './canvas-menu.ts';
import { DropNotes } from './DropNotes.tsx';
import { draggedType, isComponentDrag } from './drag-data.ts';
import { FlowEdge } from './FlowEdge.tsx';
import { GroupLayer } from './GroupLayer.tsx';
import type { CardNode, FlowEdgeType } from './graph.ts';
import { beginLink, beginMove, dropLink, dropLinkOnCanvas, setFar, setHovered } from './linking.ts';
import { NodeCard } from './NodeCard.tsx';
import { SelectionBar } from './SelectionBar.tsx';
import { useCanvasItems } from './use-canvas-items.ts';
import { FIT, useViewport } from './use-viewport.ts';

const nodeTypes = { card: NodeCard };
const edgeTypes = { flow: FlowEdge };

/** Below these zooms small text would be under 9 px, and so would the label. */
const MID_ZOOM = 0.8;
const FAR_ZOOM = 0.47;
/** A link that is let go nearer to its port, in canvas units, was not meant. */
const FAR_DROP = 80;
/** From here on a map of the whole is of help. */
const MANY_NODES = 40;
const MAP_SIZE = { width: 150, height: 96 };
const GRID: [number, number] = [gridPitch, gridPitch];
const MULTI_SELECT_KEYS = ['Shift', 'Meta', 'Control'];

export function Canvas({ document }: { readonly document: CaudalDocument }): ReactNode {
  return (
    <ReactFlowProvider>
      <Flow document={document} />
    </ReactFlowProvider>
  );
}

function Flow({ document }: { readonly document: CaudalDocument }): ReactNode {
  const isDark = useIsDark();
  const isAws = useIsAwsMode();
  const isReadOnly = useDocumentState((state) => state.isReadOnly);
  const detail = useStore(({ transform }) => detailAt(transform[2]));
  const isFar = detail.includes('far');
  useEffect(() => {
    setFar(isFar);
    setOverview(isFar);
  }, [isFar]);
  const isLinking = useStore(({ connection }) => connection.inProgress);
  const frame = useRef<HTMLDivElement>(null);
  const { hold, toCanvas } = useViewport(frame);
  const items = useCanvasItems(document);
  return (
    <div
      ref={frame}
      className={`canvas ${detail}${isLinking ? ' canvas-linking' : ''}${isAws ? ' canvas-aws' : ''}`}
      onContextMenu={(event) => {
        if (openMenuUnder(event.target, { x: event.clientX, y: event.clientY }, toCanvas)) event.preventDefault();
      }}
      onDragOver={allowDrop}
      onDrop={(event) => {
        const type = draggedType(event.dataTransfer);
        if (type === undefined) return;
        event.preventDefault();
        addComponent(type, toCanvas({ x: event.clientX, y: event.clientY }));
      }}
    >
      <ReactFlow<CardNode, FlowEdgeType>
        nodes={items.nodes}
        edges={items.edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        colorMode={isDark ? 'dark' : 'light'}
        nodesDraggable={!isReadOnly}
        nodesConnectable={!isReadOnly}
        connectOnClick={false}
        connectionRadius={0}
        edgesFocusable
        onlyRenderVisibleElements
        snapToGrid
        snapGrid={GRID}
        minZoom={FIT.minZoom}
        maxZoom={2}
        fitView
        fitViewOptions={FIT}
        selectionMode={SelectionMode.Partial}
        multiSelectionKeyCode={MULTI_SELECT_KEYS}
        onMove={(event) => {
          if (event !== null) hold(true);
        }}
        onNodesChange={items.takeNodeChanges}
        onEdgesChange={items.takeEdgeChanges}
        onNodeMouseEnter={(_event, { id }) => setHovered(id)}
        onNodeMouseLeave={() => setHovered(undefined)}
        onConnectStart={onConnectStart}
        edgesReconnectable={false}
        {...(isReadOnly ? {} : moveLinks)}
        onConnectEnd={(event, state) => onConnectEnd(event, state, toCanvas)}
        onPaneClick={() => select(undefined)}
        onError={ignoreDraftFaults}
        deleteKeyCode={null}
        panActivationKeyCode={null}
      >
        <Background variant={BackgroundVariant.Dots} gap={20} size={1.2} />
        <GroupLayer nodes={items.nodes} />
        <Controls
          showInteractive={false}
          position="bottom-left"
          aria-label="Zoom"
          onFitView={() => hold(false)}
          fitViewOptions={FIT}
        />
        {document.nodes.length >= MANY_NODES && (
          <MiniMap
            position="bottom-right"
            style={MAP_SIZE}
            pannable
            zoomable
            ariaLabel="Map of the design"
            nodeBorderRadius={8}
          />
        )}
      </ReactFlow>
      <DocumentFaults />
      <SelectionBar />
      <LayoutWork />
      <DropNotes />
      {!isAws && <BottleneckCard />}
    </div>
  );
}

function detailAt(zoom: number): string {
  if (zoom < FAR_ZOOM) return 'canvas-mid canvas-far';
  return zoom < MID_ZOOM ? 'canvas-mid' : '';
}

/** The ends of a selected edge can be dragged. What comes of it is decided where the drag ends, as for a new link. */
const moveLinks = {
  onReconnect: () => undefined,
  onReconnectStart: (_event: unknown, edge: FlowEdgeType, fixed: HandleType) => beginMove(edge.id, fixed),
};

function allowDrop(event: DragEvent): void {
  if (!isComponentDrag(event.dataTransfer)) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = 'copy';
}

function onConnectStart(_event: MouseEvent | TouchEvent, { nodeId, handleId }: OnConnectStartParams): void {
  if (nodeId === null || handleId === null) return;
  beginLink({ node: nodeId, port: handleId });
}

/** What counts is what is under the pointer: the whole card takes the link, not only its port. */
function onConnectEnd(
  event: MouseEvent | TouchEvent,
  { from }: FinalConnectionState,
  toCanvas: (screen: Place) => Place,
): void {
  const point = 'changedTouches' in event ? event.changedTouches[0] : event;
  if (point === undefined) return;
  const at = { x: point.clientX, y: point.clientY };
  const found = document.elementFromPoint(at.x, at.y);
  const node = found?.closest('.react-flow__node')?.getAttribute('data-id') ?? undefined;
  const port = found?.closest('.port')?.getAttribute('data-port') ?? undefined;
  const place = toCanvas(at);
  const isFar = from !== null && Math.hypot(place.x - from.x, place.y - from.y) > FAR_DROP;
  const isOverCanvas = (found?.closest('.react-flow__pane') ?? null) !== null;
  if (node === undefined && isFar && isOverCanvas) dropLinkOnCanvas(place);
  else dropLink(at, node, port);
}

/** A draft may have edges to ports that do not exist: they are told as faults, and not drawn. */
function ignoreDraftFaults(): void {
  return undefined;
}
