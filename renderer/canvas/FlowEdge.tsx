import { EdgeLabelRenderer, type EdgeProps, getBezierPath, getSmoothStepPath, Position } from '@xyflow/react';
import { memo, type ReactNode } from 'react';
import { EdgeDeployment } from '#renderer/aws/EdgeDeployment.tsx';
import { useIsAwsMode, usePartState } from '#renderer/aws/part-states.ts';
import { useEdgeView } from '#renderer/runs/overlay.ts';
import { usePlayhead } from '#renderer/runs/playhead.ts';
import type { FlowEdgeType } from './graph.ts';
import { useLinking } from './linking.ts';

/** Seconds in which the dashes of a busy edge and of a quiet one move on by one dash. */
const FASTEST_SECONDS = 0.5;
const SLOWEST_SECONDS = 3;
/** An edge to a card further left goes round: down between the rows, and back. */
const STEP = { borderRadius: 16, offset: 22 } as const;
/** Between the two lines of a query. */
const QUERY_GAP = 2;
/** Labels hide where the cards stand closer than this, canvas units; one beside a link that goes down needs but its height. */
const LABEL_ROOM = 44;
const LABEL_HEIGHT = 18;
/** Between a line and the label beside it: an arrow is in the way. */
const ARROW_ROOM = 6;

export const FlowEdge = memo(function FlowEdge(props: EdgeProps<FlowEdgeType>): ReactNode {
  const { id, sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition, selected } = props;
  const kind = props.data?.kind ?? 'data';
  const isAws = useIsAwsMode();
  const part = usePartState(id);
  const simulated = useEdgeView(id, kind);
  // What a run found is not what AWS does.
  const view = isAws ? undefined : simulated;
  const isFar = useLinking((state) => state.isFar);
  const isMoving = usePlayhead(({ isPlaying }) => isPlaying) && !isFar;
  const ends = { sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition };
  const [path, labelX, labelY] = goesBack(ends) ? getSmoothStepPath({ ...ends, ...STEP }) : getBezierPath(ends);
  const width = view?.width ?? 1.5;
  const rate = view?.recordsPerSecond ?? 0;
  const isUpright = Math.abs(targetX - sourceX) < Math.abs(targetY - sourceY) / 2;
  const hasRoom = Math.hypot(targetX - sourceX, targetY - sourceY) > (isUpright ? LABEL_HEIGHT : LABEL_ROOM);
  return (
    <>
      <path className="edge-hit" d={path} />
      <path
        className={`edge-line edge-kind-${kind}${rate > 0 ? ' edge-busy' : ''}${selected === true ? ' edge-selected' : ''}${part === undefined ? '' : ` edge-deploy-${part.state}`}`}
        d={path}
        style={{ strokeWidth: kind === 'query' ? width + QUERY_GAP : width }}
      />
      {kind === 'query' && <path className="edge-inner" d={path} style={{ strokeWidth: QUERY_GAP }} />}
      {view !== undefined && view.retriedRatio > 0 && (
        <path className="edge-retried" d={path} style={{ strokeWidth: Math.max(1, width * view.retriedRatio) }} />
      )}
      {view !== undefined && view.droppedRatio > 0 && (
        <path className="edge-dropped" d={path} style={{ strokeWidth: Math.max(1, width * view.droppedRatio) }} />
      )}
      {isMoving && rate > 0 && (
        <path className="edge-dashes" d={path} style={{ animationDuration: `${dashSeconds(rate)}s` }} />
      )}
      {rate > 0 && !isFar && (
        <path
          className={isMoving ? 'edge-arrow edge-arrow-still' : 'edge-arrow'}
          d="M-5 -5L5 0L-5 5Z"
          transform={`translate(${labelX} ${labelY}) rotate(${goesBack(ends) ? 180 : degrees(targetX - sourceX, targetY - sourceY)})`}
        />
      )}
      {view !== undefined && rate > 0 && !isFar && hasRoom && (
        <EdgeLabelRenderer>
          <div
            className="edge-label"
            style={{ transform: isUpright ? beside(labelX, labelY, width) : over(labelX, labelY, width) }}
            title={view.words}
          >
            {isUpright ? view.label : view.rate}
          </div>
          {view.trouble !== undefined && (
            <div
              className={`edge-label ${view.droppedRatio > 0 ? 'edge-label-lost' : 'edge-label-retried'}`}
              style={{ transform: isUpright ? beside(labelX, labelY, width, 'left') : under(labelX, labelY, width) }}
              title={view.words}
            >
              {view.trouble}
            </div>
          )}
        </EdgeLabelRenderer>
      )}
      {!isFar && <EdgeDeployment part={part} x={labelX} y={labelY} />}
    </>
  );
});

/** Places of labels: over and under a line, and on either side of one that goes down. */
function over(x: number, y: number, width: number): string {
  return `translate(-50%, -100%) translate(${x}px, ${y - width / 2 - 2}px)`;
}

function under(x: number, y: number, width: number): string {
  return `translate(-50%, 0) translate(${x}px, ${y + width / 2 + 2}px)`;
}

function beside(x: number, y: number, width: number, side: 'left' | 'right' = 'right'): string {
  const away = width / 2 + ARROW_ROOM;
  if (side === 'left') return `translate(-100%, -50%) translate(${x - away}px, ${y}px)`;
  return `translate(0, -50%) translate(${x + away}px, ${y}px)`;
}

function goesBack({
  sourceX,
  targetX,
  sourcePosition,
}: Pick<EdgeProps, 'sourceX' | 'targetX' | 'sourcePosition'>): boolean {
  return sourcePosition === Position.Right && targetX < sourceX;
}

function dashSeconds(recordsPerSecond: number): number {
  const seconds = Math.max(FASTEST_SECONDS, SLOWEST_SECONDS - 0.6 * Math.log10(1 + recordsPerSecond));
  // In few steps: each change of pace makes the dashes jump.
  return Math.round(seconds * 2) / 2;
}

function degrees(x: number, y: number): number {
  return Math.round((Math.atan2(y, x) * 180) / Math.PI);
}
