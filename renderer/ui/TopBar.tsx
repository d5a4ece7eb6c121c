import { Button } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { usdText } from '#drawing/quantities.ts';
import { AwsBar } from '#renderer/aws/AwsBar.tsx';
import { ModeSwitch } from '#renderer/aws/ModeSwitch.tsx';
import { useIsAwsMode } from '#renderer/aws/part-states.ts';
import { openDesign } from '#renderer/inspector/design-panel.ts';
import { RunBar } from '#renderer/runs/RunBar.tsx';
import { useResultsPart } from '#renderer/runs/run-results.ts';
import { isUnderway, setPanelOpen, setTab, setTheme, useApp } from '#renderer/state/app-store.ts';
import { showDialog } from '#renderer/state/dialogs.ts';
import { useDocumentState } from '#renderer/state/document-store.ts';
import { FileMenu } from './FileMenu.tsx';
import { keyWords } from './keys.ts';
import { isMac } from './platform.ts';
import { useIsDark } from './theme.ts';
import { UndoButtons } from './UndoButtons.tsx';
import { Wave } from './Wave.tsx';

export function TopBar(): ReactNode {
  const isOpen = useDocumentState(({ document }) => document !== undefined);
  const isAws = useIsAwsMode() && isOpen;
  return (
    <header className="top-bar awsui-context-top-navigation">
      <div className="top-bar-left">
        <Wave />
        <h1 className="top-bar-name">Caudal</h1>
        <FileMenu />
        <UndoButtons />
        <ModeSwitch />
      </div>
      {isAws ? <AwsBar /> : <RunBar />}
      <div className="top-bar-right">
        {!isAws && <ObjectivesBadge />}
        {!isAws && <MonthlyCost />}
        <SearchButton />
        <DesignButton />
        <ThemeToggle />
        <HelpButton />
      </div>
      <ProgressLine />
    </header>
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

function SearchButton(): ReactNode {
  return (
    <Button
      variant="inline-link"
      iconName="search"
      ariaLabel="Search commands and components"
      onClick={() => showDialog({ kind: 'commands' })}
    >
      <span className="top-bar-search">
        <span className="top-bar-word">Search </span>
        <kbd className="top-bar-wide">{keyWords('Ctrl+K', isMac)}</kbd>
      </span>
    </Button>
  );
}

function DesignButton(): ReactNode {
  const isOpen = useDocumentState(({ document }) => document !== undefined);
  return (
    <Button
      variant="icon"
      iconName="settings"
      ariaLabel="Design settings"
      disabled={!isOpen}
      onClick={() => openDesign()}
    />
  );
}

function HelpButton(): ReactNode {
  return (
    <Button
      variant="icon"
      iconName="status-info"
      ariaLabel="Show the keys"
      onClick={() => showDialog({ kind: 'keys' })}
    />
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
