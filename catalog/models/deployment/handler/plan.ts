/** What a handler is told and what it needs of the world. */
import type { HandlerEmit } from '#schema/deployment.ts';
import type { AskedClient, TargetClient } from '../client.ts';

/** Settings of an output with the defaults that a plan leaves out. */
export type Emit = Required<Omit<HandlerEmit, 'weight' | 'isCall'>> & Pick<HandlerEmit, 'weight' | 'isCall'>;

/** What a plan leaves out: the defaults of `schema/emit.ts`, which a test compares. */
export const emitDefaults: Emit = {
  per: 'record',
  selectivity: 1,
  sizeFactor: 1,
  recordsPerMessage: 1,
  batchSize: 1,
  key: 'keep',
  maxAttempts: 3,
  retryBaseMs: 100,
  retryMaxMs: 20_000,
  onExhausted: 'fail',
  order: 'sequential',
};

/** What the handler needs of the world: real in AWS, given in tests. */
export interface Surroundings {
  target(protocol: string): TargetClient;
  asked(protocol: string): AskedClient;
  wait(ms: number): Promise<void>;
  /** Uniform in [0, 1). */
  random(): number;
}

/** Exponential, with full jitter. */
export function backoffMs({ retryBaseMs, retryMaxMs }: Emit, attempt: number, { random }: Surroundings): number {
  return random() * Math.min(retryMaxMs, retryBaseMs * 2 ** (attempt - 1));
}
