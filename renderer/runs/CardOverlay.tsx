/** What a run adds to a node card: the curve, and the badges over the corner. Border and face: `paint-card.ts`. */
import { Icon, type IconProps } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { sparkSize } from '#drawing/node-card.ts';
import type { Badge, BadgeKind } from '#drawing/node-badges.ts';
import type { CardView } from './overlay.ts';

/** Throughput so far; up to the playhead in full colour. */
export function CardSpark({ view }: { readonly view: CardView | undefined }): ReactNode {
  const clip = `inset(-2px ${((1 - (view?.playedRatio ?? 0)) * 100).toFixed(1)}% -2px -2px)`;
  return (
    <svg className="card-spark" viewBox={`0 0 ${sparkSize.width} ${sparkSize.height}`} aria-hidden="true">
      {view !== undefined && view.spark !== '' && (
        <>
          <path className="card-spark-ahead" d={view.spark} />
          <path d={view.spark} style={{ clipPath: clip }} />
        </>
      )}
    </svg>
  );
}

const BADGE_ICONS: Readonly<Record<BadgeKind, IconProps.Name>> = {
  fault: 'close',
  lost: 'status-negative',
  throttled: 'status-stopped',
  errors: 'status-warning',
  deadLettered: 'envelope',
  backlog: 'menu',
  age: 'status-pending',
  coldStarts: 'refresh',
};

export function CardBadges({ badges }: { readonly badges: readonly Badge[] }): ReactNode {
  if (badges.length === 0) return null;
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
