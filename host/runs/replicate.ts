/** Replications of a design on a local pool of threads. */
import { stableJson } from '#analysis/stable-json.ts';
import * as catalog from '#catalog/specs.ts';
import { type ReplicatedReport, replicate } from '#experiments/replications.ts';
import { localPool } from '#experiments/run-pool.ts';
import { ratesOf } from '#host/prices/stored-prices.ts';
import type { CaudalDocument } from '#schema/document.ts';
import { EnvironmentError } from '#schema/errors.ts';
import { runOptionsOf, sha256 } from './run-service.ts';

export interface ReplicationSettings {
  readonly replications: number;
  /** Threads; one for each core when left out, never more than there are replications. */
  readonly workers?: number;
  readonly onDone?: (done: number) => void;
  readonly signal?: AbortSignal;
}

/** Runs seed, seed + 1, ... of a valid, complete document with its traces inlined. */
export async function runReplications(
  document: CaudalDocument,
  { replications, workers, onDone, signal }: ReplicationSettings,
): Promise<ReplicatedReport> {
  const pool = localPool(workers, replications);
  const cancel = (): void => pool.cancel();
  signal?.addEventListener('abort', cancel);
  try {
    const report = await replicate({
      document,
      options: runOptionsOf(document),
      replications,
      catalog,
      rates: await ratesOf(document.account.region),
      pool,
      ...(onDone === undefined ? {} : { onDone }),
    });
    if (signal?.aborted) throw new EnvironmentError('run/cancelled', 'the replications were cancelled');
    const { measurement: _, ...rest } = report;
    return { ...report, digest: sha256(stableJson(rest)) };
  } finally {
    signal?.removeEventListener('abort', cancel);
    await pool.close();
  }
}

export type { ReplicatedReport };
export type { Stat } from '#experiments/statistics.ts';
