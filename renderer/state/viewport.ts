/** The canvas as commands see it: where its middle is, and how to bring something into view. Set while a canvas is drawn. */
import type { Place } from '#drawing/layered-layout.ts';

export interface Viewport {
  /** Canvas place at the middle of what is visible. */
  middle(): Place;
  /** The same in the window. */
  screenMiddle(): Place;
  toCanvas(screen: Place): Place;
  /** In pixels of the window. */
  size(): { readonly width: number; readonly height: number };
  /** Shows all. */
  fit(): void;
  /** Shows all of another document, at once. */
  begin(): void;
  /** Moves the view only where some of the nodes cannot be seen. */
  reveal(nodes: readonly string[]): void;
  zoomToFullSize(): void;
  focus(node: string): void;
  /** Pointer over the canvas, in canvas places; undefined while it is elsewhere. */
  pointer(): Place | undefined;
}

let current: Viewport | undefined;

export function setViewport(viewport: Viewport | undefined): void {
  current = viewport;
}

export function viewport(): Viewport | undefined {
  return current;
}
