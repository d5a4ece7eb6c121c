/**
 * Places nodes that have no position yet: left to right along the edges, one column a step, rows ordered so that edges cross
 * little. For documents that were written by hand; the editor's own layout knows groups and sizes too.
 */
import { cardSize } from './node-card.ts';

export interface Place {
  readonly x: number;
  readonly y: number;
}

export interface Link {
  readonly source: string;
  readonly target: string;
}

const COLUMN_PITCH = cardSize.width + 84;
const ROW_PITCH = cardSize.height + 56;
/** Rounds of ordering rows by the mean of their neighbours. */
const SWEEPS = 4;

/** True when no node was ever placed. */
export function isUnplaced(places: readonly Place[]): boolean {
  return places.length > 1 && places.every(({ x, y }) => x === 0 && y === 0);
}

/** Positions by id. Cost: edges x sweeps. */
export function layeredLayout(ids: readonly string[], links: readonly Link[]): ReadonlyMap<string, Place> {
  const known = new Set(ids);
  const forward = withoutCycles(
    ids,
    links.filter(({ source, target }) => known.has(source) && known.has(target) && source !== target),
  );
  const columns = columnsOf(ids, forward);
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) orderRows(columns, forward, sweep % 2 === 0);
  const tallest = Math.max(...columns.map((column) => column.length), 1);
  const places = new Map<string, Place>();
  for (const [index, column] of columns.entries()) {
    const top = ((tallest - column.length) * ROW_PITCH) / 2;
    for (const [row, id] of column.entries()) places.set(id, { x: index * COLUMN_PITCH, y: top + row * ROW_PITCH });
  }
  return places;
}

/** Leaves out the links that close a cycle, found depth first. */
function withoutCycles(ids: readonly string[], links: readonly Link[]): Link[] {
  const outgoing = grouped(links, ({ source }) => source);
  const state = new Map<string, 'open' | 'closed'>();
  const kept: Link[] = [];
  for (const start of ids) {
    const stack: { id: string; next: number }[] = state.has(start) ? [] : [{ id: start, next: 0 }];
    if (stack.length > 0) state.set(start, 'open');
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const link = outgoing.get(top.id)?.[top.next];
      top.next += 1;
      if (link === undefined) {
        state.set(top.id, 'closed');
        stack.pop();
      } else if (state.get(link.target) !== 'open') {
        kept.push(link);
        if (state.has(link.target)) continue;
        state.set(link.target, 'open');
        stack.push({ id: link.target, next: 0 });
      }
    }
  }
  return kept;
}

/** Each node one column right of the furthest of those that lead to it. */
function columnsOf(ids: readonly string[], links: readonly Link[]): string[][] {
  const waiting = new Map(ids.map((id) => [id, 0]));
  for (const { target } of links) waiting.set(target, (waiting.get(target) ?? 0) + 1);
  const outgoing = grouped(links, ({ source }) => source);
  const depth = new Map(ids.map((id) => [id, 0]));
  const ready = ids.filter((id) => waiting.get(id) === 0);
  for (const id of ready) {
    for (const { target } of outgoing.get(id) ?? []) {
      depth.set(target, Math.max(depth.get(target) ?? 0, (depth.get(id) ?? 0) + 1));
      const left = (waiting.get(target) ?? 0) - 1;
      waiting.set(target, left);
      if (left === 0) ready.push(target);
    }
  }
  const columns: string[][] = [];
  for (const id of ids) (columns[depth.get(id) ?? 0] ??= []).push(id);
  return columns;
}

/** Sorts each column by the mean row of its neighbours in the column before, or after. */
function orderRows(columns: string[][], links: readonly Link[], isForward: boolean): void {
  const row = new Map<string, number>();
  const remember = (column: readonly string[]): void => {
    for (const [index, id] of column.entries()) row.set(id, index - (column.length - 1) / 2);
  };
  for (const column of columns) remember(column);
  const neighbours = grouped(links, ({ source, target }) => (isForward ? target : source));
  for (const column of isForward ? columns : [...columns].reverse()) {
    const mean = new Map(
      column.map((id) => {
        const near = neighbours.get(id) ?? [];
        const sum = near.reduce((total, link) => total + (row.get(isForward ? link.source : link.target) ?? 0), 0);
        return [id, near.length === 0 ? (row.get(id) ?? 0) : sum / near.length];
      }),
    );
    column.sort((a, b) => (mean.get(a) ?? 0) - (mean.get(b) ?? 0));
    remember(column);
  }
}

function grouped(links: readonly Link[], keyOf: (link: Link) => string): ReadonlyMap<string, readonly Link[]> {
  const groups = new Map<string, Link[]>();
  for (const link of links) {
    const group = groups.get(keyOf(link));
    if (group === undefined) groups.set(keyOf(link), [link]);
    else group.push(link);
  }
  return groups;
}
