import { describe, expect, it } from 'vitest';
import { validateDocument } from '#analysis/validate.ts';
import * as catalog from '#catalog/specs.ts';
import { isDrawable, withDefaults } from '#host/documents/drafts.ts';

const draft = {
  schemaVersion: 1,
  name: 'half drawn',
  nodes: [
    { id: 'visitors', type: 'traffic-source', outputs: [{ id: 'requests' }] },
    { id: 'service', type: 'custom-service', config: { servers: 0 } },
  ],
  edges: [{ id: 'ask', source: 'visitors', output: 'requests', target: 'service', port: 'requests' }],
  run: { horizonSeconds: -5 },
};

const faultsOf = (
  document: unknown,
): readonly { readonly code: string; readonly path: string; readonly message: string }[] => {
  const validated = validateDocument(document, catalog);
  return 'faults' in validated ? validated.faults : [];
};

describe('isDrawable', () => {
  it('is true for values out of range and parts still to be drawn', () => {
    const faults = faultsOf(draft);
    expect(faults.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['run.horizonSeconds', 'nodes.service.config.servers']),
    );
    expect(isDrawable(faults)).toBe(true);
  });

  it.each([
    ['a component nobody knows', { ...draft, nodes: [{ id: 'a', type: 'abacus' }] }],
    ['a field nobody knows', { ...draft, colour: 'red' }],
    ['an edge to nowhere', { ...draft, edges: [{ ...draft.edges[0], target: 'nowhere' }] }],
    ['an id used twice', { ...draft, nodes: [draft.nodes[0], draft.nodes[0]] }],
    ['text for a number', { ...draft, run: { seed: 'seven' } }],
    ['a format to come', { ...draft, schemaVersion: 99 }],
  ])('fails for %s', (_, document) => {
    expect(isDrawable(faultsOf(document))).toBe(false);
  });
});

describe('withDefaults', () => {
  it('fills what is absent and leaves what is wrong', () => {
    const whole = withDefaults(draft);
    expect(whole.run).toMatchObject({ horizonSeconds: -5, preRollSeconds: 3600, seed: 1 });
    expect(whole.account.region).toBe('us-east-1');
    expect(whole.nodes[1]?.config['servers']).toBe(0);
    expect(whole.nodes[1]?.config['meanServiceTimeMs']).toEqual(expect.any(Number));
    expect(whole.nodes[0]).toMatchObject({ label: '', position: { x: 0, y: 0 } });
    expect(whole.workloads).toEqual([]);
  });

  it('fills a valid document as its validation does', () => {
    const valid = {
      ...draft,
      nodes: [draft.nodes[0], { id: 'service', type: 'custom-service' }],
      run: {},
      workloads: [
        {
          id: 'load',
          node: 'visitors',
          arrivals: { kind: 'poisson', recordsPerSecond: 40 },
          recordSize: { kind: 'constant', bytes: 500 },
          partitionKey: { kind: 'uniform', keys: 100 },
        },
      ],
    };
    const validated = validateDocument(valid, catalog);
    expect('document' in validated && validated.document).toEqual(withDefaults(valid));
  });
});
