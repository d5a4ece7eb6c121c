import { describe, expect, it } from 'vitest';
import { faultsOf, validateDocument } from '#analysis/validate.ts';
import * as catalog from '#catalog/specs.ts';
import { addNode } from '#renderer/state/edits/add-node.ts';
import { empty, withNodes } from './edits-fixture.ts';

describe('addNode', () => {
  it('adds every component of the catalogue with settings that are right', () => {
    for (const type of catalog.components.keys()) {
      const added = addNode(catalog, empty, type, { x: 10, y: 20 });
      const faults = added === undefined ? undefined : faultsOf(validateDocument(added.document, catalog));
      // What it may lack are links: that is said of the node, not of a setting.
      expect(faults?.filter(({ path }) => path !== `nodes.${type}`)).toEqual([]);
      expect(added?.document.nodes[0]).toMatchObject({ id: type, type, position: { x: 10, y: 20 } });
    }
  });

  it('gives each node an id of its own', () => {
    expect(withNodes('sqs', 'sqs', 'sqs').nodes.map(({ id }) => id)).toEqual(['sqs', 'sqs-2', 'sqs-3']);
  });

  it('gives a source a load, and others none', () => {
    const document = withNodes('traffic-source', 'traffic-source', 'lambda');
    expect(document.workloads.map(({ id, node }) => [id, node])).toEqual([
      ['traffic-source-load', 'traffic-source'],
      ['traffic-source-2-load', 'traffic-source-2'],
    ]);
  });

  it('fails to add what the catalogue does not have', () => {
    expect(addNode(catalog, empty, 'mainframe', { x: 0, y: 0 })).toBeUndefined();
  });
});
