/** Where edges meet a card: along the middle, what has failed below it, calls and triggers above and below. */
import type { Port } from '#schema/component.ts';
import { cardSize } from './node-card.ts';

export type Side = 'left' | 'right' | 'top' | 'bottom';

export interface Anchor {
  readonly port: Port;
  readonly side: Side;
  /** From the card's top left corner, canvas units. */
  readonly x: number;
  readonly y: number;
  /** Where the port itself is shown while the card is pointed at: ports that share an anchor stand side by side. */
  readonly shownX: number;
  readonly shownY: number;
}

const MIDDLE = cardSize.height / 2;
/** Failures and dead letters leave and enter at the height of the face. */
const LOW = cardSize.height - 22;
/** Canvas units between two ports that share an anchor. */
const PORT_PITCH = 20;

export function portAnchors(ports: readonly Port[]): readonly Anchor[] {
  const places = ports.map((port) => ({ port, ...anchorOf(port) }));
  return places.map((place) => {
    const sharing = places.filter(({ x, y }) => x === place.x && y === place.y);
    const shift = (sharing.indexOf(place) - (sharing.length - 1) / 2) * PORT_PITCH;
    const isUpright = place.side === 'left' || place.side === 'right';
    return { ...place, shownX: place.x + (isUpright ? 0 : shift), shownY: place.y + (isUpright ? shift : 0) };
  });
}

function anchorOf({ direction, kind, onFailure, deadLetter }: Port): Pick<Anchor, 'side' | 'x' | 'y'> {
  if (kind === 'call' || kind === 'trigger') {
    return direction === 'in'
      ? { side: 'top', x: cardSize.width / 2, y: 0 }
      : { side: 'bottom', x: cardSize.width / 2, y: cardSize.height };
  }
  const y = onFailure === true || deadLetter === true ? LOW : MIDDLE;
  return direction === 'in' ? { side: 'left', x: 0, y } : { side: 'right', x: cardSize.width, y };
}
