import type { KeyboardEvent, PointerEvent, ReactNode } from 'react';
import { setPreferences } from '#renderer/state/app-store.ts';
import { type PanelName, panelRanges, within } from './panel-layout.ts';

const STEP = 16;

/** Which way a panel grows. */
const GROWTH: Readonly<Record<PanelName, { readonly axis: 'x' | 'y'; readonly sign: 1 | -1; readonly label: string }>> =
  {
    palette: { axis: 'x', sign: 1, label: 'Width of the palette' },
    inspector: { axis: 'x', sign: -1, label: 'Width of the inspector' },
    results: { axis: 'y', sign: -1, label: 'Height of the results' },
  };

interface SeparatorProps {
  readonly panel: PanelName;
  readonly size: number;
}

/** The border of a panel: dragged, moved by arrow keys, or set back by a double click. */
export function Separator({ panel, size }: SeparatorProps): ReactNode {
  const { axis, sign, label } = GROWTH[panel];
  const { min, max, byDefault } = panelRanges[panel];
  const isUpright = axis === 'x';
  const drag = (event: PointerEvent<HTMLDivElement>): void => {
    const { currentTarget, pointerId } = event;
    const from = isUpright ? event.clientX : event.clientY;
    currentTarget.setPointerCapture(pointerId);
    const move = (moved: globalThis.PointerEvent): void =>
      setSize(panel, size + sign * ((isUpright ? moved.clientX : moved.clientY) - from));
    currentTarget.addEventListener('pointermove', move);
    const end = (): void => currentTarget.removeEventListener('pointermove', move);
    currentTarget.addEventListener('lostpointercapture', end, { once: true });
  };
  const press = (event: KeyboardEvent): void => {
    const step = { ArrowLeft: -STEP, ArrowUp: -STEP, ArrowRight: STEP, ArrowDown: STEP }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    setSize(panel, size + sign * step);
  };
  return (
    <div
      className={`separator separator-${panel}`}
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation={isUpright ? 'vertical' : 'horizontal'}
      aria-valuenow={size}
      aria-valuemin={min}
      aria-valuemax={max}
      onPointerDown={drag}
      onKeyDown={press}
      onDoubleClick={() => setSize(panel, byDefault)}
    />
  );
}

function setSize(panel: PanelName, size: number): void {
  const chosen = within(panel, size);
  if (panel === 'palette') setPreferences({ paletteWidth: chosen });
  else if (panel === 'inspector') setPreferences({ inspectorWidth: chosen });
  else setPreferences({ panelHeight: chosen });
}
