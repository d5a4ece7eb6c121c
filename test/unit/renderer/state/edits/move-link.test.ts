import { describe, expect, it } from 'vitest';
import { faultsOf, validateDocument } from '#analysis/validate.ts';
import * as catalog from '#catalog/specs.ts';
import { LinkJudge, type LinkOffer, type LinkOption } from '#renderer/state/edits/link-offer.ts';
import { addNode } from '#renderer/state/edits/add-node.ts';
import { type FixedEnd, movedLink, moveLink } from '#renderer/state/edits/move-link.ts';
import type { CaudalDocument, DocumentEdge } from '#schema/document.ts';
import { chain, linked } from './edits-fixture.ts';

function withNode(document: CaudalDocument, type: string): CaudalDocument {
  return addNode(catalog, document, type, { x: 900, y: 300 })?.document ?? document;
}

function edgeTo(document: CaudalDocument, target: string): DocumentEdge {
  const edge = document.edges.find((candidate) => candidate.target === target);
  if (edge === undefined) throw new Error(`nothing leads to ${target}`);
  return edge;
}

function offer(document: CaudalDocument, edge: DocumentEdge, fixed: FixedEnd, port: string, to: string): LinkOffer {
  const link = movedLink(document, edge.id, fixed, port);
  if (link === undefined) throw new Error('no such edge');
  return new LinkJudge(catalog, link.document, link.start, link).offer(to);
}

function first(found: LinkOffer): LinkOption {
  if (found.kind === 'refused') throw new Error(found.message);
  return found.options[0];
}

describe('the end of a link', () => {
  it('moves to another node and keeps the id, the place among the edges, the output and the settings', () => {
    const before = withNode(chain(), 'lambda');
    const poll = { ...edgeTo(before, 'lambda') };
    const tuned = {
      ...before,
      edges: before.edges.map((edge) =>
        edge.id === poll.id ? { ...edge, config: { ...edge.config, batchSize: 77 } } : edge,
      ),
    };
    const option = first(offer(tuned, poll, 'source', 'consumers', 'lambda-2'));
    const after = moveLink(catalog, tuned, poll.id, option);
    expect(after.edges.map(({ id }) => id)).toEqual(tuned.edges.map(({ id }) => id));
    expect(edgeTo(after, 'lambda-2')).toMatchObject({
      id: poll.id,
      source: 'kinesis-data-streams',
      config: { batchSize: 77 },
    });
    expect(after.nodes).toBe(tuned.nodes);
  });

  it('keeps its output where another link leaves by it too', () => {
    const document = withNode(chain(), 'kinesis-data-streams');
    const put = edgeTo(document, 'kinesis-data-streams');
    const copy = { ...put, id: 'copy', target: 'kinesis-data-streams-2' };
    const both = { ...document, edges: [...document.edges, copy] };
    const third = withNode(both, 'kinesis-data-streams');
    const found = offer(third, copy, 'source', 'output', 'kinesis-data-streams-3');
    const after = moveLink(catalog, third, 'copy', first(found));
    expect(edgeTo(after, 'kinesis-data-streams-3')).toMatchObject({ id: 'copy', output: put.output });
  });

  it('takes of its settings along what fits the new connection', () => {
    const document = withNode(chain(), 'sqs');
    const fed = linked(withNode(document, 'traffic-source'), 'traffic-source-2', 'output', 'sqs');
    const poll = edgeTo(fed, 'lambda');
    const tuned = {
      ...fed,
      edges: fed.edges.map((edge) =>
        edge.id === poll.id ? { ...edge, config: { ...edge.config, batchSize: 9, parallelizationFactor: 4 } } : edge,
      ),
    };
    const option = first(offer(tuned, poll, 'target', 'kinesis', 'sqs'));
    const after = moveLink(catalog, tuned, poll.id, option);
    const edge = edgeTo(after, 'lambda');
    expect(edge).toMatchObject({ id: poll.id, source: 'sqs', config: { batchSize: 9 } });
    expect(edge.config).not.toHaveProperty('parallelizationFactor');
    expect(
      faultsOf(validateDocument(after, catalog)).filter(({ path }) => path.startsWith(`edges.${poll.id}`)),
    ).toEqual([]);
  });

  it('leaves the document as it is where the link leads there already', () => {
    const document = chain();
    const poll = edgeTo(document, 'lambda');
    const option = first(offer(document, poll, 'source', 'consumers', 'lambda'));
    expect(moveLink(catalog, document, poll.id, option)).toBe(document);
    expect(moveLink(catalog, document, 'gone', option)).toBe(document);
  });

  it('fails where a link could not be drawn either, and says why', () => {
    const document = withNode(chain(), 'sqs');
    const poll = edgeTo(document, 'lambda');
    expect(offer(document, poll, 'source', 'consumers', 'sqs')).toMatchObject({ kind: 'refused' });
    expect(movedLink(document, 'gone', 'source', 'consumers')).toBeUndefined();
  });
});
