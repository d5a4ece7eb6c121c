/** Runs one simulation per task of a pool: no progress, and no series and no playback in what it sends back. */
import type { RunOutput, RunRequest } from '#schema/worker-messages.ts';
import { simulate } from './simulate.ts';

/** The task of the pool. The control word cancels it as it does a run in a thread of its own. */
export function run(request: RunRequest): RunOutput {
  const output = simulate(request, () => undefined);
  const nodes = Object.fromEntries(
    Object.entries(output.result.nodes).map(([id, node]) => [id, { ...node, series: [] }]),
  );
  const playback = { ...output.playback, bins: 0, values: new Float32Array() };
  return { ...output, playback, result: { ...output.result, nodes } };
}
