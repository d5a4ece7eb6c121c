/** The reference pipeline, application -> stream -> mapping -> function -> queue -> consumer, at any multiple of its load. */
import { readFileSync } from 'node:fs';
import { openDocument, runDocument } from '#test/harness/scenario.ts';
import type { Outcome } from './sample.ts';

const SCENARIO = new URL('../../../scenarios/walking-skeleton/scenario.caudal.json', import.meta.url);
const RECORDS_PER_SECOND = 300;

interface WrittenScenario {
  readonly nodes: { readonly type: string; config: Record<string, unknown> }[];
  workloads: { arrivals: unknown }[];
}

/** `factor` times the records, shards and workers; a steady load in place of the scenario's ramp. */
export function runPipeline(factor: number, seconds: number, fidelity: 'auto' | 'exact'): Outcome {
  const scenario = JSON.parse(readFileSync(SCENARIO, 'utf8')) as WrittenScenario;
  for (const { type, config } of scenario.nodes) {
    if (type === 'kinesis-data-streams') config.shardCount = Math.max(1, Math.round(2 * factor));
    if (type === 'consumer-application') config.workers = Math.max(1, Math.round(8 * factor));
  }
  for (const workload of scenario.workloads) {
    workload.arrivals = { kind: 'poisson', recordsPerSecond: RECORDS_PER_SECOND * factor };
  }
  const { result } = runDocument(openDocument(scenario), { horizonSeconds: seconds, preRollSeconds: 0, fidelity });
  const { created, delivered, filtered, inside } = result.ledger;
  return { units: created, shown: { delivered, filtered, inside } };
}
