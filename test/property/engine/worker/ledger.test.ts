/** Whatever is drawn, loaded and broken: the books balance, the clock goes on, counts are whole numbers. */
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { type EventHandler, Kernel } from '#engine/kernel/kernel.ts';
import type { CaudalDocument } from '#schema/document.ts';
import { protocols } from '#schema/protocols.ts';
import type { RawResult } from '#schema/result.ts';
import { runDocument } from '#test/harness/scenario.ts';
import { components, drawDocument, showing } from '#test/property/random-document.ts';

const seen = { runs: 0, records: 0, duplicates: 0, faults: 0, types: new Set<string>() };

function expectCounts(name: string, counts: object): void {
  for (const [column, count] of Object.entries(counts)) {
    if (typeof count !== 'number') continue;
    expect(Number.isSafeInteger(count) && count >= 0, `${name}.${column} is ${count}`).toBe(true);
  }
}

function checkResult(result: RawResult): void {
  const { ledger } = result;
  expectCounts('ledger', ledger);
  expectCounts('duplicates', ledger.duplicates);
  expectCounts('droppedBy', ledger.droppedBy);
  const dropped = Object.values(ledger.droppedBy).reduce((sum, n) => sum + n, 0);
  expect(dropped, 'every drop has a reason').toBe(ledger.dropped);
  let crossings = 0;
  for (const [id, node] of Object.entries(result.nodes)) {
    expectCounts(id, node.ledger);
    crossings += node.ledger.in - node.ledger.out;
    for (const [metric, { sum, mean, max }] of Object.entries(node.metrics)) {
      expect(Number.isFinite(mean) && Number.isFinite(max), `${id}.${metric}`).toBe(true);
      expect((sum ?? 0) >= 0 && max >= 0, `${id}.${metric} is ${sum} / ${max}`).toBe(true);
    }
  }
  expect(crossings, 'what leaves one node enters another').toBe(0);
  for (const [id, edge] of Object.entries(result.edges)) expectCounts(id, edge);
  const onPaths = result.paths.reduce((sum, { count }) => sum + count, 0);
  expect(onPaths, 'every first delivery has a latency').toBe(ledger.delivered);
  for (const { latencySeconds } of result.paths) {
    for (const [name, value] of Object.entries(latencySeconds)) expect(value, name).toBeGreaterThanOrEqual(0);
  }
  for (const { id, refused, peakRatio } of result.limits) {
    expect(refused >= 0 && peakRatio >= 0, `limit ${id}: ${refused}, ${peakRatio}`).toBe(true);
  }
  for (const own of Object.values(result.usage)) {
    for (const [id, quantity] of Object.entries(own)) expect(Number.isFinite(quantity) && quantity >= 0, id).toBe(true);
  }
  for (const { t } of result.log) expect(t).toBeGreaterThanOrEqual(0);
}

/** Where all edges of a node are pushed, what leaves the node is what passes them; a pre-roll and duplicates leave traces of their own. */
function checkEdges(document: CaudalDocument, result: RawResult): void {
  if (result.preRollSeconds > 0 || result.ledger.duplicates.made > 0) return;
  for (const { id } of document.nodes) {
    const leaving = document.edges.filter(({ source, kind }) => source === id && kind === 'data');
    const isPushed = leaving.every(({ target, port }) => {
      const type = document.nodes.find((node) => node.id === target)?.type ?? '';
      const entering = components.get(type)?.declaration.ports.find((candidate) => candidate.id === port);
      return entering?.protocols.every((protocol) => protocols[protocol].meeting === 'push');
    });
    if (!isPushed) continue;
    const passed = leaving.reduce((sum, edge) => sum + (result.edges[edge.id]?.records ?? 0), 0);
    expect(result.nodes[id]?.ledger.out, `what left ${id}`).toBe(passed);
  }
}

type Register = (this: Kernel, handler: EventHandler) => number;

/** Watches every event of every kernel while `work` runs. */
function watchingClocks(work: () => void): void {
  const kernels = Kernel.prototype as { register: Register };
  const { register } = kernels;
  const last = new WeakMap<Kernel, number>();
  kernels.register = function (handler) {
    return register.call(this, (a, b) => {
      const before = last.get(this) ?? Number.NEGATIVE_INFINITY;
      if (!Number.isSafeInteger(this.nowUs) || this.nowUs < before)
        throw new Error(`${before} us, then ${this.nowUs} us`);
      last.set(this, this.nowUs);
      handler(a, b);
    });
  };
  try {
    work();
  } finally {
    kernels.register = register;
  }
}

describe('random documents', () => {
  afterAll(() => {
    // The generator must reach what it is meant to reach.
    expect(seen.records).toBeGreaterThan(1000);
    expect(seen.duplicates).toBeGreaterThan(0);
  });

  it('balance, with whole counts and an orderly clock', () => {
    fc.assert(
      fc.property(fc.gen(), (g) => {
        const { document } = drawDocument(g);
        watchingClocks(() => {
          const { result } = runDocument(document);
          showing(document, () => {
            checkResult(result);
            checkEdges(document, result);
          });
          seen.runs += 1;
          seen.records += result.ledger.created;
          seen.duplicates += result.ledger.duplicates.made;
        });
      }),
      { numRuns: 150 },
    );
  });
});
