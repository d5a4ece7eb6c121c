import { beforeEach, describe, expect, it, vi } from 'vitest';
import { documentSchema } from '#schema/document.ts';

vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => undefined });
const { select, selectMany, useApp } = await import('#renderer/state/app-store.ts');
const { edit, loadDocument, setReadOnly, undo } = await import('#renderer/state/document-store.ts');
const { removeItems } = await import('#renderer/state/edits/remove-items.ts');

const document = documentSchema.parse({
  schemaVersion: 1,
  name: 'test',
  nodes: ['a', 'b', 'c'].map((id, index) => ({ id, type: 'sqs', position: { x: index, y: 0 } })),
});

beforeEach(() => {
  setReadOnly(false);
  loadDocument({ document, path: '', version: '', id: '1', faults: [], warnings: [], isSaved: false });
  select(undefined);
});

describe('selection', () => {
  it('is one thing only where exactly one is selected', () => {
    select({ kind: 'node', id: 'a' });
    expect(useApp.getState().selected).toEqual({ nodes: ['a'], edges: [] });
    expect(useApp.getState().selection).toEqual({ kind: 'node', id: 'a' });
    selectMany({ nodes: ['a', 'b'], edges: [] });
    expect(useApp.getState().selection).toBeUndefined();
    selectMany({ nodes: ['a'], edges: ['e'] });
    expect(useApp.getState().selection).toBeUndefined();
    selectMany({ nodes: [], edges: ['e'] });
    expect(useApp.getState().selection).toEqual({ kind: 'edge', id: 'e' });
  });

  it('lets go of what is taken away, and keeps the rest', () => {
    selectMany({ nodes: ['a', 'b'], edges: [] });
    edit('delete b', (before) => removeItems(before, { nodes: ['b'], edges: [] }));
    expect(useApp.getState().selected.nodes).toEqual(['a']);
    const kept = useApp.getState().selected;
    undo();
    expect(useApp.getState().selected).toBe(kept);
  });
});
