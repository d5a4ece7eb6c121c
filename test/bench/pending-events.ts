/** Many pending events: each one that comes sets the next, an exponential time ahead ("hold" model). */
import { Kernel } from '#engine/kernel/kernel.ts';
import { openDocument, runDocument } from '#test/harness/scenario.ts';
import type { Outcome } from './sample.ts';

const STEPS = 1 << 16;
const SECOND_US = 1_000_000;

/** Times ahead, drawn beforehand so that only the queue is measured: 10 microseconds between events on average. */
function stepsFor(pending: number): Float64Array {
  let state = 2_463_534_242 | 0;
  return Float64Array.from({ length: STEPS }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return Math.ceil(-10 * pending * Math.log(((state >>> 0) + 0.5) / 4_294_967_296));
  });
}

/** In Caudal's kernel. */
export function runInKernel(pending: number, events: number): Outcome {
  const steps = stepsFor(pending);
  const kernel = new Kernel();
  let at = 0;
  const handler = kernel.register((a, b) => {
    at = (at + 1) & (STEPS - 1);
    kernel.after(steps[at]!, handler, a, b, 30);
  });
  for (let i = 0; i < pending; i += 1) kernel.after(steps[i & (STEPS - 1)]!, handler, i, 0, 30);
  while (kernel.eventCount < events) kernel.run(kernel.nowUs + SECOND_US);
  return { units: kernel.eventCount, shown: { pending: kernel.pendingCount, nowUs: kernel.nowUs } };
}

/** In a binary heap of typed arrays that holds a time and a number and can neither cancel nor keep ties in order. */
export function runInHeap(pending: number, events: number): Outcome {
  const steps = stepsFor(pending);
  const times = new Float64Array(pending);
  const owners = new Int32Array(pending);
  for (let i = 0; i < pending; i += 1) {
    let at = i;
    const time = steps[i & (STEPS - 1)]!;
    for (; at > 0 && times[(at - 1) >> 1]! > time; at = (at - 1) >> 1) {
      times[at] = times[(at - 1) >> 1]!;
      owners[at] = owners[(at - 1) >> 1]!;
    }
    times[at] = time;
    owners[at] = i;
  }
  let nowUs = 0;
  let sum = 0;
  for (let event = 1; event <= events; event += 1) {
    nowUs = times[0]!;
    const owner = owners[0]!;
    sum += owner;
    const time = nowUs + steps[event & (STEPS - 1)]!;
    let at = 0;
    for (let child = 1; child < pending; child = 2 * at + 1) {
      if (child + 1 < pending && times[child + 1]! < times[child]!) child += 1;
      if (time <= times[child]!) break;
      times[at] = times[child]!;
      owners[at] = owners[child]!;
      at = child;
    }
    times[at] = time;
    owners[at] = owner;
  }
  return { units: events, shown: { pending, nowUs, sum } };
}

/** Through a document: a service with so many servers that `pending` of them are busy all the time. */
export function runManyServers(pending: number, seconds: number): Outcome {
  const serviceSeconds = 2;
  const emit = { maxAttempts: 1, onExhausted: 'drop', callLatencyMs: 0 };
  const { result, measurement } = runDocument(
    openDocument({
      schemaVersion: 1,
      name: 'many-servers',
      nodes: [
        { id: 'source', type: 'traffic-source', label: 'Source', outputs: [{ id: 'out', emit }] },
        {
          id: 'servers',
          type: 'custom-service',
          label: 'Servers',
          config: { servers: pending, meanServiceTimeMs: 1000 * serviceSeconds },
        },
      ],
      edges: [{ id: 'to-servers', source: 'source', output: 'out', target: 'servers', port: 'requests' }],
      workloads: [
        {
          id: 'load',
          node: 'source',
          arrivals: { kind: 'poisson', recordsPerSecond: (1.05 * pending) / serviceSeconds },
          recordSize: { kind: 'constant', bytes: 100 },
          partitionKey: { kind: 'uniform', keys: 1 },
        },
      ],
      run: { horizonSeconds: seconds, preRollSeconds: 0, seed: 1, fidelity: 'exact' },
    }),
  );
  return { units: measurement.events, shown: { busyPercent: result.nodes.servers?.metrics.Utilisation?.max ?? 0 } };
}
