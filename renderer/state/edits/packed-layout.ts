/** Lays out each connected part of a design by itself and sets the parts side by side, in rows about as wide as a screen. */
import { layeredLayout, type Link, type Place } from '#drawing/layered-layout.ts';
import { cardSize } from '#drawing/node-card.ts';

/** Width to height of the whole. */
const ASPECT = 1.8;
/** Canvas units between two parts. */
const GAP = 96;

interface Part {
  readonly places: ReadonlyMap<string, Place>;
  readonly width: number;
  readonly height: number;
}

/** Positions by id; the largest part first, the rest in the order of the ids. */
export function packedLayout(ids: readonly string[], links: readonly Link[]): ReadonlyMap<string, Place> {
  const parts = connectedParts(ids, links).map((part) => partOf(part, links));
  const area = parts.reduce((sum, { width, height }) => sum + (width + GAP) * (height + GAP), 0);
  const rowWidth = Math.max(Math.sqrt(area * ASPECT), ...parts.map(({ width }) => width));
  const places = new Map<string, Place>();
  let x = 0;
  let y = 0;
  let rowHeight = 0;
  for (const part of parts) {
    if (x > 0 && x + part.width > rowWidth) {
      x = 0;
      y += rowHeight + GAP;
      rowHeight = 0;
    }
    for (const [id, place] of part.places) places.set(id, { x: place.x + x, y: place.y + y });
    x += part.width + GAP;
    rowHeight = Math.max(rowHeight, part.height);
  }
  return places;
}

function partOf(ids: readonly string[], links: readonly Link[]): Part {
  const found = layeredLayout(ids, links);
  const left = Math.min(...[...found.values()].map(({ x }) => x));
  const top = Math.min(...[...found.values()].map(({ y }) => y));
  const places = new Map([...found].map(([id, { x, y }]) => [id, { x: x - left, y: y - top }]));
  const all = [...places.values()];
  return {
    places,
    width: Math.max(...all.map(({ x }) => x)) + cardSize.width,
    height: Math.max(...all.map(({ y }) => y)) + cardSize.height,
  };
}

/** Ids that links join, directly or not; the largest part first. */
function connectedParts(ids: readonly string[], links: readonly Link[]): readonly (readonly string[])[] {
  const leader = new Map(ids.map((id) => [id, id]));
  const lead = (id: string): string => {
    let root = id;
    for (let next = leader.get(root); next !== undefined && next !== root; next = leader.get(root)) root = next;
    leader.set(id, root);
    return root;
  };
  for (const { source, target } of links) {
    if (leader.has(source) && leader.has(target)) leader.set(lead(source), lead(target));
  }
  const parts = new Map<string, string[]>();
  for (const id of ids) {
    const part = parts.get(lead(id));
    if (part === undefined) parts.set(lead(id), [id]);
    else part.push(id);
  }
  return [...parts.values()].sort((a, b) => b.length - a.length);
}
