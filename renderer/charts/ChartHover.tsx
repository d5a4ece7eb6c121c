/** What all charts were at the time under the pointer. */
import { type ReactNode, type RefObject, useEffect, useState } from 'react';
import { playheadText } from '#drawing/quantities.ts';
import { chartValueText } from '#drawing/timeline-option.ts';
import { useRatePeriod } from '#renderer/state/app-store.ts';
import { useDocument } from '#renderer/state/document-store.ts';
import type { ShownChart } from './chart-choices.ts';

interface ChartHoverProps {
  /** Followed by the pointer. */
  readonly area: RefObject<HTMLDivElement | null>;
  readonly charts: readonly ShownChart[];
  readonly width: number;
}

interface Place {
  readonly x: number;
  readonly y: number;
}

/** Pixels between the pointer and the box. */
const GAP = 14;

export function ChartHover({ area, charts, width }: ChartHoverProps): ReactNode {
  const at = usePointer(area);
  const startsAt = useDocument(({ account }) => account.startsAt);
  const horizonSeconds = useDocument(({ run }) => run.horizonSeconds);
  const period = useRatePeriod();
  if (at === undefined || width === 0) return null;
  const seconds = Math.min(1, Math.max(0, at.x / width)) * horizonSeconds;
  const isLeft = at.x > width / 2;
  return (
    <>
      <div className="chart-hover-line" style={{ left: at.x }} />
      <div
        className="chart-hover"
        style={{ top: at.y, ...(isLeft ? { right: width - at.x + GAP } : { left: at.x + GAP }) }}
      >
        <b>{playheadText(startsAt, seconds, horizonSeconds)}</b>
        <dl>
          {charts.map(({ name, unit, color, valueAt, measuredAt }) => (
            <div key={name}>
              <dt style={{ borderColor: color }}>{name}</dt>
              <dd>
                {chartValueText(valueAt(seconds), unit, period)}
                {measuredAt !== undefined && <MeasuredThen value={measuredAt(seconds)} unit={unit} />}
              </dd>
            </div>
          ))}
        </dl>
      </div>
    </>
  );
}

function MeasuredThen({ value, unit }: { readonly value: number | null; readonly unit: string }): ReactNode {
  const period = useRatePeriod();
  return value === null ? null : (
    <span className="chart-measured"> · {chartValueText(value, unit, period)} measured</span>
  );
}

function usePointer(area: RefObject<HTMLDivElement | null>): Place | undefined {
  const [at, setAt] = useState<Place>();
  useEffect(() => {
    const element = area.current;
    if (element === null) return;
    const follow = (event: PointerEvent): void => {
      const { left, top } = element.getBoundingClientRect();
      // Under a pressed button the playhead is moved: it shows the time itself.
      setAt(event.buttons === 0 ? { x: event.clientX - left, y: event.clientY - top } : undefined);
    };
    const forget = (): void => setAt(undefined);
    element.addEventListener('pointermove', follow);
    element.addEventListener('pointerdown', forget);
    element.addEventListener('pointerleave', forget);
    return () => {
      element.removeEventListener('pointermove', follow);
      element.removeEventListener('pointerdown', forget);
      element.removeEventListener('pointerleave', forget);
    };
  }, [area]);
  return at;
}
