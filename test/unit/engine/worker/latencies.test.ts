import { describe, expect, it } from 'vitest';
import { Flow } from '#engine/flow/flow.ts';
import { PathLatencies } from '#engine/worker/latencies.ts';

const SECOND = 1_000_000;

function setUp() {
  const latencies = new PathLatencies(3, [0, 1]);
  const flow: Flow = new Flow(3, (parcel, node, nowUs) => latencies.add(flow, parcel, node, nowUs));
  return { latencies, flow };
}

describe('PathLatencies', () => {
  it('has a row for each source and sink between which records went, in the order of the document', () => {
    const { latencies, flow } = setUp();
    flow.deliver(flow.create(1, 1, 0, 0, 1, 0), 2, 3 * SECOND);
    flow.deliver(flow.create(0, 0, 1, 0, 1, 0), 2, SECOND);
    flow.deliver(flow.create(0, 0, 2, 0, 1, SECOND), 2, 3 * SECOND);
    expect(latencies.rows(['a', 'b', 'c']).map(({ source, sink, count }) => [source, sink, count])).toEqual([
      ['a', 'c', 2],
      ['b', 'c', 1],
    ]);
    const { latencySeconds } = latencies.rows(['a', 'b', 'c'])[0]!;
    expect(latencySeconds.mean).toBeCloseTo(1.5, 9);
    expect(latencySeconds.max).toBe(2);
    // Log-bucketed: within 0.25 %.
    expect(Math.abs(latencySeconds.p50 - 1)).toBeLessThan(0.0025);
    expect(Math.abs(latencySeconds.p999 - 2)).toBeLessThan(0.005);
  });

  it('leaves out what is delivered before time zero and what is a duplicate', () => {
    const { latencies, flow } = setUp();
    flow.deliver(flow.create(0, 0, 0, 0, 1, -5 * SECOND), 2, -1);
    const p = flow.create(0, 0, 1, 0, 1, 0);
    flow.deliver(flow.duplicate(p), 2, 5);
    expect(latencies.rows(['a', 'b', 'c'])).toEqual([]);
    flow.deliver(p, 2, 6);
    expect(latencies.rows(['a', 'b', 'c'])[0]!.count).toBe(1);
  });

  it('counts a record that was created in the pre-roll with its whole age', () => {
    const { latencies, flow } = setUp();
    flow.deliver(flow.create(0, 0, 0, 0, 1, -2 * SECOND), 2, SECOND);
    expect(latencies.rows(['a', 'b', 'c'])[0]!.latencySeconds.max).toBe(3);
  });
});
