/** Random documents in fidelity `auto`: the books balance, the run is the same every time and everywhere, and it says what `exact` says. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stableJson } from '#analysis/stable-json.ts';
import { localPool, type RunPool } from '#experiments/run-pool.ts';
import type { CaudalDocument } from '#schema/document.ts';
import type { NodeResult, RawResult } from '#schema/result.ts';
import { checkFidelity } from '#test/harness/fidelity-claims.ts';
import { casesOf } from '#test/harness/fidelity-cases.ts';
import { lengthened, timeoutMs } from '#test/harness/fidelity-plan.ts';
import { drawForRuns } from '#test/harness/fidelity-random.ts';
import { runDocument } from '#test/harness/scenario.ts';

/** How many times as long the slices of the full comparison are. */
const LONGER = 2;
const EXACT_WARNING = 'fidelity/auto-runs-exact';

/** Documents of a seed in which records do travel in runs. */
function documents(seed: number, count: number, isPlain: boolean): CaudalDocument[] {
  const found: CaudalDocument[] = [];
  fc.assert(
    fc.property(fc.gen(), (g) => {
      if (found.length === count) return;
      const document = drawForRuns(g, 5);
      if (document === undefined || (isPlain && document.faults.length > 0)) return;
      if (!runDocument(document, { fidelity: 'auto' }).result.fidelity.warnings.includes(EXACT_WARNING)) {
        found.push(document);
      }
    }),
    { seed, numRuns: 400 },
  );
  return found;
}

function withoutSeries(result: RawResult): RawResult {
  const bare = Object.entries(result.nodes).map(([id, node]): [string, NodeResult] => [id, { ...node, series: [] }]);
  return { ...result, nodes: Object.fromEntries(bare) };
}

/** What a run must never show. */
function checkResult({ ledger, nodes, paths }: RawResult): void {
  for (const [id, node] of Object.entries(nodes)) {
    for (const [column, count] of Object.entries(node.ledger)) {
      expect(Number.isSafeInteger(count) && count >= 0, `${id}.${column} is ${count}`).toBe(true);
    }
    for (const [metric, { sum, mean, max }] of Object.entries(node.metrics)) {
      expect(Number.isFinite(mean) && max >= 0 && (sum ?? 0) >= 0, `${id}.${metric}`).toBe(true);
    }
  }
  for (const { latencySeconds } of paths) {
    for (const [name, value] of Object.entries(latencySeconds)) expect(value, name).toBeGreaterThanOrEqual(0);
  }
  expect(paths.reduce((sum, { count }) => sum + count, 0)).toBe(ledger.delivered);
}

describe('random documents with runs', () => {
  let pool: RunPool;

  beforeAll(() => {
    pool = localPool(1);
  });

  afterAll(() => pool.close());

  it('balance in every fault and setting that is drawn, with no latency below zero', () => {
    let records = 0;
    const faults = new Set<string>();
    for (const document of documents(11, 25, false)) {
      const { result } = runDocument(document, { fidelity: 'auto' });
      checkResult(result);
      records += result.ledger.created;
      for (const { kind } of document.faults) faults.add(kind);
    }
    expect(records).toBeGreaterThan(50_000);
    expect(faults.size).toBeGreaterThan(3);
  });

  it('give the same result twice in one process, and in a pool', async () => {
    const [first] = casesOf('outages');
    for (const document of [...documents(12, 3, false), first!.open()]) {
      const { seed } = document.run;
      const options = { seed, horizonSeconds: 40, preRollSeconds: 0, fidelity: 'auto' } as const;
      const { result } = runDocument(document, options);
      expect(stableJson(runDocument(document, options).result)).toBe(stableJson(result));
      const inPool = await pool.run({ document, options });
      expect(stableJson(inPool.result)).toBe(stableJson(withoutSeries(result)));
    }
  });

  describe('agree with exact', () => {
    for (const [i, document] of documents(13, 15, true).entries()) {
      const types = document.nodes.map(({ type }) => type).join(', ');
      it(`document ${i + 1}: ${types}`, { timeout: timeoutMs }, (context) =>
        checkFidelity(context, lengthened(document, LONGER)),
      );
    }
  });
});
