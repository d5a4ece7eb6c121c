import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import { playheadText } from '#drawing/quantities.ts';
import { moveTo, pause, usePlayhead } from '#renderer/runs/playhead.ts';
import { stepSeconds } from '#renderer/runs/speeds.ts';
import { useDocument } from '#renderer/state/document-store.ts';

/** Milliseconds between two values that a screen reader is told while it plays. */
const TOLD_MS = 500;

/** The line across all charts; its head is a slider for keyboard and screen reader. Moved without React: it moves in every frame. */
export function PlayheadLine({ width }: { readonly width: number }): ReactNode {
  const line = useRef<HTMLDivElement>(null);
  const head = useRef<HTMLDivElement>(null);
  const startsAt = useDocument(({ account }) => account.startsAt);
  const horizonSeconds = useDocument(({ run }) => run.horizonSeconds);
  useEffect(() => {
    let lastMs = Number.NEGATIVE_INFINITY;
    let lastAt = -1;
    const place = ({ seconds, isPlaying }: { readonly seconds: number; readonly isPlaying: boolean }): void => {
      const at = Math.round(Math.min(1, seconds / horizonSeconds) * width);
      if (at !== lastAt) line.current?.style.setProperty('transform', `translateX(${at}px)`);
      lastAt = at;
      const nowMs = performance.now();
      if (isPlaying && nowMs - lastMs < TOLD_MS) return;
      lastMs = nowMs;
      head.current?.setAttribute('aria-valuenow', String(Math.round(seconds)));
      head.current?.setAttribute('aria-valuetext', playheadText(startsAt, seconds, horizonSeconds));
    };
    place(usePlayhead.getState());
    return usePlayhead.subscribe(place);
  }, [horizonSeconds, startsAt, width]);
  return (
    <div ref={line} className="playhead-line">
      <div
        ref={head}
        className="playhead-head"
        role="slider"
        tabIndex={0}
        aria-label="Playhead"
        aria-valuemin={0}
        aria-valuemax={Math.round(horizonSeconds)}
        onKeyDown={(event) => scrubByKey(event, horizonSeconds)}
      />
    </div>
  );
}

function scrubByKey(event: KeyboardEvent, horizonSeconds: number): void {
  const { seconds } = usePlayhead.getState();
  const step = stepSeconds(horizonSeconds);
  const moves: Readonly<Record<string, number>> = {
    ArrowRight: seconds + step,
    ArrowUp: seconds + step,
    ArrowLeft: seconds - step,
    ArrowDown: seconds - step,
    PageUp: seconds + 10 * step,
    PageDown: seconds - 10 * step,
    Home: 0,
    End: horizonSeconds,
  };
  const next = moves[event.key];
  if (next === undefined) return;
  event.preventDefault();
  pause();
  moveTo(next);
}
