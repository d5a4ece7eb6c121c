/**
 * Border and face of a card, written without React: they are what changes on all of 300 cards while a run plays, and all that
 * is seen of them far out.
 */
import type { Face, FaceCell } from '#drawing/node-face.ts';
import type { NodeState } from '#drawing/node-view.ts';

/** `card` takes the state, `face` the bars; nothing else may write there. */
export function paintCard(card: HTMLElement, face: HTMLElement, view: PaintedView | undefined): void {
  const state = view?.state ?? 'idle';
  if (card.dataset['state'] !== state) card.dataset['state'] = state;
  paintFace(face, view?.face);
}

interface PaintedView {
  readonly state: NodeState;
  readonly face: Face;
}

/** One bar for each shard, a level, or a square for each busy environment. */
function paintFace(element: HTMLElement, face: Face | undefined): void {
  const cells = face?.cells ?? [];
  const kind = cells.length === 0 ? 'none' : (face?.kind ?? 'none');
  if (element.dataset['face'] !== kind) element.dataset['face'] = kind;
  if (element.title !== (face?.words ?? '')) element.title = face?.words ?? '';
  while (element.childElementCount > cells.length) element.lastElementChild?.remove();
  while (element.childElementCount < cells.length) element.append(document.createElement('i'));
  cells.forEach((cell, index) => paintCell(element.children[index] as HTMLElement, cell));
}

function paintCell(element: HTMLElement, { fill, state }: FaceCell): void {
  const look = `card-cell card-cell-${state}`;
  if (element.className !== look) element.className = look;
  const size = `${(fill * 100).toFixed(1)}% 100%`;
  if (element.style.backgroundSize !== size) element.style.backgroundSize = size;
}
