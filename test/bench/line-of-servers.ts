/** The model every contender runs: customers pass a line of single exponential servers. */
import { openDocument, runDocument } from '#test/harness/scenario.ts';

export interface LineOfServers {
  readonly stations: number;
  readonly stationIds: readonly string[];
  readonly customersPerSecond: number;
  readonly meanServiceUs: number;
  readonly recordBytes: number;
  readonly horizonSeconds: number;
  readonly seed: number;
}

/** What a contender reports, so that it can be seen that all did the same work. */
export interface LineResult {
  readonly created: number;
  readonly left: number;
  readonly latencyMeanMs: number;
  readonly latencyP99Ms: number;
  readonly stations: readonly {
    readonly served: number;
    readonly waitingMeanMs: number;
    readonly responseMeanMs: number;
    readonly utilisationPercent: number;
    readonly queueLength: number;
  }[];
}

/** A line at 80 % utilisation. */
export function lineOf(stations: number, customersPerSecond: number, horizonSeconds: number, seed = 1): LineOfServers {
  return {
    stations,
    stationIds: Array.from({ length: stations }, (_, k) => `station-${k + 1}`),
    customersPerSecond,
    meanServiceUs: 800_000 / customersPerSecond,
    recordBytes: 100,
    horizonSeconds,
    seed,
  };
}

/** An output that offers each record once and waits for no answer. */
const plainOutput = { id: 'out', emit: { maxAttempts: 1, onExhausted: 'drop', callLatencyMs: 0 } } as const;

/** The line as a document, as a user would draw it. */
export function lineDocument(line: LineOfServers): unknown {
  const { stationIds } = line;
  const config = { meanServiceTimeMs: line.meanServiceUs / 1000 };
  return {
    schemaVersion: 1,
    name: `line-of-${line.stations}`,
    nodes: [
      { id: 'source', type: 'traffic-source', label: 'Source', outputs: [plainOutput] },
      ...stationIds.map((id, k) => ({
        id,
        type: 'custom-service',
        label: id,
        config,
        ...(k + 1 < stationIds.length ? { outputs: [plainOutput] } : {}),
      })),
    ],
    edges: stationIds.map((id, k) => ({
      id: `to-${id}`,
      source: k === 0 ? 'source' : stationIds[k - 1],
      output: plainOutput.id,
      target: id,
      port: 'requests',
    })),
    workloads: [
      {
        id: 'load',
        node: 'source',
        arrivals: { kind: 'poisson', recordsPerSecond: line.customersPerSecond },
        recordSize: { kind: 'constant', bytes: line.recordBytes },
        partitionKey: { kind: 'uniform', keys: 1 },
      },
    ],
    run: { horizonSeconds: line.horizonSeconds, preRollSeconds: 0, seed: line.seed, fidelity: 'exact' },
  };
}

/** Validates, builds and runs the document. */
export function runCaudal(line: LineOfServers): LineResult {
  const { result } = runDocument(openDocument(lineDocument(line)));
  const path = result.paths[0];
  return {
    created: result.ledger.created,
    left: result.ledger.delivered,
    latencyMeanMs: 1000 * (path?.latencySeconds.mean ?? Number.NaN),
    latencyP99Ms: 1000 * (path?.latencySeconds.p99 ?? Number.NaN),
    stations: line.stationIds.map((id) => {
      const { RecordsServed, WaitingTime, ResponseTime, Utilisation, QueueLength } = result.nodes[id]?.metrics ?? {};
      return {
        served: RecordsServed?.sum ?? Number.NaN,
        waitingMeanMs: WaitingTime?.mean ?? Number.NaN,
        responseMeanMs: ResponseTime?.mean ?? Number.NaN,
        utilisationPercent: Utilisation?.mean ?? Number.NaN,
        queueLength: QueueLength?.mean ?? Number.NaN,
      };
    }),
  };
}
