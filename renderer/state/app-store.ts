/** The window's own state: ids, settings and the document. Results of a run are in `renderer/runs/run-results.ts`. */
import { create } from 'zustand';
import type { CaudalDocument } from '#schema/document.ts';
import type { AppInfo, OpenedDocument } from '#schema/rpc.ts';
import { type Preferences, readPreferences, type ThemeChoice, writePreferences } from './preferences.ts';

/**
 * - `connecting`: for the first time
 * - `open`: calls work
 * - `lost`: the host does not answer; tried again and again
 * - `refused`: the host answers but does not know this window: it was started anew
 */
export type Connection = 'connecting' | 'open' | 'lost' | 'refused';

export type RunPhase = 'none' | 'starting' | 'running' | 'paused' | 'cancelling' | 'done' | 'cancelled' | 'failed';

export interface RunState {
  readonly phase: RunPhase;
  readonly runId: string | undefined;
  readonly seed: number;
  readonly horizonSeconds: number;
  /** Reached so far; negative while queues are filled before time zero. */
  readonly simulatedSeconds: number;
  readonly failure: string | undefined;
}

export type Selection = { readonly kind: 'node' | 'edge'; readonly id: string } | undefined;

export type PanelTab = 'summary' | 'ledger' | 'limits' | 'cost' | 'events' | 'objectives';

interface AppState {
  readonly connection: Connection;
  readonly info: AppInfo | undefined;
  readonly opened: OpenedDocument | undefined;
  readonly selection: Selection;
  readonly run: RunState;
  readonly tab: PanelTab;
  readonly preferences: Preferences;
  /** Something the user should know that is about no field: shown until dismissed. */
  readonly notice: string | undefined;
}

const noRun: RunState = {
  phase: 'none',
  runId: undefined,
  seed: 0,
  horizonSeconds: 0,
  simulatedSeconds: 0,
  failure: undefined,
};

export const useApp = create<AppState>(() => ({
  connection: 'connecting',
  info: undefined,
  opened: undefined,
  selection: undefined,
  run: noRun,
  tab: 'summary',
  preferences: readPreferences(localStorage),
  notice: undefined,
}));

const set = useApp.setState;

export function setConnection(connection: Connection): void {
  set({ connection });
}

export function setInfo(info: AppInfo): void {
  set({ info });
}

/** Another document, or another state of it: what was selected may be gone. */
export function setOpened(opened: OpenedDocument): void {
  set({ opened, selection: undefined, run: noRun });
}

export function select(selection: Selection): void {
  set({ selection });
}

export function setTab(tab: PanelTab): void {
  set({ tab });
}

export function setRun(change: Partial<RunState>): void {
  set(({ run }) => ({ run: { ...run, ...change } }));
}

export function setNotice(notice: string | undefined): void {
  set({ notice });
}

export function setTheme(theme: ThemeChoice): void {
  setPreferences({ theme });
}

export function setPanelOpen(isPanelOpen: boolean): void {
  setPreferences({ isPanelOpen });
}

function setPreferences(change: Partial<Preferences>): void {
  set((state) => ({ preferences: { ...state.preferences, ...change } }));
  writePreferences(localStorage, useApp.getState().preferences);
}

/** The document on screen, when there is a valid one. */
export function useCaudalDocument(): CaudalDocument | undefined {
  return useApp(({ opened }) => (opened?.kind === 'valid' ? opened.document : undefined));
}

/** True while a run goes on or waits. */
export function isUnderway(phase: RunPhase): boolean {
  return phase === 'starting' || phase === 'running' || phase === 'paused' || phase === 'cancelling';
}
