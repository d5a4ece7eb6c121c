/**
 * The one document of the window: every view reads it here and every change passes here, so that each is one step of undo.
 * Changes are immutable. The host checks the newest state a moment after each change (`document-sync.ts`); a faulty
 * document stays editable.
 */
import { useMemo } from 'react';
import { create } from 'zustand';
import { type CaudalDocument, documentSchema, schemaVersion } from '#schema/document.ts';
import type { Fault } from '#schema/errors.ts';
import { type History, type Moved, noHistory, remember, stepBack, stepForth } from './history.ts';
import { changesRun } from './run-relevance.ts';

export interface DocumentState {
  readonly document: CaudalDocument | undefined;
  /** Relative to the start folder; empty while it was never saved. */
  readonly path: string;
  readonly isDirty: boolean;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** What undo and redo would take back or do again; empty where there is nothing. */
  readonly undoLabel: string;
  readonly redoLabel: string;
  /** What the host found wrong with `checked`. */
  readonly faults: readonly Fault[];
  readonly warnings: readonly Fault[];
  /** Another window writes. */
  readonly isReadOnly: boolean;
  /** True while the host has not yet judged the newest state. */
  readonly isChecking: boolean;
  /** Names, to the host, the newest state in calls such as `run.start`; undefined while it is faulty or not checked. */
  readonly validId: string | undefined;
  /** Results on screen are of another state of the document. */
  readonly areResultsStale: boolean;
}

interface Kept extends DocumentState {
  readonly history: History<CaudalDocument>;
  readonly saved: CaudalDocument | undefined;
  readonly checked: CaudalDocument | undefined;
  readonly ran: CaudalDocument | undefined;
  readonly gesture: { readonly label: string; readonly before: CaudalDocument } | undefined;
}

/** Stands in for selectors while no document is open. */
const blank: CaudalDocument = documentSchema.parse({ schemaVersion, name: 'Untitled', nodes: [] });

const nothingOpen: Kept = {
  document: undefined,
  path: '',
  isDirty: false,
  canUndo: false,
  canRedo: false,
  undoLabel: '',
  redoLabel: '',
  faults: [],
  warnings: [],
  isReadOnly: false,
  isChecking: false,
  validId: undefined,
  areResultsStale: false,
  history: noHistory,
  saved: undefined,
  checked: undefined,
  ran: undefined,
  gesture: undefined,
};

/** Everything about the document; for one part of its content use `useDocument`. */
export const useDocumentState = create<Kept>(() => nothingOpen);

const get = useDocumentState.getState;

/** Sets what is kept, and what follows from it. */
function put(change: Partial<Kept>): void {
  useDocumentState.setState((state) => {
    const next = { ...state, ...change };
    const { document, saved, checked, ran, history } = next;
    return {
      ...next,
      isDirty: document !== saved,
      canUndo: history.past.length > 0,
      canRedo: history.future.length > 0,
      undoLabel: history.past.at(-1)?.label ?? '',
      redoLabel: history.future.at(-1)?.label ?? '',
      isChecking: document !== checked,
      validId: document === checked ? next.validId : undefined,
      areResultsStale: ran !== undefined && document !== undefined && changesRun(ran, document),
    };
  });
}

/**
 * One step of undo. `change` returns the new document and leaves the old one as it is; returning the same one is no step.
 * Inside a gesture the gesture is the step. Edits with the same `mergeKey` that follow one another are one step.
 * Does nothing while another window writes.
 */
export function edit(label: string, change: (document: CaudalDocument) => CaudalDocument, mergeKey?: string): void {
  const { document, history, gesture, isReadOnly } = get();
  if (document === undefined || isReadOnly) return;
  const next = change(document);
  if (next === document) return;
  put({
    document: next,
    history: gesture === undefined ? remember(history, label, document, mergeKey) : history,
  });
}

/** From here to `endGesture` all edits are one step: a drag on the canvas or in a chart. */
export function beginGesture(label: string): void {
  const { document, gesture } = get();
  if (document === undefined) return;
  if (gesture !== undefined) endGesture();
  put({ gesture: { label, before: document } });
}

export function endGesture(): void {
  const { document, gesture, history } = get();
  if (gesture === undefined || document === undefined) return;
  const isStep = document !== gesture.before;
  put({ gesture: undefined, history: isStep ? remember(history, gesture.label, gesture.before) : history });
}

/** Ends the gesture as if it had not been: Escape during a drag. */
export function cancelGesture(): void {
  const { gesture } = get();
  if (gesture !== undefined) put({ gesture: undefined, document: gesture.before });
}

export function undo(): void {
  move(stepBack);
}

export function redo(): void {
  move(stepForth);
}

function move(
  step: (history: History<CaudalDocument>, present: CaudalDocument) => Moved<CaudalDocument> | undefined,
): void {
  endGesture();
  const { document, history, isReadOnly } = get();
  if (document === undefined || isReadOnly) return;
  const moved = step(history, document);
  if (moved !== undefined) put({ document: moved.state, history: moved.history });
}

export function currentDocument(): CaudalDocument | undefined {
  return get().document;
}

export function canUndo(): boolean {
  return get().canUndo;
}

export function canRedo(): boolean {
  return get().canRedo;
}

export function isDirty(): boolean {
  return get().isDirty;
}

/** Rerenders when the chosen part is another one: choose primitives or references that stay. */
export function useDocument<Part>(choose: (document: CaudalDocument) => Part): Part {
  return useDocumentState(({ document }) => choose(document ?? blank));
}

/** Faults at a path or below it: `nodes.clicks` has those of `nodes.clicks.config.shardCount`. */
export function faultsAt(path: string, faults: readonly Fault[] = get().faults): readonly Fault[] {
  if (path === '') return faults;
  return faults.filter((fault) => fault.path === path || fault.path.startsWith(`${path}.`));
}

export function useFaults(pathPrefix = ''): readonly Fault[] {
  const faults = useDocumentState((state) => state.faults);
  return useMemo(() => faultsAt(pathPrefix, faults), [faults, pathPrefix]);
}

export interface LoadedDocument {
  readonly document: CaudalDocument;
  readonly path: string;
  /** The id of this state where it is valid. */
  readonly id: string | undefined;
  readonly faults: readonly Fault[];
  readonly warnings: readonly Fault[];
  /** False for a new or recovered document: it has what its file has not. */
  readonly isSaved: boolean;
}

/** Another document takes the place of the present one, with a history of its own. */
export function loadDocument({ document, path, id, faults, warnings, isSaved }: LoadedDocument): void {
  useDocumentState.setState({ ...nothingOpen, isReadOnly: get().isReadOnly });
  put({ document, path, validId: id, faults, warnings, checked: document, saved: isSaved ? document : undefined });
}

export function closeDocument(): void {
  useDocumentState.setState(nothingOpen);
}

/** What the host says of a state of the document; an answer about an older state only tells what was wrong with that. */
export function takeVerdict(
  checked: CaudalDocument,
  verdict: { readonly id: string | undefined; readonly faults: readonly Fault[]; readonly warnings: readonly Fault[] },
): void {
  put({ checked, validId: verdict.id, faults: verdict.faults, warnings: verdict.warnings });
}

/** `saved` is the state that the file now holds. */
export function takeSaved(saved: CaudalDocument, path: string): void {
  put({ saved, path });
}

/** The results on screen are of this state; undefined when there are none. */
export function takeRun(ran: CaudalDocument | undefined): void {
  put({ ran });
}

export function setReadOnly(isReadOnly: boolean): void {
  if (isReadOnly) cancelGesture();
  put({ isReadOnly });
}
