/**
 * Lays out a design: nodes left to right along their links, a group as one block around its own layout, and parts that no
 * link joins side by side, in rows about as wide as a screen.
 */
import { layeredLayout, type Link, type Place } from '#drawing/layered-layout.ts';
import { cardSize } from '#drawing/node-card.ts';
import { groupMargin } from './groups.ts';

/** Width to height of the whole. */
const ASPECT = 1.8;
/** Canvas units between columns and rows of a part, and between two parts. */
const GAP = { column: 84, row: 56, part: 96 } as const;

/** Something with a size: a card, a group or a whole part, its cards placed from its own corner. */
interface Block {
  readonly places: ReadonlyMap<string, Place>;
  readonly width: number;
  readonly height: number;
}

/** Positions by id. A node that is in several of `groups` goes with the first. */
export function packedLayout(
  ids: readonly string[],
  links: readonly Link[],
  groups: readonly (readonly string[])[] = [],
): ReadonlyMap<string, Place> {
  const owner = ownersOf(ids, groups);
  const outer = [...new Set(owner.values())];
  const outerLinks = links
    .map(({ source, target }) => ({ source: owner.get(source) ?? '', target: owner.get(target) ?? '' }))
    .filter(({ source, target }) => source !== target && source !== '' && target !== '');
  const blocks = new Map(
    outer.map((name) => {
      const members = ids.filter((id) => owner.get(id) === name);
      return [name, name.startsWith(GROUP) ? groupBlock(members, links) : cardBlock(name)];
    }),
  );
  const parts = connectedParts(outer, outerLinks).map((part) => partOf(part, outerLinks, blocks));
  return packed(parts);
}

/** No id of a node has a space. */
const GROUP = 'group ';

function ownersOf(ids: readonly string[], groups: readonly (readonly string[])[]): ReadonlyMap<string, string> {
  const owner = new Map(ids.map((id) => [id, id]));
  for (const [index, members] of groups.entries()) {
    for (const id of members) if (owner.get(id) === id) owner.set(id, `${GROUP}${index}`);
  }
  return owner;
}

function cardBlock(id: string): Block {
  return { places: new Map([[id, { x: 0, y: 0 }]]), width: cardSize.width, height: cardSize.height };
}

function groupBlock(ids: readonly string[], links: readonly Link[]): Block {
  const inner = layeredBlock(ids, links, (id) => cardBlock(id));
  return {
    places: moved(inner.places, groupMargin.x, groupMargin.top),
    width: inner.width + 2 * groupMargin.x,
    height: inner.height + groupMargin.top + groupMargin.bottom,
  };
}

function partOf(names: readonly string[], links: readonly Link[], blocks: ReadonlyMap<string, Block>): Block {
  return layeredBlock(names, links, (name) => blocks.get(name) ?? cardBlock(name));
}

/** Columns and their order come from the layered layout of equal cards; widths and heights from the blocks. */
function layeredBlock(names: readonly string[], links: readonly Link[], blockOf: (name: string) => Block): Block {
  const columns = new Map<number, { name: string; y: number }[]>();
  for (const [name, { x, y }] of layeredLayout(names, links)) {
    const column = columns.get(x);
    if (column === undefined) columns.set(x, [{ name, y }]);
    else column.push({ name, y });
  }
  const ordered = [...columns].sort(([a], [b]) => a - b).map(([, column]) => column.sort((a, b) => a.y - b.y));
  const heights = ordered.map((column) => stacked(column.map(({ name }) => blockOf(name).height)));
  const height = Math.max(0, ...heights);
  const places = new Map<string, Place>();
  let x = 0;
  for (const [index, column] of ordered.entries()) {
    const width = Math.max(...column.map(({ name }) => blockOf(name).width));
    let y = (height - (heights[index] ?? 0)) / 2;
    for (const { name } of column) {
      const block = blockOf(name);
      for (const [id, place] of moved(block.places, x + (width - block.width) / 2, y)) places.set(id, place);
      y += block.height + GAP.row;
    }
    x += width + GAP.column;
  }
  return { places, width: Math.max(0, x - GAP.column), height };
}

function stacked(heights: readonly number[]): number {
  return heights.reduce((sum, height) => sum + height + GAP.row, -GAP.row);
}

/** Sets parts into rows. */
function packed(parts: readonly Block[]): ReadonlyMap<string, Place> {
  const area = parts.reduce((sum, { width, height }) => sum + (width + GAP.part) * (height + GAP.part), 0);
  const rowWidth = Math.max(Math.sqrt(area * ASPECT), ...parts.map(({ width }) => width));
  const places = new Map<string, Place>();
  let x = 0;
  let y = 0;
  let rowHeight = 0;
  for (const part of parts) {
    if (x > 0 && x + part.width > rowWidth) {
      x = 0;
      y += rowHeight + GAP.part;
      rowHeight = 0;
    }
    for (const [id, place] of moved(part.places, x, y)) places.set(id, place);
    x += part.width + GAP.part;
    rowHeight = Math.max(rowHeight, part.height);
  }
  return places;
}

function moved(places: ReadonlyMap<string, Place>, x: number, y: number): ReadonlyMap<string, Place> {
  return new Map([...places].map(([id, place]) => [id, { x: place.x + x, y: place.y + y }]));
}

/** Names that links join, directly or not; the largest part first. */
function connectedParts(names: readonly string[], links: readonly Link[]): readonly (readonly string[])[] {
  const leader = new Map(names.map((name) => [name, name]));
  const lead = (name: string): string => {
    let root = name;
    for (let next = leader.get(root); next !== undefined && next !== root; next = leader.get(root)) root = next;
    leader.set(name, root);
    return root;
  };
  for (const { source, target } of links) {
    if (leader.has(source) && leader.has(target)) leader.set(lead(source), lead(target));
  }
  const parts = new Map<string, string[]>();
  for (const name of names) {
    const part = parts.get(lead(name));
    if (part === undefined) parts.set(lead(name), [name]);
    else part.push(name);
  }
  return [...parts.values()].sort((a, b) => b.length - a.length);
}
