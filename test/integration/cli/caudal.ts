/** Runs the command line as a user does: a process of its own, with its streams and exit code. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

const script = fileURLToPath(new URL('../../../bin/caudal.mjs', import.meta.url));

export function caudal(...args: readonly string[]): Promise<Ended> {
  return caudalInto('pipe', ...args);
}

/** As `caudal`, with standard output to an open file instead. */
export function caudalInto(stdout: number | 'pipe', ...args: readonly string[]): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', stdout, 'pipe'] });
    let out = '';
    let err = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      err += text;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, err }));
  });
}

/** One server that is asked 20 times a second and answers in 10 ms, ten minutes long. */
export function queue(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    schemaVersion: 1,
    name: 'queue',
    nodes: [
      { id: 'app', type: 'traffic-source', outputs: [{ id: 'requests' }] },
      { id: 'server', type: 'custom-service', config: { meanServiceTimeMs: 10 } },
    ],
    edges: [{ id: 'ask', source: 'app', output: 'requests', target: 'server', port: 'requests' }],
    workloads: [
      {
        id: 'visits',
        node: 'app',
        arrivals: { kind: 'poisson', recordsPerSecond: 20 },
        recordSize: { kind: 'constant', bytes: 200 },
        partitionKey: { kind: 'single' },
      },
    ],
    objectives: [
      { id: 'quick', kind: 'latency', node: 'server', quantile: 0.99, maxSeconds: 10 },
      { id: 'no-loss', kind: 'loss', maxRatio: 0 },
    ],
    run: { horizonSeconds: 600, preRollSeconds: 10, seed: 7 },
    ...changes,
  };
}
