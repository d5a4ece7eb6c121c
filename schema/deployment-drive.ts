/** What driving a deployed stack tells while it goes on and at its end. */
import type { ProtocolId } from './protocols.ts';

export interface DriveProgress {
  readonly second: number;
  readonly seconds: number;
  readonly sent: number;
  readonly failed: number;
  /** Seconds of the clock since the first record. */
  readonly wallSeconds: number;
  /** How far the load is behind its own schedule, milliseconds of the clock. */
  readonly behindMs: number;
}

export interface DriveReport {
  readonly startedAt: string;
  readonly ended: 'complete' | 'stopped' | 'capped' | 'limited' | 'failed';
  /** Why, where it was limited or failed. */
  readonly reason?: string;
  /** Seconds of the clock. */
  readonly wallSeconds: number;
  /** Of these, seconds for which the machine slept: all that came after came later by them. */
  readonly sleptSeconds: number;
  readonly targets: readonly TargetReport[];
}

export interface TargetReport {
  readonly node: string;
  readonly protocol: ProtocolId;
  /** Records that the target took. */
  readonly sent: number;
  readonly messages: number;
  readonly calls: number;
  /** Messages sent again because the target refused them, by the service's error code. */
  readonly retriedBy: Readonly<Record<string, number>>;
  /** Records given up after the last attempt. */
  readonly failed: number;
  /** Calls whose answer was lost: their messages were sent again and may be there twice. */
  readonly uncertainCalls: number;
  /** Records of these calls. */
  readonly uncertainRecords: number;
  readonly callLatencyMs: { readonly mean: number; readonly p50: number; readonly p99: number; readonly max: number };
}

export interface SinkReport {
  readonly node: string;
  readonly address: string;
  /** Why nothing is known of it. */
  readonly unreachable?: string;
  /** Objects or messages. */
  readonly units: number;
  readonly records: number;
  readonly distinct: number;
  /** Records that came more than once, each counted once; and of these, those that a call without an answer does not explain. */
  readonly doubled: number;
  readonly doubledUnexplained: number;
  /** Of what was sent and is to come here; null where not all of it is to. */
  readonly missing: number | null;
  /** Lines that hold no record that was sent: of others, or of an earlier drive. */
  readonly foreign: number;
  /** From the event to its arrival; null where nothing came. */
  readonly latencyMs: {
    readonly mean: number;
    readonly p50: number;
    readonly p99: number;
    readonly max: number;
  } | null;
  /** Arrivals before their event: this machine's clock is ahead of AWS's by at least this. 0 where none is seen. */
  readonly clockAheadMs: number;
}

export interface Driven {
  readonly stackName: string;
  readonly region: string;
  readonly fromSecond: number;
  readonly drive: DriveReport;
  /** What was spent by the estimate, US dollars. */
  readonly estimatedUsd: number;
  readonly sinks: readonly SinkReport[];
}
