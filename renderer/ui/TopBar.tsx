import { Button } from '@cloudscape-design/components';
import { type ReactNode, useState } from 'react';
import { clockText, durationText, usdText } from '#drawing/quantities.ts';
import { cancelRun, playOrPause } from '#renderer/runs/run-control.ts';
import { useResultsPart } from '#renderer/runs/run-results.ts';
import {
  isUnderway,
  type RunPhase,
  setPanelOpen,
  setTab,
  setTheme,
  useApp,
  useCaudalDocument,
} from '#renderer/state/app-store.ts';
import { OpenDialog } from './OpenDialog.tsx';
import { useIsDark } from './theme.ts';
import { Wave } from './Wave.tsx';

export function TopBar(): ReactNode {
  return (
    <header className="top-bar awsui-context-top-navigation">
      <div className="top-bar-left">
        <Wave />
        <span className="top-bar-name">Caudal</span>
        <FileButton />
      </div>
      <RunControls />
      <div className="top-bar-right">
        <ObjectivesBadge />
        <MonthlyCost />
        <ThemeToggle />
      </div>
      <ProgressLine />
    </header>
  );
}

function FileButton(): ReactNode {
  const [isOpening, setOpening] = useState(false);
  const path = useApp(({ opened }) => (opened === undefined || opened.kind === 'none' ? undefined : opened.path));
  const name = useCaudalDocument()?.name;
  const isConnected = useApp((state) => state.connection === 'open');
  return (
    <>
      <Button
        variant="inline-link"
        ariaLabel={path === undefined ? 'Open a document' : `Open another document, ${path} is open`}
        disabled={!isConnected}
        onClick={() => setOpening(true)}
      >
        <span className="top-bar-file" title={path}>
          {name ?? path ?? 'Open'}
        </span>
      </Button>
      {isOpening && <OpenDialog onClose={() => setOpening(false)} />}
    </>
  );
}

const PLAY_WORDS: Readonly<Record<RunPhase, string>> = {
  none: 'Run',
  starting: 'Starting',
  running: 'Pause',
  paused: 'Go on',
  cancelling: 'Stopping',
  done: 'Run again',
  cancelled: 'Run again',
  failed: 'Run again',
};

function RunControls(): ReactNode {
  const document = useCaudalDocument();
  const phase = useApp((state) => state.run.phase);
  const isConnected = useApp((state) => state.connection === 'open');
  if (document === undefined) return <div className="top-bar-middle" />;
  const canPlay = isConnected && phase !== 'starting' && phase !== 'cancelling';
  const { horizonSeconds, seed, fidelity } = document.run;
  return (
    <div className="top-bar-middle">
      <Button
        variant={phase === 'running' ? 'normal' : 'primary'}
        iconName={phase === 'running' ? 'pause' : 'play'}
        ariaLabel={PLAY_WORDS[phase]}
        disabled={!canPlay}
        loading={phase === 'starting' || phase === 'cancelling'}
        onClick={() => void playOrPause()}
      >
        {PLAY_WORDS[phase]}
      </Button>
      {(phase === 'running' || phase === 'paused') && (
        <Button
          variant="icon"
          iconName="close"
          ariaLabel="Cancel the run"
          disabled={!isConnected}
          onClick={() => void cancelRun()}
        />
      )}
      <SimulatedTime startsAt={document.account.startsAt} />
      <span className="top-bar-settings">
        of {durationText(horizonSeconds)} · seed {seed} · {fidelity}
      </span>
    </div>
  );
}

function SimulatedTime({ startsAt }: { readonly startsAt: string }): ReactNode {
  const seconds = useApp((state) => state.run.simulatedSeconds);
  const isFilling = useApp(({ run }) => isUnderway(run.phase) && run.simulatedSeconds < 0);
  return (
    <span className="top-bar-clock" title={isFilling ? 'Queues and functions fill before time zero' : 'Simulated time'}>
      {clockText(startsAt, Math.max(0, seconds))}
      {isFilling && <small> filling</small>}
    </span>
  );
}

/** A thin line along the bar: how much of the horizon is simulated. */
function ProgressLine(): ReactNode {
  const { phase, simulatedSeconds, horizonSeconds } = useApp((state) => state.run);
  if (!isUnderway(phase)) return null;
  const share = horizonSeconds === 0 ? 0 : Math.max(0, simulatedSeconds / horizonSeconds);
  return (
    <div
      className="top-bar-progress"
      role="progressbar"
      aria-label="Progress of the run"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(share * 100)}
    >
      <div style={{ transform: `scaleX(${share})` }} />
    </div>
  );
}

function ObjectivesBadge(): ReactNode {
  const objectives = useResultsPart(({ report }) => report?.objectives);
  if (objectives === undefined || objectives.length === 0) return null;
  const met = objectives.filter(({ pass }) => pass).length;
  const open = (): void => {
    setTab('objectives');
    setPanelOpen(true);
  };
  return (
    <Button
      iconName={met === objectives.length ? 'status-positive' : 'status-warning'}
      ariaLabel={`${met} of ${objectives.length} objectives met, show them`}
      onClick={open}
    >
      <span className="top-bar-wide">Objectives </span>
      {met} of {objectives.length}
    </Button>
  );
}

function MonthlyCost(): ReactNode {
  const perMonth = useResultsPart(({ report }) => report?.cost.perMonth);
  if (perMonth === undefined) return null;
  const open = (): void => {
    setTab('cost');
    setPanelOpen(true);
  };
  return (
    <Button ariaLabel={`${usdText(perMonth)} a month, show the cost`} onClick={open}>
      {usdText(perMonth)}
      <span className="top-bar-wide"> / month</span>
    </Button>
  );
}

function ThemeToggle(): ReactNode {
  const isDark = useIsDark();
  return (
    <Button
      variant="icon"
      iconSvg={<ThemeIcon />}
      ariaLabel={isDark ? 'Use the light theme' : 'Use the dark theme'}
      onClick={() => setTheme(isDark ? 'light' : 'dark')}
    />
  );
}

function ThemeIcon(): ReactNode {
  return (
    <svg viewBox="0 0 16 16" focusable="false" aria-hidden="true">
      <circle cx="8" cy="8" r="6.5" />
      <path className="filled" d="M8 1.5a6.5 6.5 0 0 1 0 13z" />
    </svg>
  );
}
