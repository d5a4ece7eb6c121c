import { type ReactNode, useMemo } from 'react';
import { timeTicks } from '#drawing/time-axis.ts';
import { useDocument } from '#renderer/state/document-store.ts';

/** Pixels that a tick and its text need. */
const TICK_WIDTH = 96;
/** From here on a text behind its tick would be cut. */
const LAST_RATIO = 0.96;

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
          // The text of the last one stands before it, where the one before has its own.
          className={ratio > LAST_RATIO ? 'time-tick time-tick-last' : 'time-tick'}
          style={{ left: `${ratio * 100}%` }}
        >
          {ratio > LAST_RATIO && (1 - (ticks.at(-2)?.ratio ?? 0)) * width < 2 * TICK_WIDTH ? null : text}
        </span>
      ))}
    </div>
  );
}
