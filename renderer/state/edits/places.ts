/** Where cards stand: the grid, free room for a new one, and moves. */
import { isUnplaced, layeredLayout, type Place } from '#drawing/layered-layout.ts';
import { cardSize } from '#drawing/node-card.ts';
import type { CaudalDocument } from '#schema/document.ts';

/** Canvas units between two points of the grid on which cards are set down. */
export const gridPitch = 10;
/** Room kept between a new card and its neighbours: edges and their labels go there. */
const GAP = { x: 72, y: 48 } as const;

export function onGrid({ x, y }: Place): Place {
  return { x: Math.round(x / gridPitch) * gridPitch, y: Math.round(y / gridPitch) * gridPitch };
}

/** The place nearest to `wanted` at which a card covers no other: looked for downwards, then further right. */
export function freePlace(taken: readonly Place[], wanted: Place): Place {
  const start = onGrid(wanted);
  const isFree = ({ x, y }: Place): boolean =>
    taken.every(
      (other) => Math.abs(other.x - x) >= cardSize.width + 20 || Math.abs(other.y - y) >= cardSize.height + 20,
    );
  for (let column = 0; ; column += 1) {
    for (let row = 0; row < 12; row += 1) {
      const place = {
        x: start.x + column * (cardSize.width + GAP.x),
        y: start.y + row * (cardSize.height + GAP.y),
      };
      if (isFree(place)) return place;
    }
  }
}

/** To the right of a card, where what it feeds belongs. */
export function placeAfter({ x, y }: Place): Place {
  return { x: x + cardSize.width + GAP.x, y };
}

/** The top left corner of a card whose middle is at `middle`. */
export function cornerOf(middle: Place): Place {
  return { x: middle.x - cardSize.width / 2, y: middle.y - cardSize.height / 2 };
}

/** Sets cards to new places; those that are not named stay. */
export function moveNodes(document: CaudalDocument, places: ReadonlyMap<string, Place>): CaudalDocument {
  let hasMoved = false;
  const nodes = document.nodes.map((node) => {
    const place = places.get(node.id);
    if (place === undefined || (place.x === node.position.x && place.y === node.position.y)) return node;
    hasMoved = true;
    return { ...node, position: { x: place.x, y: place.y } };
  });
  return hasMoved ? { ...document, nodes } : document;
}

/** Moves cards by the same step: the arrow keys. */
export function nudgeNodes(document: CaudalDocument, ids: readonly string[], step: Place): CaudalDocument {
  const chosen = new Set(ids);
  const places = document.nodes
    .filter(({ id }) => chosen.has(id))
    .map(({ id, position }): [string, Place] => [id, { x: position.x + step.x, y: position.y + step.y }]);
  return moveNodes(document, new Map(places));
}

/**
 * Places of a layout as the design takes them: on the grid, the whole from the corner of the canvas, a part from the corner
 * where its cards stand.
 */
export function settledPlaces(
  document: CaudalDocument,
  places: ReadonlyMap<string, Place>,
  ids: readonly string[] = [],
): ReadonlyMap<string, Place> {
  const moved = document.nodes.filter(({ id }) => places.has(id));
  const origin = ids.length === 0 ? { x: 0, y: 0 } : cornerOfAll(moved.map(({ position }) => position));
  const first = cornerOfAll([...places.values()]);
  return new Map(
    [...places].map(([id, { x, y }]) => [id, onGrid({ x: x - first.x + origin.x, y: y - first.y + origin.y })]),
  );
}

export type Alignment = 'left' | 'centre' | 'right' | 'top' | 'middle' | 'bottom';

/** Brings cards to one line. All cards are of one size, so their corners tell where they are. */
export function alignNodes(document: CaudalDocument, ids: readonly string[], alignment: Alignment): CaudalDocument {
  const chosen = new Set(ids);
  const nodes = document.nodes.filter(({ id }) => chosen.has(id));
  if (nodes.length < 2) return document;
  const axis = alignment === 'left' || alignment === 'centre' || alignment === 'right' ? 'x' : 'y';
  const all = nodes.map(({ position }) => position[axis]);
  const low = Math.min(...all);
  const high = Math.max(...all);
  const line =
    alignment === 'left' || alignment === 'top'
      ? low
      : alignment === 'right' || alignment === 'bottom'
        ? high
        : Math.round((low + high) / 2);
  return moveNodes(document, new Map(nodes.map(({ id, position }) => [id, { ...position, [axis]: line }])));
}

/** A document whose author left all places out gets them; every other one stays as it is. */
export function withPlaces(document: CaudalDocument): CaudalDocument {
  if (!isUnplaced(document.nodes.map(({ position }) => position))) return document;
  const ids = document.nodes.map(({ id }) => id);
  return moveNodes(document, settledPlaces(document, layeredLayout(ids, document.edges)));
}

function cornerOfAll(places: readonly Place[]): Place {
  return { x: Math.min(...places.map(({ x }) => x)), y: Math.min(...places.map(({ y }) => y)) };
}
