/** A process of its own for each contender: `contender.js '<spec as JSON>'` runs once for each line on its input and answers with a line. */
import { createInterface } from 'node:readline';
import type { ContenderSpec } from './contender-spec.ts';
import { runHandWritten } from './hand-written-loop.ts';
import { type LineOfServers, lineOf, type LineResult, runCaudal } from './line-of-servers.ts';
import { runInHeap, runInKernel, runManyServers } from './pending-events.ts';
import { measured, type Outcome } from './sample.ts';
import { runSimjs } from './simjs-line.ts';
import { runDay } from './day.ts';
import { runPipeline } from './pipeline.ts';

function ofLine(run: (line: LineOfServers) => LineResult, line: LineOfServers): Outcome {
  const { created, left, latencyMeanMs, latencyP99Ms, stations } = run(line);
  const last = stations.at(-1);
  return {
    units: created,
    shown: {
      left,
      latencyMeanMs,
      latencyP99Ms,
      waitingMeanMs: last?.waitingMeanMs ?? Number.NaN,
      utilisationPercent: last?.utilisationPercent ?? Number.NaN,
      queueLength: last?.queueLength ?? Number.NaN,
    },
  };
}

function work(spec: ContenderSpec): () => Outcome {
  switch (spec.kind) {
    case 'pending-kernel':
      return () => runInKernel(spec.pending, spec.events);
    case 'pending-heap':
      return () => runInHeap(spec.pending, spec.events);
    case 'pending-document':
      return () => runManyServers(spec.pending, spec.seconds);
    case 'pipeline':
      return () => runPipeline(spec.factor, spec.seconds, spec.fidelity);
    case 'day':
      return () => runDay(spec.name, spec.seconds, spec.fidelity);
    default: {
      const line = lineOf(spec.stations, spec.customersPerSecond, spec.seconds);
      if (spec.kind === 'caudal') return () => ofLine(runCaudal, line);
      if (spec.kind === 'simjs') return () => ofLine(runSimjs, line);
      return () => ofLine((same) => runHandWritten(same, spec.kind === 'loop' ? 'same' : 'own'), line);
    }
  }
}

const run = work(JSON.parse(process.argv[2] ?? '') as ContenderSpec);
createInterface({ input: process.stdin }).on('line', () => {
  process.stdout.write(`${JSON.stringify(measured(run))}\n`);
});
