/** The window's own state: ids, settings and the document. Results of a run are in `renderer/runs/run-results.ts`. */
import { create } from 'zustand';
import type { CaudalDocument } from '#schema/document.ts';
import type { AppInfo, DocumentAccess, OpenedDocument } from '#schema/rpc.ts';
import { closeDocument, loadDocument, setReadOnly, useDocumentState } from './document-store.ts';
import { type Preferences, readPreferences, type ThemeChoice, writePreferences } from './preferences.ts';
import { viewport } from './viewport.ts';

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
  /** Of the wall clock, from its begin until it had come there. */
  readonly elapsedSeconds: number;
  readonly failure: string | undefined;
}

/** The one thing that is selected; undefined when there is none, or more than one. */
export type Selection = { readonly kind: 'node' | 'edge'; readonly id: string } | undefined;

/** All that is selected on the canvas. */
export interface Selected {
  readonly nodes: readonly string[];
  readonly edges: readonly string[];
}

export const nothingSelected: Selected = { nodes: [], edges: [] };

export type PanelTab =
  | 'timeline'
  | 'events'
  | 'summary'
  | 'ledger'
  | 'limits'
  | 'cost'
  | 'objectives'
  | 'assumptions'
  | 'advice'
  | 'runs';

export type RefusedFile = Extract<OpenedDocument, { kind: 'faulty' }>;

interface AppState {
  readonly connection: Connection;
  readonly info: AppInfo | undefined;
  /** What was opened last; its newest state is in `document-store.ts`. */
  readonly opened: OpenedDocument | undefined;
  readonly access: DocumentAccess;
  readonly refused: RefusedFile | undefined;
  /** Follows from `selected`. */
  readonly selection: Selection;
  readonly selected: Selected;
  readonly run: RunState;
  readonly tab: PanelTab;
  readonly preferences: Preferences;
  /** Something the user should know that is about no field: shown until dismissed. */
  readonly notice: string | undefined;
  /** As a notice, of something that went wrong. */
  readonly failure: string | undefined;
  /** Another program has changed the file since it was read. */
  readonly changedOnDisk: 'changed' | 'removed' | undefined;
}

const noRun: RunState = {
  phase: 'none',
  runId: undefined,
  seed: 0,
  horizonSeconds: 0,
  simulatedSeconds: 0,
  elapsedSeconds: 0,
  failure: undefined,
};

export const useApp = create<AppState>(() => ({
  connection: 'connecting',
  info: undefined,
  opened: undefined,
  access: { canWrite: true },
  refused: undefined,
  selection: undefined,
  selected: nothingSelected,
  run: noRun,
  tab: 'timeline',
  preferences: readPreferences(localStorage),
  notice: undefined,
  failure: undefined,
  changedOnDisk: undefined,
}));

const set = useApp.setState;

export function setConnection(connection: Connection): void {
  set({ connection });
}

export function setInfo(info: AppInfo): void {
  set({ info });
}

/** Another document takes the place of what was open. */
export function setOpened(opened: OpenedDocument): void {
  set({
    opened,
    selection: undefined,
    selected: nothingSelected,
    run: noRun,
    refused: undefined,
    changedOnDisk: undefined,
  });
  if (opened.kind === 'none' || opened.kind === 'faulty') return closeDocument();
  setAccess(opened.access);
  loadDocument(opened);
  viewport()?.begin();
}

/** A file that was refused while another document is open, which stays. */
export function setRefused(refused: RefusedFile | undefined): void {
  set({ refused });
}

export function setAccess(access: DocumentAccess): void {
  set({ access });
  setReadOnly(!access.canWrite);
}

export function select(selection: Selection): void {
  const ids = selection === undefined ? [] : [selection.id];
  selectMany(selection?.kind === 'edge' ? { nodes: [], edges: ids } : { nodes: ids, edges: [] });
}

export function selectMany(selected: Selected): void {
  set({ selected, selection: onlyOne(selected) });
}

/** Undo, another window or an edit may take away what is selected. */
useDocumentState.subscribe(({ document }, before) => {
  if (document === before.document) return;
  const { selected } = useApp.getState();
  const nodes = stillIn(selected.nodes, document?.nodes);
  const edges = stillIn(selected.edges, document?.edges);
  if (nodes !== selected.nodes || edges !== selected.edges) selectMany({ nodes, edges });
});

function stillIn(ids: readonly string[], items: readonly { readonly id: string }[] | undefined): readonly string[] {
  if (ids.length === 0) return ids;
  const known = new Set(items?.map(({ id }) => id));
  const left = ids.filter((id) => known.has(id));
  return left.length === ids.length ? ids : left;
}

function onlyOne({ nodes: [node, ...otherNodes], edges: [edge, ...otherEdges] }: Selected): Selection {
  if (otherNodes.length > 0 || otherEdges.length > 0) return undefined;
  if (node !== undefined) return edge === undefined ? { kind: 'node', id: node } : undefined;
  return edge === undefined ? undefined : { kind: 'edge', id: edge };
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

export function setFailure(failure: string | undefined): void {
  set({ failure });
}

export function setTheme(theme: ThemeChoice): void {
  setPreferences({ theme });
}

export function setRatePeriod(ratePeriod: Preferences['ratePeriod']): void {
  setPreferences({ ratePeriod });
}

/** The time to which shown rates refer. */
export function useRatePeriod(): Preferences['ratePeriod'] {
  return useApp(({ preferences }) => preferences.ratePeriod);
}

export function setPanelOpen(isPanelOpen: boolean): void {
  setPreferences({ isPanelOpen });
}

export function setPreferences(change: Partial<Preferences>): void {
  set((state) => ({ preferences: { ...state.preferences, ...change } }));
  writePreferences(localStorage, useApp.getState().preferences);
}

/** The document on screen, when there is one; it may be faulty while it is being edited. */
export function useCaudalDocument(): CaudalDocument | undefined {
  return useDocumentState(({ document }) => document);
}

/** True while a run goes on or waits. */
export function isUnderway(phase: RunPhase): boolean {
  return phase === 'starting' || phase === 'running' || phase === 'paused' || phase === 'cancelling';
}
