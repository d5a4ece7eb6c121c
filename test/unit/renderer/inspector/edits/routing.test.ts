import { describe, expect, it } from 'vitest';
import * as catalog from '#catalog/specs.ts';
import { addOutput } from '#renderer/inspector/edits/outputs.ts';
import { arrivals, departures, reroute } from '#renderer/inspector/edits/routing.ts';
import type { CaudalDocument, DocumentEdge } from '#schema/document.ts';
import { chain, linked, withNodes } from '#test/unit/renderer/state/edits/edits-fixture.ts';

function edgeInto(document: CaudalDocument, target: string): DocumentEdge {
  const edge = document.edges.find((candidate) => candidate.target === target);
  if (edge === undefined) throw new Error(`nothing leads to ${target}`);
  return edge;
}

describe('the route of a link', () => {
  it('offers the outputs of the source, and says what leaves there already', () => {
    const ports = catalog.components.get('traffic-source')?.declaration.ports ?? [];
    const document = addOutput(chain(), 'traffic-source', 'output', ports);
    const ways = departures(catalog, document, edgeInto(document, 'kinesis-data-streams'));
    expect(ways.map(({ refusal }) => refusal)).toEqual([undefined, undefined]);
    expect(ways.map(({ description }) => description)).toEqual(['no other link', 'no other link']);
  });

  it('says why the other ports of the target cannot take it', () => {
    const document = chain();
    const ways = arrivals(catalog, document, edgeInto(document, 'lambda'));
    expect(ways.find(({ id }) => id === 'kinesis')?.refusal).toBeUndefined();
    expect(ways.find(({ id }) => id === 'sqs')?.refusal).toContain('takes');
  });

  it('goes by another output without losing its settings', () => {
    const ports = catalog.components.get('traffic-source')?.declaration.ports ?? [];
    const before = addOutput(chain(), 'traffic-source', 'output', ports);
    const edge = edgeInto(before, 'kinesis-data-streams');
    const other = before.nodes[0]?.outputs.at(-1)?.id ?? '';
    const after = reroute(catalog, before, edge.id, { output: other });
    expect(edgeInto(after, 'kinesis-data-streams')).toEqual({ ...edge, output: other });
    expect(other).not.toBe(edge.output);
    expect(reroute(catalog, before, edge.id, { output: edge.output })).toBe(before);
  });

  it('takes the kind and the settings of the port at which it arrives', () => {
    const nodes = withNodes('sqs', 'lambda');
    const document = linked(nodes, 'sqs', 'consumers', 'lambda');
    const edge = edgeInto(document, 'lambda');
    expect(Object.keys(edge.config).length).toBeGreaterThan(0);
    expect(edgeInto(reroute(catalog, document, edge.id, { port: 'events' }), 'lambda')).toMatchObject({
      port: 'events',
      kind: 'data',
      config: {},
    });
  });
});
