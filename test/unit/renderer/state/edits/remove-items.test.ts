import { describe, expect, it } from 'vitest';
import { faultsOf, validateDocument } from '#analysis/validate.ts';
import * as catalog from '#catalog/specs.ts';
import { namesOf, removeItems } from '#renderer/state/edits/remove-items.ts';
import { documentSchema } from '#schema/document.ts';
import { chain } from './edits-fixture.ts';

describe('removeItems', () => {
  it('takes with a node its edges, load, faults, objectives and place in groups, so that nothing dangles', () => {
    const document = documentSchema.parse({
      ...chain(),
      faults: [{ id: 'f', node: 'lambda', kind: 'outage', startSeconds: 0, durationSeconds: 10 }],
      objectives: [
        { id: 'o', kind: 'latency', node: 'lambda', quantile: 0.5, maxSeconds: 1 },
        { id: 'p', kind: 'loss', maxRatio: 0 },
      ],
      groups: [{ id: 'g', label: 'G', nodes: ['lambda', 'kinesis-data-streams'] }],
    });
    const after = removeItems(document, { nodes: ['lambda'], edges: [] });
    expect(after.edges).toHaveLength(1);
    expect(after.faults).toEqual([]);
    expect(after.objectives.map(({ id }) => id)).toEqual(['p']);
    expect(after.groups[0]?.nodes).toEqual(['kinesis-data-streams']);
    expect(after.workloads).toHaveLength(1);
    expect(removeItems(document, { nodes: ['traffic-source'], edges: [] }).workloads).toEqual([]);
    expect(faultsOf(validateDocument(after, catalog))).toEqual([]);
  });

  it('takes an edge alone, and leaves a document without the items as it is', () => {
    const document = chain();
    const after = removeItems(document, { nodes: [], edges: [document.edges[0]?.id ?? ''] });
    expect(after.edges).toHaveLength(1);
    expect(after.nodes).toBe(document.nodes);
    expect(removeItems(document, { nodes: ['none'], edges: [] })).toBe(document);
  });

  it('is told in words', () => {
    const document = chain();
    expect(namesOf(document, { nodes: ['lambda'], edges: [] })).toBe('lambda');
    expect(namesOf(document, { nodes: ['lambda', 'x'], edges: ['y'] })).toBe('2 nodes and 1 connection');
  });
});
