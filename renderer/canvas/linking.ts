/** The link that is being drawn, and what is under the pointer: cards ask how they look while it goes on. */
import { create } from 'zustand';
import * as catalog from '#catalog/specs.ts';
import type { Place } from '#drawing/layered-layout.ts';
import { canEdit, drawLink } from '#renderer/state/canvas-commands.ts';
import { showDialog } from '#renderer/state/dialogs.ts';
import { currentDocument } from '#renderer/state/document-store.ts';
import { LinkJudge, type LinkOption, type LinkStart } from '#renderer/state/edits/link-offer.ts';

export interface ScreenPoint {
  readonly x: number;
  readonly y: number;
}

/** What is said or asked where a link was dropped. */
export type DropNote =
  | { readonly kind: 'refused'; readonly at: ScreenPoint; readonly message: string; readonly remedy: string }
  | { readonly kind: 'choice'; readonly at: ScreenPoint; readonly options: readonly LinkOption[] };

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

export function beginLink(start: LinkStart): void {
  const document = currentDocument();
  if (document === undefined || !canEdit()) return;
  const asked = new LinkJudge(catalog, document, start);
  judge = asked;
  const legal = new Set(document.nodes.map(({ id }) => id).filter((id) => asked.isLegal(id)));
  useLinking.setState({ start, legal, note: undefined });
}

/** The link was let go over a card, perhaps over one of its ports; over nothing it ends. */
export function dropLink(at: ScreenPoint, node: string | undefined, port: string | undefined): void {
  const asked = judge;
  judge = undefined;
  const { start } = useLinking.getState();
  useLinking.setState({ start: undefined, legal: new Set() });
  if (asked === undefined || start === undefined || node === undefined || node === start.node) return;
  finishLink(at, asked, node, port);
}

/** The link was let go over empty canvas: what could it end at? */
export function dropLinkOnCanvas(at: Place): void {
  const { start } = useLinking.getState();
  judge = undefined;
  useLinking.setState({ start: undefined, legal: new Set() });
  if (start !== undefined) showDialog({ kind: 'addLinked', start, at });
}

/** Links where there is one way, asks where there are several, and says why where there is none. */
export function finishLink(at: ScreenPoint, asked: LinkJudge, node: string, port?: string): void {
  const exact = port === undefined ? undefined : asked.offer(node, port);
  // A port that cannot be linked must not hide another of the same card that can.
  const offer = exact?.kind === 'legal' ? exact : asked.offer(node);
  if (offer.kind === 'refused') {
    const { message, remedy } = exact?.kind === 'refused' ? exact : offer;
    useLinking.setState({ note: { kind: 'refused', at, message, remedy } });
  } else if (offer.options.length > 1) {
    useLinking.setState({ note: { kind: 'choice', at, options: offer.options } });
  } else {
    drawLink(offer.options[0]);
  }
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
