/** What crosses the boundary of a simulation worker. */
import type { CaudalDocument } from './document.ts';
import type { SerializedError } from './errors.ts';
import type { Playback } from './playback.ts';
import type { Measurement, RawResult } from './result.ts';

export interface RunOptions {
  readonly seed: number;
  readonly horizonSeconds: number;
  readonly preRollSeconds: number;
  readonly fidelity: 'auto' | 'exact';
  /** Multiplies every quantum and slice of the aggregation; 1 when left out. */
  readonly quantumFactor?: number;
}

/** A request to run; the document is validated and complete (defaults filled, traces inlined). */
export interface RunRequest {
  readonly document: CaudalDocument;
  readonly options: RunOptions;
  /** One Int32: see `control`. */
  readonly control: SharedArrayBuffer;
  /** Whether partial results are wanted while the run goes on: they take a share of its time. False when left out. */
  readonly wantsPartials?: boolean;
}

/** Values of the control word. */
export const control = { run: 0, pause: 1, cancel: 2 } as const;

/** One limit's columns, for `explain`: value i covers `[i * binSeconds, + binSeconds)`. */
export interface LimitColumns {
  readonly id: string;
  readonly node: string | null;
  readonly binSeconds: number;
  /** Share of capacity used, per bin. */
  readonly ratios: Float64Array;
  /** Mean share of capacity used, per bin, where it was kept. */
  readonly means?: Float64Array;
  /** Units refused, per bin. */
  readonly refusals: Float64Array;
}

export interface RunOutput {
  readonly result: RawResult;
  readonly limitColumns: readonly LimitColumns[];
  readonly playback: Playback;
  readonly measurement: Measurement;
}

/** A point of progress. */
export interface RunProgress {
  readonly kind: 'progress';
  /** Simulated seconds reached; negative during the pre-roll. */
  readonly simulatedSeconds: number;
  readonly horizonSeconds: number;
  readonly events: number;
  readonly wallSeconds: number;
}

/** Series and limits as far as the run has come. */
export interface RunPartial {
  readonly kind: 'partial';
  readonly simulatedSeconds: number;
  readonly result: RawResult;
  readonly playback: Playback;
}

export type WorkerMessage =
  | RunProgress
  | RunPartial
  | { readonly kind: 'done'; readonly output: RunOutput }
  | { readonly kind: 'failed'; readonly error: SerializedError };
