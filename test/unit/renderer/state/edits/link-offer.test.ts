import { describe, expect, it } from 'vitest';
import { faultsOf, validateDocument } from '#analysis/validate.ts';
import * as catalog from '#catalog/specs.ts';
import { addLink, optionWords } from '#renderer/state/edits/add-link.ts';
import { type LinkOffer, LinkJudge } from '#renderer/state/edits/link-offer.ts';
import type { CaudalDocument } from '#schema/document.ts';
import { chain, linked, withNodes } from './edits-fixture.ts';

function offer(document: CaudalDocument, node: string, port: string, target: string, at?: string): LinkOffer {
  return new LinkJudge(catalog, document, { node, port }).offer(target, at);
}

function options(found: LinkOffer): readonly string[] {
  return found.kind === 'legal' ? found.options.map(optionWords) : [found.message];
}

describe('links that are offered', () => {
  it('joins a source to a stream by a new output, in one way', () => {
    const document = withNodes('traffic-source', 'kinesis-data-streams');
    const found = offer(document, 'traffic-source', 'output', 'kinesis-data-streams');
    expect(found).toMatchObject({ kind: 'legal', options: [{ isNewOutput: true, output: 'kinesis-data-streams' }] });
    const after = linked(document, 'traffic-source', 'output', 'kinesis-data-streams');
    expect(after.nodes[0]?.outputs.map(({ id }) => id)).toEqual(['kinesis-data-streams']);
    expect(after.edges[0]).toMatchObject({ source: 'traffic-source', target: 'kinesis-data-streams', port: 'records' });
    expect(faultsOf(validateDocument(after, catalog))).toEqual([]);
  });

  it('gives a connection its settings by default', () => {
    expect(chain().edges[1]?.config).toMatchObject({ batchSize: 100 });
    expect(faultsOf(validateDocument(chain(), catalog))).toEqual([]);
  });

  it('finds the port of the target that speaks the language', () => {
    const document = withNodes('sqs', 'lambda');
    expect(offer(document, 'sqs', 'consumers', 'lambda')).toMatchObject({
      kind: 'legal',
      options: [{ targetPort: { id: 'sqs' } }],
    });
  });

  it('finds the source when drawing began at the target', () => {
    const document = withNodes('sqs', 'lambda');
    expect(offer(document, 'lambda', 'sqs', 'sqs')).toMatchObject({
      kind: 'legal',
      options: [{ source: 'sqs', target: 'lambda', sourcePort: { id: 'consumers' } }],
    });
  });

  it('keeps dead letters for what has failed, unless asked for', () => {
    const document = withNodes('traffic-source', 'sqs', 'sqs');
    expect(options(offer(document, 'traffic-source', 'output', 'sqs'))).toEqual(['A new output into Messages']);
    expect(options(offer(document, 'sqs', 'dead-letter', 'sqs-2'))).toEqual(['Dead-letter queue into Dead letters']);
    expect(options(offer(document, 'traffic-source', 'output', 'sqs', 'dead-letters'))).toEqual([
      'A new output into Dead letters',
    ]);
  });

  it('asks whether a second link has an output of its own or copies the first', () => {
    const first = linked(withNodes('traffic-source', 'sqs', 'sqs'), 'traffic-source', 'output', 'sqs');
    const found = offer(first, 'traffic-source', 'output', 'sqs-2');
    expect(options(found)).toEqual(['A new output into Messages', 'The same records as output sqs, into Messages']);
    const copy = found.kind === 'legal' && found.options[1];
    const after = copy ? addLink(catalog, first, copy).document : first;
    expect(after.nodes).toBe(first.nodes);
    expect(after.edges.map(({ output }) => output)).toEqual(['sqs', 'sqs']);
  });

  it('links an output that waits for a link before it makes another', () => {
    const first = linked(withNodes('traffic-source', 'sqs', 'sqs'), 'traffic-source', 'output', 'sqs');
    const unlinked = { ...first, edges: [] };
    expect(options(offer(unlinked, 'traffic-source', 'output', 'sqs-2'))).toEqual(['Output sqs into Messages']);
  });

  it('fails to join a stream to a queue, says why, and what could stand between', () => {
    const document = withNodes('kinesis-data-streams', 'sqs');
    const found = offer(document, 'kinesis-data-streams', 'consumers', 'sqs');
    expect(found).toMatchObject({ kind: 'refused' });
    if (found.kind !== 'refused') return;
    expect(found.message).toMatch(/^.* \(Messages\) takes messages sent to a queue; .* does not send these\.$/);
    expect(found.remedy).toMatch(/Or put .*Lambda.* between the two\.$/);
  });

  it('fails to join anything to a source, whichever end drawing began at', () => {
    const document = withNodes('kinesis-data-streams', 'traffic-source');
    const forward = offer(document, 'kinesis-data-streams', 'consumers', 'traffic-source');
    expect(forward).toMatchObject({ kind: 'refused', remedy: 'Draw a link from it instead.' });
  });

  it('fails to draw the same link twice', () => {
    const found = offer(chain(), 'kinesis-data-streams', 'consumers', 'lambda');
    expect(found).toMatchObject({
      kind: 'refused',
      message: expect.stringMatching(/^kinesis-data-streams is linked to lambda .*already/) as string,
    });
  });

  it('knows the legal targets of a start', () => {
    const document = withNodes('traffic-source', 'sqs', 'lambda', 'consumer-application');
    const judge = new LinkJudge(catalog, document, { node: 'sqs', port: 'consumers' });
    const legal = document.nodes.map(({ id }) => id).filter((id) => judge.isLegal(id));
    expect(legal).toEqual(['lambda', 'consumer-application']);
  });
});
