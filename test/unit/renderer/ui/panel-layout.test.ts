import { describe, expect, it } from 'vitest';
import { readPreferences } from '#renderer/state/preferences.ts';
import { layOutPanels, narrowestCanvas, railWidth, within } from '#renderer/ui/panel-layout.ts';

const chosen = readPreferences({ getItem: () => null });

function canvasWidth(width: number, hasSelection: boolean, preferences = chosen): number {
  const { palette, inspector } = layOutPanels({ width, height: 800 }, preferences, hasSelection);
  return width - palette.width - (inspector === undefined || inspector.isOver ? 0 : inspector.width);
}

describe('panels', () => {
  it('have what the user chose on a large window', () => {
    const panels = layOutPanels({ width: 1440, height: 900 }, chosen, true);
    expect(panels.palette).toEqual({ width: 208, isRailed: false, isForced: false });
    expect(panels.inspector).toEqual({ width: 320, isOver: false });
    expect(panels.results.height).toBe(250);
  });

  it('leave the canvas its room on every window, whatever was chosen', () => {
    const greedy = { ...chosen, paletteWidth: 900, inspectorWidth: 900 };
    for (let width = 640; width <= 2000; width += 20) {
      expect(canvasWidth(width, true)).toBeGreaterThanOrEqual(narrowestCanvas);
      expect(canvasWidth(width, true, greedy)).toBeGreaterThanOrEqual(narrowestCanvas);
    }
  });

  it('fold by themselves at 1024, with and without a selection', () => {
    for (const hasSelection of [true, false]) {
      const { palette } = layOutPanels({ width: 1024, height: 700 }, chosen, hasSelection);
      expect(palette).toEqual({ width: railWidth, isRailed: true, isForced: true });
    }
    expect(canvasWidth(1024, true)).toBeGreaterThanOrEqual(narrowestCanvas);
  });

  it('stay closed when the user closed them', () => {
    const closed = { ...chosen, isPaletteOpen: false, isInspectorOpen: false };
    const panels = layOutPanels({ width: 1440, height: 900 }, closed, true);
    expect(panels.palette).toMatchObject({ isRailed: true, isForced: false });
    expect(panels.inspector).toBeUndefined();
  });

  it('keep sizes within their ranges, also ones that make no sense', () => {
    expect(within('palette', 10)).toBe(168);
    expect(within('palette', Number.NaN)).toBe(208);
    expect(layOutPanels({ width: 1440, height: 500 }, { ...chosen, panelHeight: 600 }, false).results.height).toBe(252);
  });
});
