import { beforeEach, describe, expect, it } from 'vitest';
import {
  beginGesture,
  cancelGesture,
  canRedo,
  canUndo,
  closeDocument,
  currentDocument,
  edit,
  endGesture,
  faultsAt,
  isDirty,
  loadDocument,
  redo,
  setReadOnly,
  takeRun,
  takeSaved,
  takeVerdict,
  undo,
  useDocumentState,
} from '#renderer/state/document-store.ts';
import { type CaudalDocument, documentSchema } from '#schema/document.ts';

const start: CaudalDocument = documentSchema.parse({
  schemaVersion: 1,
  name: 'start',
  nodes: [{ id: 'clicks', type: 'kinesis-data-streams' }],
});

const rename =
  (name: string) =>
  (document: CaudalDocument): CaudalDocument => ({ ...document, name });

const moveTo =
  (x: number) =>
  (document: CaudalDocument): CaudalDocument => ({
    ...document,
    nodes: document.nodes.map((node) => ({ ...node, position: { x, y: 0 } })),
  });

const setShards =
  (shardCount: number) =>
  (document: CaudalDocument): CaudalDocument => ({
    ...document,
    nodes: document.nodes.map((node) => ({ ...node, config: { shardCount } })),
  });

const state = useDocumentState.getState;
const x = (): number | undefined => currentDocument()?.nodes[0]?.position.x;

beforeEach(() => {
  closeDocument();
  setReadOnly(false);
  loadDocument({
    document: start,
    path: 'a.caudal.json',
    version: 'v1',
    id: '1',
    faults: [],
    warnings: [],
    isSaved: true,
  });
});

describe('document store', () => {
  it('makes each edit one step that can be undone and done again, with its words', () => {
    edit('rename', rename('one'));
    edit('rename again', rename('two'));
    expect(state().undoLabel).toBe('rename again');
    undo();
    expect(currentDocument()?.name).toBe('one');
    expect(state().redoLabel).toBe('rename again');
    undo();
    expect(currentDocument()).toBe(start);
    expect(canUndo()).toBe(false);
    redo();
    redo();
    expect(currentDocument()?.name).toBe('two');
    expect(canRedo()).toBe(false);
  });

  it('takes an edit that changes nothing for no step', () => {
    edit('nothing', (document) => document);
    expect(canUndo()).toBe(false);
  });

  it('makes one step of a whole gesture', () => {
    beginGesture('move clicks');
    for (let place = 1; place <= 20; place += 1) edit('move', moveTo(place));
    endGesture();
    expect(x()).toBe(20);
    expect(state().undoLabel).toBe('move clicks');
    undo();
    expect(x()).toBe(0);
    expect(canUndo()).toBe(false);
  });

  it('makes no step of a gesture that changed nothing, and takes a cancelled one back', () => {
    beginGesture('move');
    endGesture();
    expect(canUndo()).toBe(false);
    beginGesture('move');
    edit('move', moveTo(5));
    cancelGesture();
    expect(x()).toBe(0);
    expect(canUndo()).toBe(false);
  });

  it('ends a gesture that goes on before it undoes', () => {
    beginGesture('move');
    edit('move', moveTo(5));
    undo();
    expect(x()).toBe(0);
    redo();
    expect(x()).toBe(5);
  });

  it('is dirty until it is saved, and clean again when what was done is undone', () => {
    expect(isDirty()).toBe(false);
    edit('rename', rename('one'));
    expect(isDirty()).toBe(true);
    undo();
    expect(isDirty()).toBe(false);
    redo();
    takeSaved(currentDocument() as CaudalDocument, 'b.caudal.json', 'v2');
    expect(isDirty()).toBe(false);
    expect(state().path).toBe('b.caudal.json');
    undo();
    expect(isDirty()).toBe(true);
  });

  it('names a state for a run only while the host has found that very state valid', () => {
    expect(state().validId).toBe('1');
    edit('shards', setShards(0));
    expect(state()).toMatchObject({ validId: undefined, isChecking: true });
    const faulty = currentDocument() as CaudalDocument;
    const fault = { code: 'c', path: 'nodes.clicks.config.shardCount', message: 'wrong' };
    takeVerdict(faulty, { id: '2', faults: [fault], warnings: [] });
    expect(state()).toMatchObject({ validId: undefined, isChecking: false, faults: [fault] });
    edit('shards', setShards(2));
    takeVerdict(currentDocument() as CaudalDocument, { id: '3', faults: [], warnings: [] });
    expect(state()).toMatchObject({ validId: '3', faults: [] });
  });

  it('finds the faults at a path and below it, not those of a longer name', () => {
    const faults = ['nodes.a', 'nodes.a.config.x', 'nodes.ab.config.x'].map((path) => ({
      code: 'c',
      path,
      message: '',
    }));
    expect(faultsAt('nodes.a', faults).map(({ path }) => path)).toEqual(['nodes.a', 'nodes.a.config.x']);
    expect(faultsAt('nodes.a.config', faults)).toHaveLength(1);
    expect(faultsAt('', faults)).toHaveLength(3);
  });

  it('marks results stale when a change could alter them, not when a card moves, and fresh again after undo', () => {
    takeRun(currentDocument());
    edit('move', moveTo(9));
    edit('rename', rename('other'));
    expect(state().areResultsStale).toBe(false);
    edit('shards', setShards(3));
    expect(state().areResultsStale).toBe(true);
    undo();
    expect(state().areResultsStale).toBe(false);
  });

  it('fails to change anything while another window writes', () => {
    edit('rename', rename('one'));
    setReadOnly(true);
    edit('rename', rename('two'));
    undo();
    expect(currentDocument()?.name).toBe('one');
  });
});
