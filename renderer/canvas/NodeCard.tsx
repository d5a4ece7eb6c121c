import { Icon, type IconProps } from '@cloudscape-design/components';
import { Handle, type NodeProps, Position } from '@xyflow/react';
import { memo, type ReactNode } from 'react';
import { sparkSize } from '#drawing/node-card.ts';
import { type Badge, cellWords, type FaceCell } from '#drawing/node-view.ts';
import type { CardNode } from './graph.ts';
import { iconUrl } from './icon-url.ts';
import { useNodeView } from './views.ts';

/** Draws every component alike: what differs is declared with the component. */
export const NodeCard = memo(function NodeCard({ id, data, selected }: NodeProps<CardNode>): ReactNode {
  const view = useNodeView(id, data.type);
  const state = view?.state ?? 'idle';
  return (
    <div className={`card card-${state}${selected ? ' card-selected' : ''}`} data-state={state} data-node={id}>
      <Handles ids={data.portsIn} type="target" />
      {view !== undefined && view.badges.length > 0 && <Badges badges={view.badges} />}
      <div className="card-head">
        <img className="card-icon" src={iconUrl(data.type)} alt="" width={32} height={32} draggable={false} />
        <svg className="card-spark" viewBox={`0 0 ${sparkSize.width} ${sparkSize.height}`} aria-hidden="true">
          {view !== undefined && <path d={view.spark} />}
        </svg>
      </div>
      <div className="card-line">
        <span className="card-label" title={data.label}>
          {data.label}
        </span>
        <span className="card-rate">{view?.rate}</span>
      </div>
      <div className="card-title">{data.title}</div>
      <Face cells={view?.face ?? []} />
      {view !== undefined && <span className="visually-hidden">{view.words}</span>}
      <Handles ids={data.portsOut} type="source" />
    </div>
  );
});

function Handles({ ids, type }: { readonly ids: readonly string[]; readonly type: 'source' | 'target' }): ReactNode {
  const position = type === 'source' ? Position.Right : Position.Left;
  return ids.map((id, index) => (
    <Handle
      key={id}
      id={id}
      type={type}
      position={position}
      isConnectable={false}
      style={{ top: `${((index + 1) * 100) / (ids.length + 1)}%` }}
    />
  ));
}

const BADGE_ICONS: Readonly<Record<Badge['kind'], IconProps.Name>> = {
  throttled: 'status-stopped',
  lost: 'status-negative',
  deadLettered: 'envelope',
  backlog: 'status-pending',
};

function Badges({ badges }: { readonly badges: readonly Badge[] }): ReactNode {
  return (
    <div className="card-badges">
      {badges.map(({ kind, text, words }) => (
        <span key={kind} className={`card-badge card-badge-${kind}`} title={words}>
          <Icon name={BADGE_ICONS[kind]} size="small" />
          {text}
        </span>
      ))}
    </div>
  );
}

/** One bar for each shard, a level, or a square for each busy environment. */
function Face({ cells }: { readonly cells: readonly FaceCell[] }): ReactNode {
  if (cells.length === 0) return <div className="card-face card-face-empty" />;
  return (
    <div className="card-face" title={cellWords(cells)}>
      {cells.map(({ fill, state }, index) => (
        <span key={index} className="card-cell">
          <span className={`card-fill card-fill-${state}`} style={{ transform: `scaleX(${fill})` }} />
        </span>
      ))}
    </div>
  );
}
