/** What keys, menus and the palette do to the design: each one step of undo, with the selection that follows. */
import { placeName } from '#renderer/runs/place-name.ts';
import * as catalog from '#catalog/specs.ts';
import type { Place } from '#drawing/layered-layout.ts';
import { designPageOf, openDesign } from '#renderer/inspector/design-panel.ts';
import { askForField } from '#renderer/inspector/field-focus.ts';
import { nothingSelected, select, selectMany, setNotice, setPreferences, useApp } from './app-store.ts';
import { currentDocument, edit, useDocumentState } from './document-store.ts';
import { addLink } from './edits/add-link.ts';
import { addLinkedNode } from './edits/add-linked.ts';
import { addNode } from './edits/add-node.ts';
import { type Fragment, fragmentOf, fragmentText, insertFragment, readFragment } from './edits/fragment.ts';
import { groupNodes, ungroupNodes } from './edits/groups.ts';
import type { LinkOption, LinkStart } from './edits/link-offer.ts';
import { moveLink } from './edits/move-link.ts';
import {
  type Alignment,
  alignNodes,
  cornerOf,
  freePlace,
  gridPitch,
  nudgeNodes,
  onGrid,
  placeAfter,
} from './edits/places.ts';
import { namesOf, removeItems } from './edits/remove-items.ts';
import { viewport } from './viewport.ts';

/** Canvas units by which a copy stands off its original. */
const COPY_STEP = 40;

export function canEdit(): boolean {
  const { document, isReadOnly } = useDocumentState.getState();
  return document !== undefined && !isReadOnly;
}

/** With `middle`, where the card was dropped; otherwise after the selected node, or in the middle of what is visible. */
export function addComponent(type: string, middle?: Place): string | undefined {
  const document = currentDocument();
  const title = catalog.components.get(type)?.declaration.title ?? type;
  if (document === undefined || !canEdit()) return undefined;
  const taken = document.nodes.map(({ position }) => position);
  const position = middle === undefined ? freePlace(taken, wantedPlace()) : onGrid(cornerOf(middle));
  const added = addNode(catalog, document, type, position);
  if (added === undefined) return undefined;
  edit(`add ${title}`, () => added.document);
  select({ kind: 'node', id: added.id });
  if (middle === undefined) viewport()?.reveal([added.id]);
  return added.id;
}

function wantedPlace(): Place {
  const { selection } = useApp.getState();
  const selected = selection && currentDocument()?.nodes.find(({ id }) => id === selection.id);
  if (selected !== undefined) return placeAfter(selected.position);
  return cornerOf(viewport()?.middle() ?? { x: 0, y: 0 });
}

/** Adds a component at the end of a link that was let go over empty canvas, as one step. */
export function addLinked(start: LinkStart, type: string, middle: Place): void {
  const document = currentDocument();
  if (document === undefined || !canEdit()) return;
  const added = addLinkedNode(catalog, document, start, type, onGrid(cornerOf(middle)));
  if (added === undefined) return;
  const title = catalog.components.get(type)?.declaration.title ?? type;
  edit(`add ${title} and link it`, () => added.document);
  select({ kind: 'node', id: added.id });
}

export function drawLink(option: LinkOption): void {
  const document = currentDocument();
  if (document === undefined || !canEdit()) return;
  const added = addLink(catalog, document, option);
  const ends = [option.source, option.target].map((id) => placeName(document, id));
  edit(`link ${ends.join(' to ')}`, () => added.document);
  select({ kind: 'edge', id: added.id });
}

/** Leads a link somewhere else, by one of its ends. */
export function redirectLink(id: string, option: LinkOption): void {
  if (!canEdit()) return;
  edit(`move the link ${id}`, (document) => moveLink(catalog, document, id, option));
  select({ kind: 'edge', id });
}

export function deleteSelection(): void {
  const { selected } = useApp.getState();
  const document = currentDocument();
  if (document === undefined || !canEdit() || isNothing(selected)) return;
  edit(`delete ${namesOf(document, selected)}`, (before) => removeItems(before, selected));
  selectMany(nothingSelected);
}

function isNothing({
  nodes,
  edges,
}: {
  readonly nodes: readonly string[];
  readonly edges: readonly string[];
}): boolean {
  return nodes.length === 0 && edges.length === 0;
}

export function selectAll(): void {
  const document = currentDocument();
  if (document === undefined) return;
  selectMany({ nodes: document.nodes.map(({ id }) => id), edges: document.edges.map(({ id }) => id) });
}

/** What copy puts on the clipboard; undefined where no node is selected. */
export function copiedText(): string | undefined {
  const document = currentDocument();
  const fragment = document && fragmentOf(document, useApp.getState().selected.nodes);
  return fragment && fragmentText(fragment);
}

/** True where the text was a part of a design, and it now is here. `at`: middle of its upper left card. */
export function pasteText(text: string, at = viewport()?.pointer()): boolean {
  const fragment = readFragment(text);
  if (fragment === undefined || !canEdit()) return false;
  const corner = {
    x: Math.min(...fragment.nodes.map(({ position }) => position.x)),
    y: Math.min(...fragment.nodes.map(({ position }) => position.y)),
  };
  const target = at === undefined ? undefined : onGrid(cornerOf(at));
  const offset = target === undefined ? freeOffset(fragment) : { x: target.x - corner.x, y: target.y - corner.y };
  insert('paste', fragment, offset);
  return true;
}

export function duplicateSelection(): void {
  const document = currentDocument();
  const fragment = document && fragmentOf(document, useApp.getState().selected.nodes);
  if (fragment !== undefined && canEdit()) insert('duplicate', fragment, freeOffset(fragment));
}

/** A diagonal step, repeated while a card stands there already. */
function freeOffset({ nodes }: Fragment): Place {
  const taken = new Set((currentDocument()?.nodes ?? []).map(({ position }) => `${position.x},${position.y}`));
  let step = COPY_STEP;
  while (nodes.some(({ position }) => taken.has(`${position.x + step},${position.y + step}`))) step += COPY_STEP;
  return { x: step, y: step };
}

function insert(verb: string, fragment: Fragment, offset: Place): void {
  const document = currentDocument();
  const inserted = document && insertFragment(document, fragment, offset);
  if (inserted === undefined) {
    setNotice('This would make the design larger than Caudal takes: 2,000 nodes and 8,000 connections.');
    return;
  }
  const names = namesOf(inserted.document, { nodes: inserted.ids, edges: [] });
  edit(`${verb} ${names}`, () => inserted.document);
  selectMany({ nodes: inserted.ids, edges: [] });
  viewport()?.reveal(inserted.ids);
}

/** Steps that follow one another on the same selection are one step of undo. */
export function nudgeSelection(x: number, y: number, isFar: boolean): void {
  const { nodes } = useApp.getState().selected;
  const document = currentDocument();
  if (document === undefined || nodes.length === 0) return;
  const step = isFar ? gridPitch * 10 : gridPitch;
  const names = namesOf(document, { nodes, edges: [] });
  const move = { x: x * step, y: y * step };
  edit(`move ${names}`, (before) => nudgeNodes(before, nodes, move), `nudge ${nodes.join(' ')}`);
}

export function alignSelection(alignment: Alignment): void {
  const { nodes } = useApp.getState().selected;
  edit(`align ${nodes.length} nodes`, (document) => alignNodes(document, nodes, alignment));
}

export function groupSelection(): void {
  const { nodes } = useApp.getState().selected;
  edit(`group ${nodes.length} nodes`, (document) => groupNodes(document, nodes)?.document ?? document);
}

export function ungroupSelection(): void {
  const { nodes } = useApp.getState().selected;
  edit('ungroup', (document) => ungroupNodes(document, nodes));
}

/** Goes to what a fault is about: its node or its edge is selected and brought into view, and its field has the focus. */
export function goTo(path: string): boolean {
  const document = currentDocument();
  if (document === undefined) return false;
  setPreferences({ isInspectorOpen: true });
  const [list, id = ''] = path.split('.');
  const node = list === 'nodes' ? id : nodeBehind(path);
  const edge = list === 'edges' ? document.edges.find((candidate) => candidate.id === id) : undefined;
  const page = designPageOf(path);
  if (node !== undefined && document.nodes.some((candidate) => candidate.id === node)) {
    select({ kind: 'node', id: node });
    viewport()?.reveal([node]);
  } else if (edge !== undefined) {
    select({ kind: 'edge', id: edge.id });
    viewport()?.reveal([edge.source, edge.target]);
  } else if (page !== undefined) openDesign(page);
  else return false;
  askForField(path);
  return true;
}

/** The node that a workload, a fault or an objective belongs to. */
function nodeBehind(path: string): string | undefined {
  const [list, id] = path.split('.');
  const document = currentDocument();
  if (document === undefined) return undefined;
  if (list === 'workloads') return document.workloads.find((item) => item.id === id)?.node;
  if (list === 'faults') return document.faults.find((item) => item.id === id)?.node;
  const objective = list === 'objectives' ? document.objectives.find((item) => item.id === id) : undefined;
  return objective && 'node' in objective ? objective.node : undefined;
}
