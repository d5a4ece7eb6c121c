/** What a handler is told and what it needs of the world. */
import type { AskedClient, TargetClient } from '../client.ts';
import type { PolledInput } from './poll.ts';

export interface Emit {
  readonly per: 'record' | 'batch';
  readonly selectivity: number;
  readonly weight?: number;
  readonly sizeFactor: number;
  readonly recordsPerMessage: number;
  readonly batchSize: number;
  readonly key: 'keep' | 'new';
  readonly maxAttempts: number;
  readonly retryBaseMs: number;
  readonly retryMaxMs: number;
  readonly onExhausted: 'fail' | 'drop';
  readonly order: 'sequential' | 'parallel' | 'pipelined';
  readonly isCall?: boolean;
}

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

export interface Target {
  readonly protocol: string;
  readonly address: string;
  readonly mark?: 'beforeProcessing' | 'afterProcessing';
  readonly timeToLiveSeconds?: number;
  readonly keyBytes?: number;
  readonly valueBytes?: number;
}

/** See HandlerPlan in schema/deployment.ts. */
export interface Plan {
  readonly node: string;
  readonly work: {
    readonly law: string;
    readonly coefficientOfVariation: number;
    readonly perInvocationMs: number;
    readonly perRecordMs: number;
    readonly errorRatio: number;
  };
  readonly outputs: readonly { readonly emit: Partial<Emit>; readonly targets: readonly Target[] }[];
  readonly inputs?: readonly PolledInput[];
  readonly transform?: { readonly droppedRatio: number; readonly failedRatio: number; readonly sizeFactor: number };
}

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
