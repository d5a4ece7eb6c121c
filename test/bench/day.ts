/** A day of platform load through a document. */
import { readFileSync } from 'node:fs';
import { openDocument, runDocument } from '#test/harness/scenario.ts';
import type { Outcome } from './sample.ts';

/** Six billion records a day: 69,444 a second through 226 shards, a mapping for each, and a function. */
const SIX_BILLION = {
  schemaVersion: 1,
  name: 'six-billion-a-day',
  nodes: [
    { id: 'devices', type: 'traffic-source', config: {}, outputs: [{ id: 'records', emit: {} }] },
    { id: 'stream', type: 'kinesis-data-streams', config: { shardCount: 226 } },
    { id: 'worker', type: 'lambda', config: { memorySize: 512, timeoutSeconds: 60, perRecordMs: 0.05 } },
  ].map((node, i) => ({ label: node.id, position: { x: 220 * i, y: 0 }, ...node })),
  edges: [
    { id: 'put', source: 'devices', output: 'records', target: 'stream', port: 'records' },
    {
      id: 'poll',
      source: 'stream',
      output: 'consumers',
      target: 'worker',
      port: 'kinesis',
      config: { batchSize: 1000 },
    },
  ],
  workloads: [
    {
      id: 'load',
      node: 'devices',
      arrivals: { kind: 'poisson', recordsPerSecond: 69_444 },
      recordSize: { kind: 'lognormal', meanBytes: 600, cv: 0.5, maxBytes: 10_000 },
      partitionKey: { kind: 'uniform', keys: 100_000 },
      producers: 100,
    },
  ],
  run: { horizonSeconds: 86_400 },
};

/** `six-billion`, or the name of a reference scenario. */
export function runDay(name: string, seconds: number, fidelity: 'auto' | 'exact'): Outcome {
  const { result } = runDocument(openDocument(documentOf(name)), {
    horizonSeconds: seconds,
    preRollSeconds: 0,
    fidelity,
  });
  const { created, delivered, filtered, dropped, inside } = result.ledger;
  return { units: created, shown: { delivered, filtered, dropped, inside } };
}

function documentOf(name: string): unknown {
  if (name === 'six-billion') return SIX_BILLION;
  const file = new URL(`../../../scenarios/${name}/scenario.caudal.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8'));
}
