/** Groups of nodes: lanes and boundaries drawn behind them. A node is in one group of a kind at most. */
import type { Place } from '#drawing/layered-layout.ts';
import { cardSize } from '#drawing/node-card.ts';
import type { CaudalDocument } from '#schema/document.ts';
import { freeId } from './free-id.ts';

type Group = CaudalDocument['groups'][number];

export interface Grouped {
  readonly document: CaudalDocument;
  readonly id: string;
}

/** Puts nodes into a new group; undefined where there is nothing to group. */
export function groupNodes(document: CaudalDocument, ids: readonly string[]): Grouped | undefined {
  const known = new Set(document.nodes.map(({ id }) => id));
  const nodes = ids.filter((id) => known.has(id));
  if (nodes.length === 0) return undefined;
  const id = freeId('group', new Set(document.groups.map((group) => group.id)));
  const chosen = new Set(nodes);
  const others = document.groups.map((group) =>
    group.kind === 'group' ? { ...group, nodes: group.nodes.filter((node) => !chosen.has(node)) } : group,
  );
  const label = id === 'group' ? 'Group' : id.replace('group-', 'Group ');
  const groups = [...others.filter(hasNodes), { id, label, kind: 'group' as const, nodes }];
  return { document: { ...document, groups }, id };
}

/** Takes away every group that has one of the nodes; the nodes stay. */
export function ungroupNodes(document: CaudalDocument, ids: readonly string[]): CaudalDocument {
  const chosen = new Set(ids);
  const groups = document.groups.filter(({ nodes }) => !nodes.some((node) => chosen.has(node)));
  return groups.length === document.groups.length ? document : { ...document, groups };
}

export function renameGroup(document: CaudalDocument, id: string, label: string): CaudalDocument {
  const known = document.groups.find((group) => group.id === id);
  if (known === undefined || known.label === label) return document;
  return { ...document, groups: document.groups.map((group) => (group.id === id ? { ...group, label } : group)) };
}

function hasNodes({ nodes }: Group): boolean {
  return nodes.length > 0;
}

export interface GroupBox {
  readonly id: string;
  readonly label: string;
  readonly nodes: readonly string[];
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Canvas units between a card and the border of its group; above it there is the label. */
export const groupMargin = { x: 24, top: 44, bottom: 24 } as const;

/** The boxes around the cards of each group, the largest first so that inner ones lie on top. */
export function groupBoxes(
  groups: readonly Group[],
  placeOf: (node: string) => Place | undefined,
): readonly GroupBox[] {
  return groups
    .map((group) => boxOf(group, placeOf))
    .filter((box) => box !== undefined)
    .sort((a, b) => b.width * b.height - a.width * a.height);
}

function boxOf({ id, label, nodes }: Group, placeOf: (node: string) => Place | undefined): GroupBox | undefined {
  const places = nodes.map(placeOf).filter((place) => place !== undefined);
  if (places.length === 0) return undefined;
  const xs = places.map(({ x }) => x);
  const ys = places.map(({ y }) => y);
  const left = Math.min(...xs) - groupMargin.x;
  const top = Math.min(...ys) - groupMargin.top;
  const width = Math.max(...xs) + cardSize.width + groupMargin.x - left;
  const height = Math.max(...ys) + cardSize.height + groupMargin.bottom - top;
  return { id, label, nodes, x: left, y: top, width, height };
}
