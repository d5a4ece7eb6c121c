/**
 * The Kinesis Producer Library on one shard, through an ordinary scenario file: 200-byte records, framed by 8 bytes each and 20 for an
 * aggregate of at most 51,200 bytes, so 246 records in 51,188 bytes when it is full. A shard takes 1,000 records/s and 1 MiB/s of
 * aggregates. The library's rules and defaults: https://github.com/awslabs/amazon-kinesis-producer (read 2026-11-21).
 */
import { describe, expect, it } from 'vitest';
import type { CaudalDocument } from '#schema/document.ts';
import { checkMeans, columnsOf } from '#test/harness/claims.ts';
import { openScenario, runDocument } from '#test/harness/scenario.ts';

const scenario = openScenario(new URL('./scenarios/producer-library.caudal.json', import.meta.url));
const recordsPerAggregate = 246;
const aggregateBytes = recordsPerAggregate * 208 + 20;

type Workload = CaudalDocument['workloads'][number];

function withLoad(change: Partial<Workload>, document = scenario): CaudalDocument {
  return { ...document, workloads: document.workloads.map((workload) => ({ ...workload, ...change }) as Workload) };
}

function withEmit(change: object): CaudalDocument {
  const nodes = scenario.nodes.map((node) => ({
    ...node,
    outputs: node.outputs.map((output) => ({ ...output, emit: { ...output.emit, ...change } })),
  }));
  return { ...scenario, nodes };
}

const poisson = (recordsPerSecond: number): Partial<Workload> => ({ arrivals: { kind: 'poisson', recordsPerSecond } });

describe('the producer library on one shard', () => {
  it('carries four times the records that a shard takes, in full aggregates, and is billed for these', () => {
    const { result } = runDocument(scenario);
    const puts = result.edges.puts;
    expect(puts?.refused).toBe(0);
    expect(puts?.records).toBe((puts?.units ?? 0) * recordsPerAggregate);
    expect((puts?.records ?? 0) / 20 / 4000).toBeCloseTo(1, 1);
    // The stream and its bill see aggregates: 51,188 bytes are three payload units of 25 KB.
    expect(result.nodes.stream?.metrics.IncomingRecords?.sum).toBe(puts?.units);
    expect(result.usage.stream?.putPayloadUnits).toBe(3 * (puts?.units ?? 0));
    expect(result.ledger.dropped).toBe(0);
  });

  it('is refused most of the same load without packing', () => {
    const { result } = runDocument(withEmit({ aggregationMaxBytes: 0 }));
    // 1,000 records/s and what the bucket held.
    expect(result.edges.puts?.records).toBeLessThanOrEqual(21_000);
    expect(result.edges.puts?.records).toBeGreaterThan(19_900);
    expect(result.edges.puts?.refused).toBeGreaterThan(5000);
  });

  it('is held to 1 MiB/s of aggregates when there is more, and loses the rest when its time to live ends', () => {
    const document = withLoad(poisson(6000), withEmit({ recordTtlMs: 2000 }));
    const { result } = runDocument(document, { preRollSeconds: 30 });
    // A call carries one aggregate and its key, and is charged in whole KiB: 51,200 bytes.
    const charged = Math.ceil((aggregateBytes + 6) / 1024) * 1024;
    const expected = (1_048_576 / charged) * recordsPerAggregate;
    const stored = (result.edges.puts?.records ?? 0) / 20;
    expect(Math.abs(stored / expected - 1)).toBeLessThan(0.005);
    const { created, dropped, droppedBy } = result.ledger;
    expect(droppedBy).toEqual({ 'record-ttl-expired': dropped });
    expect(Math.abs(dropped / (created - 20 * expected) - 1)).toBeLessThan(0.1);
  });

  it('packs less when the load is spread over two processes: 1 + l W records in the mean', (context) => {
    const document = withLoad({ producers: 2 });
    const columns = columnsOf(10, (seed) => {
      const { puts } = runDocument(document, { seed }).result.edges;
      return { recordsPerAggregate: (puts?.records ?? 0) / (puts?.units ?? 1) };
    });
    // 2,000 records/s each, 100 ms from the first record; the unit is full before that once in a thousand.
    checkMeans(context, columns, { recordsPerAggregate: 1 + 2000 * 0.1 }, 0.01);
  });
});
