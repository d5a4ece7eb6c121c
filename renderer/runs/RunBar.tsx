/** The run in the middle of the top bar: play, step, break, the playhead's time, and what is run at which pace. */
import { Button, Icon } from '@cloudscape-design/components';
import { type ReactNode, useEffect } from 'react';
import { playheadText } from '#drawing/quantities.ts';
import { isUnderway, useApp } from '#renderer/state/app-store.ts';
import { useDocument, useDocumentState } from '#renderer/state/document-store.ts';
import { isTakenByField, keyOf } from '#renderer/ui/keys.ts';
import { BreakButton } from './BreakButton.tsx';
import { toEnd, toStart, usePlayhead } from './playhead.ts';
import { RunSettings } from './RunSettings.tsx';
import { cancelRun, nothingToRun, playOrPause, runAndPlay, stepBack, stepOn } from './run-control.ts';
import { originDetails, originTitle } from './run-origin.ts';
import { useResultsPart } from './run-results.ts';
import { progressText } from './time-left.ts';

export function RunBar(): ReactNode {
  const isOpen = useDocumentState(({ document }) => document !== undefined);
  const phase = useApp((state) => state.run.phase);
  useRunKeys();
  if (!isOpen) return <div className="top-bar-middle" />;
  return (
    <div className="top-bar-middle" role="group" aria-label="Run" data-run={phase}>
      <PlayButton />
      <StepButton />
      <BreakButton />
      <Clock />
      <RunSettings />
      <RunState />
    </div>
  );
}

function PlayButton(): ReactNode {
  const isConnected = useApp((state) => state.connection === 'open');
  const phase = useApp((state) => state.run.phase);
  const isPlaying = usePlayhead((state) => state.isPlaying);
  const hasResults = useResultsPart(({ recording }) => recording !== undefined);
  const isStale = useDocumentState((state) => state.areResultsStale);
  const faults = useDocumentState((state) => state.faults.length);
  const isReadOnly = useDocumentState((state) => state.isReadOnly);
  const mustRun = !isUnderway(phase) && (!hasResults || isStale);
  const words = isPlaying ? 'Pause' : !mustRun ? 'Play' : hasResults || phase === 'failed' ? 'Run again' : 'Run';
  const isEmpty = useDocument(({ nodes }) => nodes.length === 0);
  const cannotRun = mustRun && !isPlaying && (faults > 0 || isEmpty);
  return (
    <Button
      variant="primary"
      iconName={isPlaying ? 'pause' : 'play'}
      ariaLabel={words}
      disabled={!isConnected || cannotRun || phase === 'cancelling'}
      {...(cannotRun && !isReadOnly
        ? {
            disabledReason: isEmpty
              ? nothingToRun
              : `The design has ${faults} ${faults === 1 ? 'fault' : 'faults'}: mend ${faults === 1 ? 'it' : 'them'} to run it.`,
          }
        : {})}
      onClick={() => void playOrPause()}
    >
      {mustRun && !isPlaying ? words : null}
    </Button>
  );
}

function StepButton(): ReactNode {
  const hasResults = useResultsPart(({ recording }) => recording !== undefined);
  return (
    <Button variant="icon" iconSvg={<StepIcon />} ariaLabel="Step" disabled={!hasResults} onClick={() => stepOn()} />
  );
}

function StepIcon(): ReactNode {
  return (
    <svg viewBox="0 0 16 16" focusable="false" aria-hidden="true">
      <path className="filled" d="M2 3h3v10H2zM7 3l7 5-7 5z" />
    </svg>
  );
}

function Clock(): ReactNode {
  const startsAt = useDocument(({ account }) => account.startsAt);
  const isFilling = useApp(({ run }) => isUnderway(run.phase) && run.simulatedSeconds < 0);
  const planned = useDocument(({ run }) => run.horizonSeconds);
  const horizonSeconds = useResultsPart(({ recording }) => recording?.horizonSeconds) ?? planned;
  const time = usePlayhead(({ readSeconds }) => playheadText(startsAt, readSeconds, horizonSeconds));
  const isWaiting = usePlayhead((state) => state.isWaiting);
  return (
    <span
      className="top-bar-clock"
      title={isFilling ? 'Queues and functions fill before time zero' : 'Simulated time at the playhead'}
    >
      {time}
      {isFilling ? <Doing word="filling" /> : isWaiting && <Doing word="simulating" />}
    </span>
  );
}

/** What the playhead waits for, how far it is, and for how long still. */
function Doing({ word }: { readonly word: string }): ReactNode {
  const { phase, simulatedSeconds, horizonSeconds, elapsedSeconds } = useApp(({ run }) => run);
  const preRollSeconds = useDocument(({ run }) => run.preRollSeconds);
  const progress = progressText({ simulatedSeconds, preRollSeconds, horizonSeconds, elapsedSeconds });
  return (
    <small>
      {' '}
      {word}
      {isUnderway(phase) && <span className="top-bar-wide"> {progress}</span>}
    </small>
  );
}

/** What is to be said of the run: that it goes on, or that it is out of date. Faults are listed on the canvas. */
function RunState(): ReactNode {
  const phase = useApp((state) => state.run.phase);
  const isStale = useDocumentState((state) => state.areResultsStale);
  const isConnected = useApp((state) => state.connection === 'open');
  const isPlaying = usePlayhead((state) => state.isPlaying);
  if (phase === 'running' || phase === 'paused') {
    return (
      <Button
        variant="icon"
        iconName="close"
        ariaLabel="Cancel the run"
        disabled={!isConnected}
        onClick={() => void cancelRun()}
      />
    );
  }
  if (isUnderway(phase)) return null;
  if (!isStale) return <OriginMark />;
  return (
    <>
      <span
        className="run-stale"
        role="status"
        title="The design has changed since this run. Run it again to see what that does."
      >
        stale
      </span>
      {isPlaying && (
        <Button disabled={!isConnected} onClick={() => void runAndPlay()}>
          Run again
        </Button>
      )}
    </>
  );
}

/** Says that what is on screen was read from a file. */
function OriginMark(): ReactNode {
  const origin = useResultsPart((results) => results.origin);
  if (origin === undefined) return null;
  const words = `${originTitle(origin)} from ${origin.name}: ${originDetails(origin)}. Nothing was simulated to show it.`;
  return (
    <span className="run-origin" role="status" title={words} aria-label={words}>
      <Icon name="file" size="small" />
      <span className="top-bar-wide">{originTitle(origin)}</span>
    </span>
  );
}

/** Space plays, `.` and `,` step, Home and End go to the ends, R runs anew: unless what has the focus takes the key itself. */
function useRunKeys(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      const act = KEYS[event.key];
      if (act === undefined || isTakenByField(event.target, keyOf(event))) return;
      event.preventDefault();
      act();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

const KEYS: Readonly<Record<string, () => void>> = {
  ' ': () => void playOrPause(),
  '.': stepOn,
  ',': stepBack,
  Home: toStart,
  End: toEnd,
  r: () => void runAndPlay(),
};
