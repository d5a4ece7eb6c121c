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

/** Opens the menu; what it is about is selected, unless it is part of a selection already. */
export function openContextMenu(target: MenuTarget, at: Place, place: Place): void {
  const { selected } = useApp.getState();
  if (target.kind === 'node' && !selected.nodes.includes(target.id)) select(target);
  if (target.kind === 'edge' && !selected.edges.includes(target.id)) select(target);
  const opener = document.activeElement instanceof HTMLElement ? document.activeElement : undefined;
  useContextMenu.setState({ menu: { target, at, place, opener } });
}

export function closeContextMenu(): void {
  const { menu } = useContextMenu.getState();
  useContextMenu.setState({ menu: undefined });
  menu?.opener?.focus({ preventScroll: true });
}
