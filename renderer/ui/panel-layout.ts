/** How much room each panel gets: what the user chose, as far as the canvas keeps its own. */
import type { Preferences } from '#renderer/state/preferences.ts';

/** Narrowest canvas in pixels. */
export const narrowestCanvas = 480;
/** A canvas this wide, or more, is left before the palette folds by itself. */
const COMFORTABLE_CANVAS = 560;
const TOP_BAR = 48;
const LOWEST_CANVAS = 200;
/** Width of the folded palette. */
export const railWidth = 44;

export const panelRanges = {
  palette: { min: 168, max: 360, byDefault: 208 },
  inspector: { min: 260, max: 560, byDefault: 320 },
  results: { min: 120, max: 600, byDefault: 250 },
} as const;

export type PanelName = keyof typeof panelRanges;

export interface Panels {
  /** `railed`: folded to a narrow strip, by the user or for want of room. */
  readonly palette: { readonly width: number; readonly isRailed: boolean; readonly isForced: boolean };
  /** Undefined while closed. */
  readonly inspector: { readonly width: number; readonly isOver: boolean } | undefined;
  readonly results: { readonly height: number };
}

type Chosen = Pick<
  Preferences,
  'paletteWidth' | 'isPaletteOpen' | 'inspectorWidth' | 'isInspectorOpen' | 'panelHeight'
>;

/**
 * The palette folds by itself where both panels would leave the canvas less than a comfortable width, whether the inspector is
 * open at the moment or not: the canvas must not jump with each selection.
 */
export function layOutPanels(
  window: { readonly width: number; readonly height: number },
  chosen: Chosen,
  hasSelection: boolean,
): Panels {
  const wanted = within('palette', chosen.paletteWidth);
  const wantedInspector = chosen.isInspectorOpen ? within('inspector', chosen.inspectorWidth) : 0;
  const isForced = window.width - wanted - wantedInspector < COMFORTABLE_CANVAS;
  const isRailed = isForced || !chosen.isPaletteOpen;
  const left = isRailed ? railWidth : wanted;
  const room = window.width - left - narrowestCanvas;
  const isOver = room < panelRanges.inspector.min;
  const width = isOver ? Math.min(wantedInspector, window.width - left) : Math.min(wantedInspector, room);
  const height = Math.max(
    panelRanges.results.min,
    Math.min(within('results', chosen.panelHeight), window.height - TOP_BAR - LOWEST_CANVAS),
  );
  return {
    palette: { width: left, isRailed, isForced },
    inspector: hasSelection && chosen.isInspectorOpen ? { width, isOver } : undefined,
    results: { height },
  };
}

export function within(panel: PanelName, size: number): number {
  const { min, max, byDefault } = panelRanges[panel];
  return Number.isFinite(size) ? Math.min(max, Math.max(min, Math.round(size))) : byDefault;
}
