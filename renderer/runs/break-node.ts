/** Breaks something at the playhead: adds a fault to the design, as one step of undo, and runs it anew. */
import { withFault } from '#renderer/charts/fault-edits.ts';
import { currentDocument, edit } from '#renderer/state/document-store.ts';
import type { FaultKind } from '#schema/faults.ts';
import { placeName } from './place-name.ts';
import { currentPlayhead, moveTo } from './playhead.ts';
import { runAndPlay } from './run-control.ts';

/** The playhead goes to where the fault begins, and plays from there. */
export function breakAtPlayhead(node: string, kind: FaultKind): void {
  const open = currentDocument();
  const known = open?.faults.length ?? 0;
  edit(`break ${open === undefined ? node : placeName(open, node)}`, (document) =>
    withFault(document, kind, node, currentPlayhead()),
  );
  const added = currentDocument()?.faults[known];
  if (added === undefined) return;
  moveTo(Math.min(currentPlayhead(), added.startSeconds));
  void runAndPlay();
}
