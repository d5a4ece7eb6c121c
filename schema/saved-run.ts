/**
 * A run as a file, `*.caudal-run`: one line of JSON that says what it is, then its content, compressed.
 *
 * `{"caudalRun":1, "engineVersion":..., "bytes":..., "sha256":...}\n | gzip of one frame (rpc-frame.ts)`
 *
 * The frame holds a `SavedRun`: plain data as JSON, columns as little-endian typed arrays behind it. Every change of what is
 * saved takes a new number and a migration in `host/saved-runs/migrations.ts`.
 */
import { z } from 'zod';
import type { Evidence, LimitSummary, PatchStep } from './component.ts';
import type { Playback } from './playback.ts';
import type { LatencySummary, NodeLedger, RawResult, RunReport, SeriesData, Told } from './result.ts';

export const savedRunFormat = 2;
export const savedRunEnding = '.caudal-run';
/** Largest files that are opened, and largest content. */
export const savedRunLimits = { bytes: 512 * 1024 * 1024, unpackedBytes: 1024 * 1024 * 1024 } as const;
/** The first line is never longer, bytes. */
export const savedRunHeadBytes = 4096;

/** The format alone: of a file that a newer Caudal wrote nothing else can be relied on. */
export const savedRunFormatSchema = z.object({ caudalRun: z.int().positive() });

const START = '{"caudalRun":';

/** True where the bytes begin as a saved run does, in whatever format. */
export function beginsAsSavedRun(bytes: Uint8Array): boolean {
  return Array.from(START, (letter) => letter.charCodeAt(0)).every((code, index) => bytes[index] === code);
}

/** The first line of the file; `caudalRun` stands first in it. */
export const savedRunHeadSchema = z.strictObject({
  caudalRun: z.literal(savedRunFormat),
  /** Where the numbers are from: simulated here, or measured on AWS. */
  origin: z.enum(['simulated', 'measured']),
  /** Of the Caudal that made the numbers. */
  engineVersion: z.string().min(1).max(64),
  /** Newest date among the prices of the bill, ISO. */
  ratesDate: z.string().max(32),
  /** ISO date and time. */
  savedAt: z.iso.datetime(),
  /** Of the compressed content. */
  bytes: z.int().positive(),
  unpackedBytes: z.int().positive(),
  /** Of the compressed content, in hexadecimal. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

export type SavedRunHead = z.infer<typeof savedRunHeadSchema>;

const count = z.number();
const text = z.string();
const params = z.record(text, z.union([text, z.number()]));
const floats = z.custom<Float64Array>((value) => value instanceof Float64Array);

const totals = {
  carriedIn: count,
  created: count,
  copied: count,
  replayed: count,
  emitted: count,
  delivered: count,
  filtered: count,
  absorbed: count,
  dropped: count,
  deadLettered: count,
  expired: count,
  inside: count,
} as const;

const nodeLedger = z.strictObject({ ...totals, in: count, out: count }) satisfies z.ZodType<NodeLedger>;

const latency = z.strictObject({
  mean: count,
  p50: count,
  p90: count,
  p95: count,
  p99: count,
  p999: count,
  max: count,
}) satisfies z.ZodType<LatencySummary>;

const seriesSchema = z.strictObject({
  metric: text,
  unit: text,
  startSeconds: count,
  stepSeconds: z.number().positive(),
  values: floats,
  maxima: floats.exactOptional(),
}) satisfies z.ZodType<SeriesData>;

const nodeSchema = z.strictObject({
  type: text,
  ledger: nodeLedger,
  duplicatesDelivered: count.exactOptional(),
  metrics: z.record(
    text,
    z.strictObject({
      unit: text,
      sum: count.exactOptional(),
      mean: count,
      max: count,
      p50: count.exactOptional(),
      p99: count.exactOptional(),
    }),
  ),
  series: z.array(seriesSchema),
});

const limitSchema = z.strictObject({
  id: text,
  node: text.nullable(),
  name: text,
  unit: text,
  capacity: count,
  peakRatio: count,
  refused: count,
  waiting: count,
  source: text,
  raisable: z.boolean(),
  firstRefusedAt: count.exactOptional(),
  lastRefusedAt: count.exactOptional(),
}) satisfies z.ZodType<LimitSummary>;

const evidenceSchema = z.strictObject({
  series: text.exactOptional(),
  limit: text.exactOptional(),
  t0: count,
  t1: count,
  value: count,
}) satisfies z.ZodType<Evidence>;

const told = z.strictObject({ code: text, params }) satisfies z.ZodType<Told>;

const patchStep = z.strictObject({ path: text, from: z.unknown(), to: z.unknown() }) satisfies z.ZodType<PatchStep>;

const costSchema = z.strictObject({
  currency: z.literal('USD'),
  run: count,
  perMonth: count,
  lines: z.array(
    z.strictObject({
      node: text,
      dimension: text,
      quantity: count,
      unit: text,
      usdRun: count,
      usdPerMonth: count,
      rateId: text,
      rateDate: text,
      confidence: text,
    }),
  ),
});

const logEntry = z.strictObject({
  t: count,
  node: text.nullable(),
  level: z.enum(['info', 'warning', 'error']),
  code: text,
  params,
  text,
});

const savedReportSchema = z.strictObject({
  scenario: text,
  seed: count,
  horizonSeconds: z.number().positive(),
  preRollSeconds: count,
  fidelity: z.strictObject({ mode: z.enum(['auto', 'exact']), quantumSeconds: count, warnings: z.array(text) }),
  ledger: z.strictObject({
    ...totals,
    droppedBy: z.record(text, count),
    duplicates: z.strictObject({ made: count, delivered: count, removed: count, inside: count }),
  }),
  nodes: z.record(text, nodeSchema),
  edges: z.record(
    text,
    z.strictObject({
      records: count,
      units: count,
      requests: count,
      bytes: count,
      retried: count,
      refused: count,
      dropped: count,
    }),
  ),
  paths: z.array(z.strictObject({ source: text, sink: text, count, latencySeconds: latency })),
  digest: text,
  measurement: z.strictObject({ wallSeconds: count, events: count, eventsPerSecond: count, peakRssBytes: count }),
  cost: costSchema,
  limits: z.array(limitSchema),
  bottlenecks: z.array(
    z.strictObject({
      t0: count,
      t1: count,
      node: text,
      limit: text,
      text,
      cause: told.exactOptional(),
      remedies: z.array(told).exactOptional(),
    }),
  ),
  advice: z.array(
    z.strictObject({
      code: text,
      severity: z.enum(['info', 'warning', 'critical']),
      node: text,
      text,
      params,
      evidence: z.array(evidenceSchema),
      patch: z.array(patchStep),
    }),
  ),
  assumptions: z.array(
    z.strictObject({ path: text, value: z.unknown(), kind: z.enum(['measured', 'guess']), source: text }),
  ),
  objectives: z.array(
    z.strictObject({
      id: text,
      unit: text,
      measured: count.nullable(),
      target: count,
      pass: z.boolean(),
      margin: count.nullable(),
    }),
  ),
  log: z.array(logEntry),
}) satisfies z.ZodType<RunReport>;

const playbackSchema = z.strictObject({
  binSeconds: z.number().positive(),
  fromBin: z.int().nonnegative(),
  bins: z.int().nonnegative(),
  limitCount: z.int().nonnegative(),
  values: z.custom<Float32Array>((value) => value instanceof Float32Array),
}) satisfies z.ZodType<Playback>;

/** The content of the file. */
export interface SavedRun {
  /** The design that was run, complete, with the counts of its traces. Checked against the catalogue when it is opened. */
  readonly document: Readonly<Record<string, unknown>>;
  readonly report: RunReport;
  readonly playback: Playback;
  /** What was counted for the bill, by node or connection. */
  readonly usage: RawResult['usage'];
}

export const savedRunSchema = z.strictObject({
  document: z.record(text, z.unknown()),
  report: savedReportSchema,
  playback: playbackSchema,
  usage: z.record(text, z.record(text, count)),
}) satisfies z.ZodType<SavedRun>;
