/** The layout command: asks ELK, shows that it is at work, and sets the cards to their new places in one step of undo. */
import { create } from 'zustand';
import type { Place } from '#drawing/layered-layout.ts';
import { setFailure, useApp } from '#renderer/state/app-store.ts';
import { canEdit } from '#renderer/state/canvas-commands.ts';
import { currentDocument, edit } from '#renderer/state/document-store.ts';
import { moveNodes, settledPlaces } from '#renderer/state/edits/places.ts';
import { viewport } from '#renderer/state/viewport.ts';
import { laidOut } from './elk-worker.ts';

/** Work that takes longer than this is shown. */
const SHOWN_AFTER_MS = 100;

export const useLayoutWork = create<{ readonly isWorking: boolean }>(() => ({ isWorking: false }));

let isUnderway = false;

/** Lays out what is selected where that is two cards or more, otherwise the whole design. */
export async function layOutSelection(): Promise<void> {
  const document = currentDocument();
  if (document === undefined || !canEdit() || isUnderway) return;
  const { opened, selected: all } = useApp.getState();
  const selected = all.nodes;
  const ids = selected.length >= 2 && selected.length < document.nodes.length ? selected : [];
  isUnderway = true;
  const timer = setTimeout(() => useLayoutWork.setState({ isWorking: true }), SHOWN_AFTER_MS);
  try {
    const room = viewport()?.size() ?? { width: innerWidth, height: innerHeight };
    const places = await laidOut({ document, ids }, room);
    // Another document may have been opened meanwhile.
    if (useApp.getState().opened === opened) place(places, ids);
  } catch {
    setFailure('The layout did not succeed; the cards stay where they are. Load the window again and try once more.');
  } finally {
    clearTimeout(timer);
    isUnderway = false;
    useLayoutWork.setState({ isWorking: false });
  }
}

/** What was changed meanwhile stays: only cards that are still there move. */
function place(places: ReadonlyMap<string, Place>, ids: readonly string[]): void {
  edit(ids.length === 0 ? 'lay out' : `lay out ${ids.length} nodes`, (document) =>
    moveNodes(document, settledPlaces(document, places, ids)),
  );
  if (ids.length === 0) viewport()?.fit();
}
