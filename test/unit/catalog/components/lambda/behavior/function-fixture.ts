/** Functions for tests: no chance, no cold start, 100 ms for an invocation and 10 ms for a record at one vCPU. */
import { build } from '#catalog/components/lambda/behavior/behavior.ts';
import { config, type Config } from '#catalog/components/lambda/config.ts';
import { type BuiltNode, type Wiring, World } from '#test/harness/behavior.ts';
import { Invoker } from '#test/harness/invoker.ts';

const plain = {
  memorySize: 1769,
  serviceTimeLaw: 'deterministic',
  perInvocationMs: 100,
  perRecordMs: 10,
  cpuBoundRatio: 1,
  coldStartMs: 0,
  sandboxStartMinMs: 0,
  sandboxStartMaxMs: 0,
  idleTimeoutMinSeconds: 600,
  idleTimeoutMaxSeconds: 600,
} as const;

export interface Setup {
  readonly world: World;
  readonly fn: BuiltNode;
  readonly invoker: Invoker;
}

export function setup(
  settings: Partial<Config> = {},
  wiring: (world: World) => Wiring = () => ({}),
  quotas = {},
): Setup {
  const world = new World({ quotas, horizonSeconds: 36_000 });
  const fn = addFunction(world, 'fn', settings, wiring(world));
  return { world, fn, invoker: new Invoker(world, fn, 'kinesis') };
}

export function addFunction(world: World, id: string, settings: Partial<Config>, wiring: Wiring = {}): BuiltNode {
  return world.add(id, build, config.parse({ ...plain, ...settings }), wiring);
}

export const records = (world: World, n: number): number[] => Array.from({ length: n }, () => world.record());
export const sum = (fn: BuiltNode, metric: string): number => fn.counters.get(metric)!.sum;
export const duration = (fn: BuiltNode) => fn.samples.get('Duration')!.histogram;
