import { beforeEach, describe, expect, it, vi } from 'vitest';
import { documentSchema } from '#schema/document.ts';

vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => undefined });
const { useApp } = await import('#renderer/state/app-store.ts');
const { goTo } = await import('#renderer/state/canvas-commands.ts');
const { loadDocument } = await import('#renderer/state/document-store.ts');
const { closeDesign, designPageOf, useDesignPanel } = await import('#renderer/inspector/design-panel.ts');
const { useFieldRequest } = await import('#renderer/inspector/field-focus.ts');

const document = documentSchema.parse({
  schemaVersion: 1,
  name: 'test',
  nodes: [{ id: 'queue', type: 'sqs', position: { x: 0, y: 0 } }],
  objectives: [
    { id: 'budget', kind: 'monthlyCost', maxUsd: 5 },
    { id: 'fresh', kind: 'latency', node: 'queue', quantile: 0.99, maxSeconds: 5 },
  ],
});

describe('the way from a fault to its field', () => {
  beforeEach(() => {
    closeDesign();
    loadDocument({ id: '1', path: '', document, faults: [], warnings: [], isSaved: true, version: '' });
  });

  it('leads to the node, also from what is attached to it', () => {
    for (const path of ['nodes.queue.config.x', 'objectives.fresh.maxSeconds']) {
      expect(goTo(path)).toBe(true);
      expect(useApp.getState().selection).toEqual({ kind: 'node', id: 'queue' });
      expect(useFieldRequest.getState().request?.path).toBe(path);
    }
    expect(useDesignPanel.getState().isOpen).toBe(false);
  });

  it('leads to the settings of the design where no node is concerned', () => {
    goTo('nodes.queue');
    expect(goTo('objectives.budget.maxUsd')).toBe(true);
    expect(useApp.getState().selection).toBeUndefined();
    expect(useDesignPanel.getState()).toEqual({ isOpen: true, page: 'objectives' });
    goTo('account.region');
    expect(useDesignPanel.getState().page).toBe('document');
  });

  it('fails for a node that is gone', () => {
    expect(goTo('nodes.gone.config.x')).toBe(false);
    expect(designPageOf('nodes.gone')).toBeUndefined();
    expect(designPageOf('faults.outage.node')).toBe('faults');
  });
});
