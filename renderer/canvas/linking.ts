/** The link that is being drawn, and what is under the pointer: cards ask how they look while it goes on. */
import { create } from 'zustand';
import * as catalog from '#catalog/specs.ts';
import type { Place } from '#drawing/layered-layout.ts';
import { canEdit, drawLink, redirectLink } from '#renderer/state/canvas-commands.ts';
import { showDialog } from '#renderer/state/dialogs.ts';
import { currentDocument } from '#renderer/state/document-store.ts';
import { LinkJudge, type LinkOption, type LinkStart } from '#renderer/state/edits/link-offer.ts';
import { type FixedEnd, movedLink } from '#renderer/state/edits/move-link.ts';

export interface ScreenPoint {
  readonly x: number;
  readonly y: number;
}

/** What is said or asked where a link was dropped. */
export type DropNote =
  | { readonly kind: 'refused'; readonly at: ScreenPoint; readonly message: string; readonly remedy: string }
  | {
      readonly kind: 'choice';
      readonly at: ScreenPoint;
      readonly options: readonly LinkOption[];
      /** The link of which an end was dragged; undefined for a new one. */
      readonly moved: string | undefined;
    };

interface LinkingState {
  readonly start: LinkStart | undefined;
  /** Nodes that the link may end at. */
  readonly legal: ReadonlySet<string>;
  readonly hovered: string | undefined;
  /** Cards are too small for ports. */
  readonly isFar: boolean;
  readonly note: DropNote | undefined;
}

export const useLinking = create<LinkingState>(() => ({
  start: undefined,
  legal: new Set<string>(),
  hovered: undefined,
  isFar: false,
  note: undefined,
}));

let judge: LinkJudge | undefined;
/** The link of which an end is dragged. */
let moved: { readonly edge: string; readonly fixed: FixedEnd } | undefined;

/** An end of a link is taken; where its other end is comes with `beginLink`. */
export function beginMove(edge: string, fixed: FixedEnd): void {
  moved = { edge, fixed };
}

export function beginLink(start: LinkStart): void {
  const document = currentDocument();
  if (document === undefined || !canEdit()) return;
  const link = moved && movedLink(document, moved.edge, moved.fixed, start.port);
  const asked = new LinkJudge(catalog, link?.document ?? document, start, link);
  judge = asked;
  const legal = new Set(document.nodes.map(({ id }) => id).filter((id) => asked.isLegal(id)));
  useLinking.setState({ start, legal, note: undefined });
}

/** The link was let go over a card, perhaps over one of its ports; over nothing it ends. */
export function dropLink(at: ScreenPoint, node: string | undefined, port: string | undefined): void {
  const asked = judge;
  const { start } = useLinking.getState();
  const link = endDrag();
  if (asked === undefined || start === undefined || node === undefined || node === start.node) return;
  // Put back on the card it came from: nothing is meant, unless it is over another port.
  if (link !== undefined && port === undefined && isEndOf(link.edge, node)) return;
  finishLink(at, asked, node, port, link?.edge);
}

/** Nothing is lit any more; what was dragged, where it was the end of a link. */
function endDrag(): typeof moved {
  const link = moved;
  judge = undefined;
  moved = undefined;
  useLinking.setState({ start: undefined, legal: new Set() });
  return link;
}

function isEndOf(id: string, node: string): boolean {
  const edge = currentDocument()?.edges.find((candidate) => candidate.id === id);
  return edge?.source === node || edge?.target === node;
}

/** The link was let go over empty canvas: what could it end at? */
export function dropLinkOnCanvas(at: Place): void {
  const { start } = useLinking.getState();
  // The end of a link that is let go there stays where it was.
  if (endDrag() === undefined && start !== undefined) showDialog({ kind: 'addLinked', start, at });
}

/** Links where there is one way, asks where there are several, and says why where there is none. */
function finishLink(at: ScreenPoint, asked: LinkJudge, node: string, port?: string, link?: string): void {
  const exact = port === undefined ? undefined : asked.offer(node, port);
  // A port that cannot be linked must not hide another of the same card that can.
  const offer = exact?.kind === 'legal' ? exact : asked.offer(node);
  if (offer.kind === 'refused') {
    const { message, remedy } = exact?.kind === 'refused' ? exact : offer;
    useLinking.setState({ note: { kind: 'refused', at, message, remedy } });
  } else if (offer.options.length > 1) {
    useLinking.setState({ note: { kind: 'choice', at, options: offer.options, moved: link } });
  } else {
    takeOption(offer.options[0], link);
  }
}

/** Draws the link, or leads the one there whose end was dragged. */
export function takeOption(option: LinkOption, link: string | undefined): void {
  if (link === undefined) drawLink(option);
  else redirectLink(link, option);
}

export function closeNote(): void {
  useLinking.setState({ note: undefined });
}

export function setHovered(hovered: string | undefined): void {
  useLinking.setState({ hovered });
}

export function setFar(isFar: boolean): void {
  useLinking.setState({ isFar });
}

export type CardRole = 'idle' | 'start' | 'legal' | 'dimmed';

export function useCardRole(id: string): CardRole {
  return useLinking(({ start, legal }) => {
    if (start === undefined) return 'idle';
    if (start.node === id) return 'start';
    return legal.has(id) ? 'legal' : 'dimmed';
  });
}

/** Ports are drawn only where they are of use: 300 cards have 1,500 of them. */
export function useShowsPorts(id: string): boolean {
  return useLinking(
    ({ start, legal, hovered, isFar }) => hovered === id || start?.node === id || (!isFar && legal.has(id)),
  );
}
