/** The run over simulated time: small charts on one axis, faults as marks, the playhead across all, events beside. */
import { type PointerEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { useDocument } from '#renderer/state/document-store.ts';
import { moveTo, pause } from '#renderer/runs/playhead.ts';
import { MeasuredLegend } from '#renderer/aws/MeasuredLegend.tsx';
import { ChartStack } from './ChartStack.tsx';
import { EventSide } from './EventSide.tsx';
import { FaultBands, FaultMarks } from './FaultMarks.tsx';
import { PlayheadLine } from './PlayheadLine.tsx';
import { TimeAxis } from './TimeAxis.tsx';
import { TimelineTools } from './TimelineTools.tsx';

export function Timeline(): ReactNode {
  const area = useRef<HTMLDivElement>(null);
  const width = useWidth(area);
  const horizonSeconds = useDocument(({ run }) => run.horizonSeconds);
  return (
    <div className="timeline">
      <TimelineTools />
      <div className="timeline-main">
        <div ref={area} className="timeline-area" {...scrubbing(horizonSeconds)}>
          <TimeAxis width={width} />
          <FaultMarks width={width} />
          <FaultBands />
          <MeasuredLegend />
          <ChartStack width={width} />
          <PlayheadLine width={width} />
        </div>
      </div>
      <EventSide />
    </div>
  );
}

/** Pressing anywhere over the charts takes the playhead there, and along while the pointer moves. */
function scrubbing(
  horizonSeconds: number,
): Record<'onPointerDown' | 'onPointerMove', (event: PointerEvent<HTMLDivElement>) => void> {
  const follow = (event: PointerEvent<HTMLDivElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    if (box.width > 0) moveTo(((event.clientX - box.left) / box.width) * horizonSeconds);
  };
  return {
    onPointerDown: (event) => {
      // Marks of faults are dragged by themselves.
      if (event.button !== 0 || (event.target as Element).closest('.fault-mark') !== null) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      pause();
      follow(event);
    },
    onPointerMove: (event) => {
      if (event.currentTarget.hasPointerCapture(event.pointerId)) follow(event);
    },
  };
}

function useWidth(element: { readonly current: HTMLDivElement | null }): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (element.current === null) return undefined;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return width;
}
