/** Where the menu over the canvas was asked for: what lies under the pointer, or what has the focus or is selected. */
import type { Place } from '#drawing/layered-layout.ts';
import { useApp } from '#renderer/state/app-store.ts';
import { type MenuTarget, openContextMenu } from '#renderer/state/context-menu.ts';
import { viewport } from '#renderer/state/viewport.ts';

/** True where the menu opened: over the canvas, not over what lies on it. */
export function openMenuUnder(target: EventTarget, at: Place, toCanvas: (screen: Place) => Place): boolean {
  if (!(target instanceof Element) || target.closest('.react-flow__pane, .react-flow__viewport') === null) return false;
  openContextMenu(targetOf(target), at, toCanvas(at));
  return true;
}

/** For the keyboard: of the card or edge that has the focus or is selected, else of the canvas. */
export function openMenuOfSelection(): void {
  const view = viewport();
  if (view === undefined) return;
  const focused = document.activeElement?.closest('.react-flow__node, .react-flow__edge') ?? undefined;
  const { selection } = useApp.getState();
  const element = focused ?? (selection === undefined ? undefined : elementOf(selection.kind, selection.id));
  const box = element?.getBoundingClientRect();
  const at = box === undefined ? view.screenMiddle() : { x: box.left + box.width / 2, y: box.top + box.height / 2 };
  openContextMenu(element === undefined ? { kind: 'canvas' } : targetOf(element), at, view.toCanvas(at));
}

function targetOf(element: Element): MenuTarget {
  const node = element.closest('.react-flow__node')?.getAttribute('data-id') ?? undefined;
  if (node !== undefined) return { kind: 'node', id: node };
  const edge = element.closest('.react-flow__edge')?.getAttribute('data-id') ?? undefined;
  return edge === undefined ? { kind: 'canvas' } : { kind: 'edge', id: edge };
}

function elementOf(kind: 'node' | 'edge', id: string): Element | undefined {
  return document.querySelector(`.react-flow__${kind}[data-id="${CSS.escape(id)}"]`) ?? undefined;
}
