import { describe, expect, it } from 'vitest';
import { graphOf } from '#renderer/canvas/graph.ts';
import { moveNodes, withPlaces } from '#renderer/state/edits/places.ts';
import { documentSchema } from '#schema/document.ts';

const source = { id: 'visitors', type: 'traffic-source', outputs: [{ id: 'requests' }] };
const service = { id: 'service', type: 'custom-service', label: 'Checkout' };
const edge = { id: 'ask', source: 'visitors', output: 'requests', target: 'service', port: 'requests' };

function graph(change: { x: number; y: number } = { x: 0, y: 0 }): ReturnType<typeof graphOf> {
  const nodes = [source, { ...service, position: change }];
  return graphOf(documentSchema.parse({ schemaVersion: 1, name: 'test', nodes, edges: [edge] }));
}

describe('the graph on the canvas', () => {
  it('ties an edge to the port that its output belongs to', () => {
    const { nodes, edges } = graph();
    expect(edges).toMatchObject([{ id: 'ask', sourceHandle: 'output', targetHandle: 'requests' }]);
    const handles = nodes.map((node) => node.handles?.map(({ id, type }) => `${type} ${id}`));
    expect(handles[0]).toContain('source output');
    expect(handles[1]).toContain('target requests');
  });

  it('makes anew only what a change has changed', () => {
    const document = documentSchema.parse({ schemaVersion: 1, name: 'test', nodes: [source, service], edges: [edge] });
    const placed = withPlaces(document);
    const before = graphOf(placed);
    const after = graphOf(moveNodes(placed, new Map([['service', { x: 900, y: 900 }]])));
    expect(after.nodes[0]).toBe(before.nodes[0]);
    expect(after.nodes[1]).not.toBe(before.nodes[1]);
    expect(after.edges[0]).toBe(before.edges[0]);
  });

  it('leaves out an edge of a draft that leads nowhere', () => {
    const stray = { ...edge, id: 'stray', target: 'gone' };
    const document = documentSchema.parse({ schemaVersion: 1, name: 'test', nodes: [source], edges: [stray] });
    expect(graphOf(document).edges).toEqual([]);
  });

  it('labels a node by its own label, else by its id, and names its component', () => {
    expect(graph().nodes.map(({ data, ariaLabel }) => [data.label, ariaLabel])).toEqual([
      ['visitors', 'visitors, Application or devices'],
      ['Checkout', expect.stringMatching(/^Checkout, /)],
    ]);
  });

  it('keeps the places of the document, and makes places where there are none', () => {
    expect(graph({ x: 300, y: 40 }).nodes.map(({ position }) => position)).toEqual([
      { x: 0, y: 0 },
      { x: 300, y: 40 },
    ]);
    const [first, second] = graph().nodes;
    expect(second?.position.x).toBeGreaterThan((first?.position.x ?? 0) + 148);
  });
});
