import { type ReactNode, useMemo } from 'react';
import { timeTicks } from '#drawing/time-axis.ts';
import { useDocument } from '#renderer/state/document-store.ts';

/** Pixels that a tick and its text need. */
const TICK_WIDTH = 96;

export function TimeAxis({ width }: { readonly width: number }): ReactNode {
  const startsAt = useDocument(({ account }) => account.startsAt);
  const horizonSeconds = useDocument(({ run }) => run.horizonSeconds);
  const ticks = useMemo(
    () => timeTicks(startsAt, horizonSeconds, Math.max(2, Math.floor(width / TICK_WIDTH))),
    [startsAt, horizonSeconds, width],
  );
  return (
    <div className="time-axis" aria-hidden="true">
      {ticks.map(({ ratio, text, seconds }) => (
        <span
          key={seconds}
          className={ratio > 0.96 ? 'time-tick time-tick-last' : 'time-tick'}
          style={{ left: `${ratio * 100}%` }}
        >
          {text}
        </span>
      ))}
    </div>
  );
}
