import Elk from 'elkjs/lib/elk.bundled.js';
import { describe, expect, it } from 'vitest';
import type { Place } from '#drawing/layered-layout.ts';
import { cardSize } from '#drawing/node-card.ts';
import { elkGraph, type LayoutInput, placesOf } from '#renderer/layout/elk-graph.ts';
import { groupBoxes } from '#renderer/state/edits/groups.ts';
import type { CaudalDocument } from '#schema/document.ts';
import { chain, linked, withNodes } from '../state/edits/edits-fixture.ts';

async function laidOut(
  document: CaudalDocument,
  change: Partial<LayoutInput> = {},
): Promise<ReadonlyMap<string, Place>> {
  const input = { document, ids: [], aspectRatio: 2, isWrapped: false, ...change };
  return placesOf(await new Elk().layout(elkGraph(input)), input);
}

function overlaps(a: Place, b: Place): boolean {
  return Math.abs(a.x - b.x) < cardSize.width && Math.abs(a.y - b.y) < cardSize.height;
}

/** A source, and so many streams and functions in a row behind it. */
function longChain(links: number): CaudalDocument {
  const one = chain();
  const [put, poll] = one.edges;
  const stream = one.nodes[1];
  if (put === undefined || poll === undefined || stream === undefined) throw new Error('the chain is short');
  const nodes = Array.from({ length: links }, (_, index) => ({ ...stream, id: `n${index}` }));
  const edges = nodes
    .slice(1)
    .map((node, index) => ({ ...poll, id: `e${index}`, source: `n${index}`, target: node.id }));
  return { ...one, nodes, edges };
}

describe('a layout by ELK', () => {
  it('leads from left to right, every card in its own place', async () => {
    const places = await laidOut(chain());
    const [source, stream, lambda] = ['traffic-source', 'kinesis-data-streams', 'lambda'].map((id) => places.get(id));
    expect(source?.x).toBeLessThan(stream?.x ?? 0);
    expect(stream?.x).toBeLessThan(lambda?.x ?? 0);
    // Ports are at one height, so a chain is a straight line.
    expect(stream?.y).toBeCloseTo(source?.y ?? Number.NaN);
    expect(lambda?.y).toBeCloseTo(source?.y ?? Number.NaN);
  });

  it('puts what only one node calls right below it, without covering a card', async () => {
    const nodes = withNodes('traffic-source', 'kinesis-data-streams', 'lambda', 'elasticache', 'sqs', 's3');
    const put = linked(nodes, 'traffic-source', 'output', 'kinesis-data-streams');
    const poll = linked(put, 'kinesis-data-streams', 'consumers', 'lambda');
    const called = linked(poll, 'elasticache', 'commands', 'lambda');
    const found = await laidOut(linked(called, 'lambda', 'output', 'sqs'));
    expect(found.get('elasticache')?.x).toBe(found.get('lambda')?.x);
    expect(found.get('elasticache')?.y).toBeGreaterThan(found.get('lambda')?.y ?? Number.NaN);
    const places = [...found.values()];
    expect(places).toHaveLength(6);
    for (const [index, place] of places.entries()) {
      for (const other of places.slice(index + 1)) expect(overlaps(place, other)).toBe(false);
    }
  });

  it('keeps groups apart from what is not in them', async () => {
    const nodes = withNodes('traffic-source', 'kinesis-data-streams', 'lambda', 'sqs', 'sns');
    const put = linked(nodes, 'traffic-source', 'output', 'kinesis-data-streams');
    const document: CaudalDocument = {
      ...linked(put, 'kinesis-data-streams', 'consumers', 'lambda'),
      groups: [{ id: 'speed', label: 'Speed', kind: 'lane', nodes: ['kinesis-data-streams', 'lambda'] }],
    };
    const places = await laidOut(document);
    const [box] = groupBoxes(document.groups, (id) => places.get(id));
    expect(box?.nodes).toHaveLength(2);
    for (const id of ['traffic-source', 'sqs', 'sns']) {
      const { x = 0, y = 0 } = places.get(id) ?? {};
      const isClear =
        x + cardSize.width <= (box?.x ?? 0) ||
        x >= (box?.x ?? 0) + (box?.width ?? 0) ||
        y + cardSize.height <= (box?.y ?? 0) ||
        y >= (box?.y ?? 0) + (box?.height ?? 0);
      expect(isClear, id).toBe(true);
    }
  });

  it('breaks a long chain into rows where that is asked for', async () => {
    const width = (places: ReadonlyMap<string, Place>): number => Math.max(...[...places.values()].map(({ x }) => x));
    const long = longChain(16);
    const plain = await laidOut(long);
    const wrapped = await laidOut(long, { isWrapped: true });
    expect(width(wrapped)).toBeLessThan(width(plain) / 2);
    expect(wrapped.size).toBe(16);
  });

  it('is of the chosen cards only, and the same each time', async () => {
    const document = chain();
    expect([...(await laidOut(document, { ids: ['lambda', 'traffic-source'] })).keys()].sort()).toEqual([
      'lambda',
      'traffic-source',
    ]);
    expect(await laidOut(document)).toEqual(await laidOut(document));
    expect(await laidOut({ ...document, nodes: [], edges: [] })).toEqual(new Map());
  });

  it('takes a draft whose edges name ports that do not exist', async () => {
    const document = chain();
    const edges = document.edges.map((edge) => ({ ...edge, output: 'nowhere', port: 'nothing' }));
    expect((await laidOut({ ...document, edges })).size).toBe(3);
  });
});
