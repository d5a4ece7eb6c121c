import { describe, expect, it } from 'vitest';
import { faultsOf, validateDocument } from '#analysis/validate.ts';
import * as catalog from '#catalog/specs.ts';
import { addLinkedNode, linkableComponents } from '#renderer/state/edits/add-linked.ts';
import { chain, withNodes } from './edits-fixture.ts';

describe('a link that is let go over empty canvas', () => {
  it('is offered every component it could end at, each of which gives a legal link', () => {
    const document = chain();
    for (const start of [
      { node: 'kinesis-data-streams', port: 'consumers' },
      { node: 'lambda', port: 'output' },
      { node: 'lambda', port: 'sqs' },
    ]) {
      const types = linkableComponents(catalog, document, start).map(({ type }) => type);
      expect(types.length).toBeGreaterThan(0);
      for (const type of types) {
        const added = addLinkedNode(catalog, document, start, type, { x: 900, y: 0 });
        expect(added?.document.edges).toHaveLength(3);
        const faults = faultsOf(validateDocument(added?.document, catalog));
        // What may be missing is said of the new node.
        expect(faults.filter(({ path }) => path !== `nodes.${added?.id}`)).toEqual([]);
      }
    }
    expect(
      linkableComponents(catalog, document, { node: 'kinesis-data-streams', port: 'consumers' }).map(
        ({ type }) => type,
      ),
    ).not.toContain('sqs');
  });

  it('fails where no link of the two is legal', () => {
    const document = withNodes('kinesis-data-streams');
    const start = { node: 'kinesis-data-streams', port: 'consumers' };
    expect(addLinkedNode(catalog, document, start, 'sqs', { x: 0, y: 0 })).toBeUndefined();
    expect(linkableComponents(catalog, document, { node: 'gone', port: 'x' })).toEqual([]);
  });
});
