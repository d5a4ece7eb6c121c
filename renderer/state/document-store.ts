/**
 * The one document of the window: every view reads it here and every change passes here, so that each is one step of undo.
 * Changes are immutable. The host checks the newest state a moment after each change (`document-sync.ts`); a faulty
 * document stays editable.
 */
import { useMemo } from 'react';
import { create } from 'zustand';
import { type CaudalDocument, documentSchema, schemaVersion } from '#schema/document.ts';
import type { Fault } from '#schema/errors.ts';
import type { OpenDocument } from '#schema/rpc.ts';
import { withPlaces } from './edits/places.ts';
import { type History, type Moved, noHistory, remember, seal, stepBack, stepForth } from './history.ts';
import { changesRun } from './run-relevance.ts';

export interface DocumentState {
  readonly document: CaudalDocument | undefined;
  /** Relative to the start folder; empty while it was never saved. */
  readonly path: string;
  /** Names the content of the file, to the host; empty while it was never saved. */
  readonly version: string;
  readonly isDirty: boolean;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** What undo and redo would take back or do again; empty where there is nothing. */
  readonly undoLabel: string;
  readonly redoLabel: string;
  /** What the host found wrong with `checked`. */
  readonly faults: readonly Fault[];
  readonly warnings: readonly Fault[];
  /** Another window, or another program, writes. */
  readonly isReadOnly: boolean;
  /** True while the host has not yet judged the newest state. */
  readonly isChecking: boolean;
  /** Names, to the host, the state it has seen last. */
  readonly hostId: string;
  /** The same, where that state is the one on screen and valid: what `run.start` takes. */
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
  version: '',
  isDirty: false,
  canUndo: false,
  canRedo: false,
  undoLabel: '',
  redoLabel: '',
  faults: [],
  warnings: [],
  isReadOnly: false,
  isChecking: false,
  hostId: '',
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
      validId: document === checked && next.faults.length === 0 && next.hostId !== '' ? next.hostId : undefined,
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
  endGesture();
  const { document } = get();
  if (document !== undefined) put({ gesture: { label, before: document } });
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

export function isInGesture(): boolean {
  return get().gesture !== undefined;
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

/** What the host says of a document it holds: `OpenDocument` of the RPC table, without what only it needs. */
export type LoadedDocument = Pick<
  OpenDocument,
  'id' | 'path' | 'document' | 'faults' | 'warnings' | 'isSaved' | 'version'
>;

/** Another document takes the place of the present one, with a history of its own. */
export function loadDocument(loaded: LoadedDocument): void {
  useDocumentState.setState({ ...nothingOpen, isReadOnly: get().isReadOnly });
  follow(loaded);
}

/** A newer state of the document, from the window that writes it: nothing here to undo. */
export function followDocument(loaded: LoadedDocument): void {
  follow(loaded);
  put({ history: noHistory });
}

function follow({ document: received, path, version, id, faults, warnings, isSaved }: LoadedDocument): void {
  const document = withPlaces(received);
  const saved = isSaved ? document : undefined;
  put({ document, path, version, hostId: id, faults, warnings, checked: document, saved, gesture: undefined });
}

export function closeDocument(): void {
  useDocumentState.setState(nothingOpen);
}

/** What the host says of a state of the document; while that is not the newest one, its faults are shown nevertheless. */
export function takeVerdict(
  checked: CaudalDocument,
  { id, faults, warnings }: Pick<LoadedDocument, 'id' | 'faults' | 'warnings'>,
): void {
  put({ checked, hostId: id, faults, warnings });
}

/** `saved` is the state that the file now holds. */
export function takeSaved(saved: CaudalDocument | undefined, path: string, version: string): void {
  // Typing on in the same field is a new step: undo leads back to what was saved.
  put({ saved, path, version, history: seal(get().history) });
}

/** The results on screen are of this state; undefined when there are none. */
export function takeRun(ran: CaudalDocument | undefined): void {
  if (get().ran !== ran) put({ ran });
}

export function setReadOnly(isReadOnly: boolean): void {
  if (isReadOnly) cancelGesture();
  put({ isReadOnly });
}
