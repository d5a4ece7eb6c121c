/** The theme's tokens as colours that a canvas can draw with. */
import type { ChartColors } from '#drawing/timeline-option.ts';

export interface LineColors {
  readonly calm: string;
  readonly near: string;
  readonly failing: string;
  /** What was measured, over any of the others. */
  readonly measured: string;
}

/** Read anew when the theme changes: a canvas does not follow CSS. */
export function chartColors(): ChartColors & LineColors {
  const style = getComputedStyle(document.body);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  return {
    text: token('--text'),
    textSoft: token('--text-soft'),
    line: token('--divider-soft'),
    panel: token('--panel'),
    calm: token('--info'),
    near: token('--near'),
    failing: token('--error'),
    measured: token('--text-strong'),
  };
}
