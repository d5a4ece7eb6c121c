/** The menu over the canvas: what it is about and where it was asked for. */
import { create } from 'zustand';
import type { Place } from '#drawing/layered-layout.ts';
import { select, useApp } from './app-store.ts';

export type MenuTarget = { readonly kind: 'node' | 'edge'; readonly id: string } | { readonly kind: 'canvas' };

export interface ContextMenu {
  readonly target: MenuTarget;
  /** In the window. */
  readonly at: Place;
  /** The same on the canvas. */
  readonly place: Place;
  /** What had the focus before. */
  readonly opener: HTMLElement | undefined;
}

export const useContextMenu = create<{ readonly menu: ContextMenu | undefined }>(() => ({ menu: undefined }));

/** What the menu is about is selected only when something is chosen: the inspector would move the canvas under the menu. */
export function openContextMenu(target: MenuTarget, at: Place, place: Place): void {
  const opener = document.activeElement instanceof HTMLElement ? document.activeElement : undefined;
  useContextMenu.setState({ menu: { target, at, place, opener } });
}

/** How many nodes the menu is about: the selected ones, where its target is one of them. */
export function nodesOfMenu(target: MenuTarget): number {
  const { selected } = useApp.getState();
  if (isSelected(target)) return selected.nodes.length;
  return target.kind === 'node' ? 1 : 0;
}

/** What is chosen in the menu is done to what is selected. */
export function selectMenuTarget(target: MenuTarget): void {
  if (target.kind !== 'canvas' && !isSelected(target)) select(target);
}

function isSelected(target: MenuTarget): boolean {
  const { selected } = useApp.getState();
  if (target.kind === 'canvas') return false;
  return (target.kind === 'node' ? selected.nodes : selected.edges).includes(target.id);
}

export function closeContextMenu(): void {
  const { menu } = useContextMenu.getState();
  useContextMenu.setState({ menu: undefined });
  menu?.opener?.focus({ preventScroll: true });
}
