import { describe, expect, it } from 'vitest';
import { type NodeView, nodeView } from '#drawing/node-view.ts';
import type { ComponentSpec } from '#schema/component.ts';
import type { FaultSpec } from '#schema/faults.ts';
import { momentOf, type Sketch } from './recordings.ts';
import { limit, nodeResult, series, spec } from './result-samples.ts';

const bar = spec({ kind: 'bar', fill: 'Level' });
const plain = spec({ kind: 'none' });

function viewOf(sketch: Omit<Sketch, 'bins'>, of: ComponentSpec = plain): NodeView | undefined {
  return nodeView('a', of, momentOf({ bins: 1, ...sketch }));
}

/** A node at which 100 records a second arrive, with a limit used and refusing as given. */
function limited(usedRatio: number, refused: number): NodeView | undefined {
  return viewOf({
    nodes: { a: { arrived: [1000] } },
    limits: [{ limit: limit('a', {}), usedRatio: [usedRatio], refused: [refused] }],
  });
}

describe('the view of a node', () => {
  it('shows the rate of the moment, not of the run', () => {
    const moment = momentOf({ bins: 3, nodes: { a: { arrived: [9000, 9000, 500] } } });
    expect(nodeView('a', plain, moment)).toMatchObject({ rate: '50/s', state: 'running', badges: [] });
    expect(nodeView('a', plain, moment, 'day')?.rate).toBe('4.32M/day');
  });

  it('says no rate where nothing arrives', () => {
    expect(viewOf({ nodes: { a: { arrived: [0] } } })).toMatchObject({ rate: '', words: 'below its limits' });
  });

  it('shows the calls to what gets no records', () => {
    const link = { kind: 'call', source: 'b', target: 'a' } as const;
    const view = viewOf({ nodes: { a: {}, b: {} }, edges: { call: { records: [300], link } } });
    expect(view?.rate).toBe('30/s');
  });

  it('does not call a backlog what is gathered on purpose', () => {
    const nodes = { a: { arrived: [100], inside: [50_000] } };
    expect(viewOf({ nodes })?.badges).toMatchObject([{ kind: 'backlog', text: '50k' }]);
    expect(viewOf({ nodes }, spec({ kind: 'bar', fill: 'Level', gathers: true }))?.badges).toEqual([]);
  });

  it('is near a limit from 80 % of it on, and fails at one that refuses in numbers', () => {
    expect(limited(0.79, 0)?.state).toBe('running');
    expect(limited(0.8, 0)?.state).toBe('near');
    expect(limited(0.5, 1)?.state).toBe('near');
    expect(limited(1, 612)).toMatchObject({
      state: 'failing',
      badges: [{ kind: 'throttled', text: '61.2/s', words: '61.2/s refused at a limit' }],
    });
  });

  it('does not take trouble at another node for its own', () => {
    const view = viewOf({
      nodes: { a: { arrived: [10] } },
      limits: [{ limit: limit('b', {}), usedRatio: [1], refused: [99] }],
    });
    expect(view).toMatchObject({ state: 'running', badges: [] });
  });

  it('fails while it loses records', () => {
    expect(viewOf({ nodes: { a: { arrived: [1000], lost: [5] } } })).toMatchObject({
      state: 'failing',
      badges: [{ kind: 'lost', text: '0.5/s' }],
    });
  });

  it('says that the user has broken it, for as long as that lasts', () => {
    const fault: FaultSpec = { id: 'dark', kind: 'outage', node: 'a', startSeconds: 5, durationSeconds: 10 };
    const at = (bins: number): NodeView | undefined =>
      nodeView('a', plain, momentOf({ bins, nodes: { a: {} }, faults: [fault] }));
    expect(at(1)).toMatchObject({ state: 'failing', badges: [{ kind: 'fault', text: 'outage' }] });
    expect(at(3)).toMatchObject({ state: 'running', badges: [] });
  });

  it('counts a backlog as one when it takes seconds to work off', () => {
    expect(viewOf({ nodes: { a: { arrived: [1000], inside: [450] } } })?.badges).toEqual([]);
    expect(viewOf({ nodes: { a: { arrived: [1000], inside: [1900] } } })?.badges).toMatchObject([
      { kind: 'backlog', text: '1.9k', words: '1,900 records inside' },
    ]);
  });

  it('shows badges that the component declares, an age only when it is old', () => {
    const metric = (name: string, badge: 'age' | 'errors', kind: 'gauge' | 'counter'): object => ({
      name,
      badge,
      unit: badge === 'age' ? 'Milliseconds' : 'Count',
      series: kind,
    });
    const of = { ...plain, metrics: [metric('Age', 'age', 'gauge'), metric('Errors', 'errors', 'counter')] } as never;
    const badgesAt = (age: number, errors: number): unknown => {
      const results = { a: nodeResult({}, [series('Age', [age]), series('Errors', [errors])]) };
      return viewOf({ nodes: { a: {} }, results }, of)?.badges.map(({ kind, text }) => `${kind} ${text}`);
    };
    expect(badgesAt(9000, 0)).toEqual([]);
    expect(badgesAt(12_000, 0)).toEqual(['age 12 s']);
    expect(badgesAt(12_000, 4)).toEqual(['errors 4/s', 'age 12 s']);
  });

  it('shows at most two badges, the worst first', () => {
    const view = viewOf({
      nodes: { a: { arrived: [10], lost: [5], inside: [5000] } },
      limits: [{ limit: limit('a', {}), refused: [9] }],
    });
    expect(view?.badges.map(({ kind }) => kind)).toEqual(['lost', 'throttled']);
  });

  it('shows nothing for a node that was not run', () => {
    expect(nodeView('x', plain, momentOf({ bins: 1, nodes: { a: {} } }))).toBeUndefined();
  });
});

describe('the face of a node', () => {
  const parts = (bins: number, refusedAtFirst: number): Sketch => ({
    bins,
    nodes: { a: {} },
    limits: [
      { limit: limit('a', { id: 'write-records/shard-0' }), usedRatio: [0.5], refused: [refusedAtFirst] },
      { limit: limit('a', { id: 'write-bytes/shard-0' }), usedRatio: [0.85] },
      { limit: limit('a', { id: 'write-records/shard-1' }), usedRatio: [0.25] },
      { limit: limit('a', { id: 'shards' }), usedRatio: [1] },
    ],
  });

  it('has one bar for each part, filled by the limit it comes nearest to', () => {
    const { face } = nodeView('a', spec({ kind: 'segments' }), momentOf(parts(1, 0)))!;
    expect(face.cells.map(({ state }) => state)).toEqual(['near', 'running']);
    expect(face.cells[0]?.fill).toBeCloseTo(0.85, 6);
    expect(face.words).toBe('shard-0 is the fullest of 2: 85 % of its limit in use');
  });

  it('shows a part that refuses as full', () => {
    const { face } = nodeView('a', spec({ kind: 'segments' }), momentOf(parts(1, 3)))!;
    expect(face.cells[0]).toEqual({ fill: 1, state: 'failing' });
    expect(face.words).toContain('1 of 2 refuse');
  });

  it('lets one bar stand for the fullest of several where there are too many parts', () => {
    const limits = Array.from({ length: 100 }, (_, index) => ({
      limit: limit('a', { id: `write/shard-${index}` }),
      usedRatio: [index === 99 ? 0.75 : 0.1],
    }));
    const { cells } = nodeView('a', spec({ kind: 'segments' }), momentOf({ bins: 1, nodes: { a: {} }, limits }))!.face;
    expect(cells.length).toBeLessThanOrEqual(32);
    expect(Math.max(...cells.map(({ fill }) => fill))).toBeCloseTo(0.75, 6);
  });

  it('fills a bar with a percentage, or with the share of the highest level', () => {
    const faceOf = (unit: string): unknown => {
      const results = { a: nodeResult({}, [series('Level', [10, 80, 40], unit)]) };
      return nodeView('a', bar, momentOf({ bins: 3, binSeconds: 1, nodes: { a: {} }, results }))?.face.cells;
    };
    expect(faceOf('Percent')).toEqual([{ fill: 0.4, state: 'running' }]);
    expect(faceOf('Count')).toEqual([{ fill: 0.5, state: 'running' }]);
  });

  it('draws as many squares as were ever busy at once', () => {
    const results = { a: nodeResult({}, [series('Level', [1, 4, 2.5])]) };
    const squares = spec({ kind: 'squares', fill: 'Level' });
    const { face } = nodeView('a', squares, momentOf({ bins: 3, binSeconds: 1, nodes: { a: {} }, results }))!;
    expect(face.cells.map(({ fill }) => fill)).toEqual([1, 1, 0.5, 0]);
    expect(face.words).toBe('2.5 busy now, 4 at most');
  });
});
