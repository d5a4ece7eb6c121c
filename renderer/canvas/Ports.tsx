import { Handle } from '@xyflow/react';
import type { ReactNode } from 'react';
import type { Anchor } from '#drawing/port-anchors.ts';
import type { EdgeKind } from '#schema/protocols.ts';
import { protocols } from '#schema/protocols.ts';
import { type CardData, sides } from './graph.ts';

/** Circle data, diamond call, bolt trigger, lens query: 12 x 12. */
const GLYPHS: Readonly<Record<EdgeKind, string>> = {
  data: 'M6 1.5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 1 1 0-9z',
  call: 'M6 .8L11.2 6L6 11.2L.8 6z',
  trigger: 'M7.2 .6L2 7h3L4.4 11.4L10 4.8H6.6z',
  query: 'M5 1.4a3.8 3.8 0 1 1 0 7.6a3.8 3.8 0 1 1 0-7.6zM8 8l3 3',
};

/**
 * Where edges meet the card, as React Flow measures it: marks without size, ahead of the ports in the page, because of two
 * marks with one name it takes the first.
 */
export function Anchors({ data }: { readonly data: CardData }): ReactNode {
  return data.anchors.map(({ port, side, x, y }) => (
    <i
      key={port.id}
      className={`anchor ${port.direction === 'in' ? 'target' : 'source'}`}
      data-handleid={port.id}
      data-handlepos={sides[side]}
      style={{ left: x, top: y }}
    />
  ));
}

/** The ports of a card, while it is pointed at or a link may end there. */
export function Ports({
  data,
  isConnectable,
}: {
  readonly data: CardData;
  readonly isConnectable: boolean;
}): ReactNode {
  return data.anchors.map((anchor) => (
    <Handle
      key={anchor.port.id}
      id={anchor.port.id}
      type={anchor.port.direction === 'in' ? 'target' : 'source'}
      position={sides[anchor.side]}
      isConnectable={isConnectable}
      className={`port port-${anchor.port.direction}`}
      style={{ left: anchor.shownX, top: anchor.shownY }}
      data-port={anchor.port.id}
      title={portWords(anchor)}
      aria-label={`${anchor.port.label} of ${data.label}`}
    >
      <svg viewBox="0 0 12 12" aria-hidden="true" focusable="false">
        <path d={GLYPHS[anchor.port.kind]} />
      </svg>
    </Handle>
  ));
}

function portWords({ port }: Anchor): string {
  if (port.direction === 'in')
    return `${port.label}: takes ${port.protocols.map((id) => protocols[id].takes).join(', or ')}`;
  return `${port.label}: drag to link`;
}
