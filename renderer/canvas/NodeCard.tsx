import { Icon } from '@cloudscape-design/components';
import type { NodeProps } from '@xyflow/react';
import { memo, type ReactNode, type RefObject, useLayoutEffect, useRef } from 'react';
import { shortTitle } from '#drawing/short-title.ts';
import { CardDeployment } from '#renderer/aws/CardDeployment.tsx';
import { useIsAwsMode, usePartState } from '#renderer/aws/part-states.ts';
import { CardBadges, CardSpark } from '#renderer/runs/CardOverlay.tsx';
import { paintNodeView, useNodeView } from '#renderer/runs/overlay.ts';
import { paintCard } from '#renderer/runs/paint-card.ts';
import { faultsAt, useDocumentState } from '#renderer/state/document-store.ts';
import type { CardNode } from './graph.ts';
import { iconUrl } from './icon-url.ts';
import { useCardRole, useShowsPorts } from './linking.ts';
import { Anchors, Ports } from './Ports.tsx';

/** Draws every component alike: what differs is declared with the component. */
export const NodeCard = memo(function NodeCard({ id, data, selected, isConnectable }: NodeProps<CardNode>): ReactNode {
  const view = useNodeView(id, data.type);
  const { card, face } = usePainting(id, data.type);
  const role = useCardRole(id);
  const showsPorts = useShowsPorts(id);
  const faults = useNodeFaults(id);
  const isAws = useIsAwsMode();
  const part = usePartState(id);
  return (
    <div
      ref={card}
      className={`card card-link-${role}${selected ? ' card-selected' : ''}`}
      data-node={id}
      data-link={role}
      {...(isAws ? { 'data-deploy': part?.state ?? 'none' } : {})}
    >
      <Anchors data={data} />
      {isAws ? <CardDeployment part={part} /> : <CardBadges badges={view?.badges ?? []} />}
      {faults !== '' && <FaultMark words={faults} />}
      <div className="card-head">
        <img className="card-icon" src={iconUrl(data.type)} alt="" width={32} height={32} draggable={false} />
        {!isAws && <CardSpark view={view} />}
      </div>
      <div className="card-line">
        <span className="card-label" title={data.label}>
          {data.label}
        </span>
        <span className="card-rate">{!isAws && view?.rate}</span>
      </div>
      <div className="card-title">{shortTitle(data.title)}</div>
      <div ref={face} className="card-face" />
      {view !== undefined && !isAws && <span className="card-words" role="img" aria-label={view.words} />}
      {showsPorts && <Ports data={data} isConnectable={isConnectable} />}
    </div>
  );
});

/** The elements that the run draws by itself. */
function usePainting(id: string, type: string): Record<'card' | 'face', RefObject<HTMLDivElement | null>> {
  const card = useRef<HTMLDivElement>(null);
  const face = useRef<HTMLDivElement>(null);
  useLayoutEffect(
    () =>
      paintNodeView(id, type, (view) => {
        if (card.current !== null && face.current !== null) paintCard(card.current, face.current, view);
      }),
    [id, type],
  );
  return { card, face };
}

/** What the newest check found wrong with the node, in one text: it changes only when the words do. */
function useNodeFaults(id: string): string {
  return useDocumentState(({ faults }) =>
    faults.length === 0
      ? ''
      : faultsAt(`nodes.${id}`, faults)
          .map(({ message }) => message)
          .join('\n'),
  );
}

function FaultMark({ words }: { readonly words: string }): ReactNode {
  return (
    <span className="card-fault" title={words} role="img" aria-label={`Not complete: ${words}`}>
      <Icon name="status-warning" size="small" />
    </span>
  );
}
