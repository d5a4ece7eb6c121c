/** Where cards are on the screen. */
import type { Place } from '#drawing/layered-layout.ts';
import { cardSize } from '#drawing/node-card.ts';

/** Pixels kept between a card that is brought into view and the border. */
const MARGIN = 24;

export interface View {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
  /** Of the canvas, in pixels. */
  readonly width: number;
  readonly height: number;
}

/** True where the whole card is inside the canvas, with some room around it. */
export function isInView({ x, y }: Place, view: View): boolean {
  const left = x * view.zoom + view.x;
  const top = y * view.zoom + view.y;
  return (
    left >= MARGIN &&
    top >= MARGIN &&
    left + cardSize.width * view.zoom <= view.width - MARGIN &&
    top + cardSize.height * view.zoom <= view.height - MARGIN
  );
}

/** The middle of the smallest box around cards with their corners at `places`. */
export function middleOf(places: readonly Place[]): Place {
  const xs = places.map(({ x }) => x);
  const ys = places.map(({ y }) => y);
  return {
    x: (Math.min(...xs) + Math.max(...xs) + cardSize.width) / 2,
    y: (Math.min(...ys) + Math.max(...ys) + cardSize.height) / 2,
  };
}
