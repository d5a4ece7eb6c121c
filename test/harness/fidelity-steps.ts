/** Stations of the pipelines that compare the fidelities, with the settings most of them share. */
import type { Chain, Step } from './fidelity-documents.ts';

export type Settings = Readonly<Record<string, unknown>>;

const poisson = (recordsPerSecond: number): Settings => ({ kind: 'poisson', recordsPerSecond });
export const load = (recordsPerSecond: number, more: Settings = {}): Settings => ({
  arrivals: poisson(recordsPerSecond),
  ...more,
});

export const source: Step = { type: 'source' };
export const batching: Step = { type: 'source', emit: { batchSize: 100, lingerMs: 200 } };
export const stream = (config: Settings = {}): Step => ({ type: 'stream', config: { shardCount: 2, ...config } });
export const worker = (link: Settings = {}, config: Settings = {}, emit: Settings = {}): Step => ({
  type: 'function',
  config: { memorySize: 512, timeoutSeconds: 10, ...config },
  emit,
  link,
});
export const queue = (config: Settings = {}): Step => ({
  type: 'queue',
  config: { visibilityTimeoutSeconds: 30, ...config },
});
export const sink: Step = { type: 'application' };
export const backEnd = (config: Settings = {}): Step => ({
  type: 'application',
  id: 'back-end',
  config: { workers: 20, meanServiceTimeMs: 10, receiveWait: 'own', ...config },
});

export function toFunction(rate: number, link: Settings = {}, config: Settings = {}, shards: Settings = {}): Chain {
  return { load: load(rate), steps: [source, stream(shards), worker(link, config), sink] };
}

export const outage = (node: string): Settings => ({ kind: 'outage', node, startSeconds: 60, durationSeconds: 300 });

/** A container service that works on records one after the other, a few at a time. */
export const container = (id: string, config: Settings = {}, emit: Settings = {}): Step => ({
  type: 'container',
  id,
  config: { desiredCount: 2, concurrency: 4, meanServiceTimeMs: 10, cpuBoundRatio: 0.2, ...config },
  emit,
});
export const delivery = (config: Settings = {}): Step => ({
  type: 'delivery',
  config: { bufferSizeMebibytes: 1, bufferIntervalSeconds: 10, ...config },
});
export const bucket: Step = { type: 'bucket' };
