/** The document: one JSON file, `*.caudal.json`. Component settings are validated against the catalogue elsewhere. */
import { z } from 'zod';
import { emitSchema } from './emit.ts';
import { faultSchema } from './faults.ts';
import { objectiveSchema } from './objectives.ts';
import { workloadSchema } from './workload.ts';

export const schemaVersion = 1;
/** Largest documents that are opened. */
export const documentLimits = { nodes: 2000, edges: 8000, bytes: 50 * 1024 * 1024 } as const;

export const idSchema = z.string().regex(/^[a-z0-9-]{1,64}$/, 'lower-case letters, digits and hyphens, at most 64');

export const accountSchema = z.strictObject({
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/)
    .default('us-east-1'),
  /** Local calendar time at which simulated time zero stands. */
  startsAt: z.iso.datetime({ local: true }).default('2026-01-05T00:00:00'),
  timeZone: z.string().min(1).max(64).default('UTC'),
  /** Quota id -> value; AWS's default otherwise. */
  quotas: z.record(z.string().min(1).max(128), z.number().nonnegative()).default({}),
});

const outputSchema = z.strictObject({
  id: idSchema,
  /** Emitting port; may be left out when the component has only one. */
  port: z.string().optional(),
  emit: emitSchema.prefault({}),
});

export const nodeSchema = z.strictObject({
  id: idSchema,
  type: z.string().min(1).max(64),
  label: z.string().max(200).default(''),
  position: z.strictObject({ x: z.number(), y: z.number() }).default({ x: 0, y: 0 }),
  config: z.record(z.string(), z.unknown()).default({}),
  outputs: z.array(outputSchema).max(32).default([]),
});

export const edgeSchema = z.strictObject({
  id: idSchema,
  source: idSchema,
  /** Output named by the user, or the id of a port that emits by itself. */
  output: z.string().min(1).max(64),
  target: idSchema,
  port: z.string().min(1).max(64),
  kind: z.enum(['data', 'call', 'query', 'trigger']).default('data'),
  config: z.record(z.string(), z.unknown()).default({}),
});

const secondsOrText = z
  .number()
  .nonnegative()
  .max(366 * 86_400);

export const runSchema = z.strictObject({
  /** Simulated seconds recorded. */
  horizonSeconds: secondsOrText.min(1).default(86_400),
  /** Simulated seconds before time zero that fill queues and warm functions; not recorded. */
  preRollSeconds: secondsOrText.default(3600),
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .default(1),
  fidelity: z.enum(['auto', 'exact']).default('auto'),
  /** Seconds per point of a series; chosen from the horizon when left out. */
  seriesResolutionSeconds: z.number().positive().max(86_400).optional(),
});

const groupSchema = z.strictObject({
  id: idSchema,
  label: z.string().max(200),
  kind: z.enum(['lane', 'vpc', 'zone', 'group']).default('group'),
  nodes: z.array(idSchema).max(2000),
});

export const documentSchema = z.strictObject({
  $schema: z.string().optional(),
  schemaVersion: z.literal(schemaVersion),
  name: z.string().min(1).max(200),
  description: z.string().max(20_000).default(''),
  account: accountSchema.prefault({}),
  nodes: z.array(nodeSchema).max(documentLimits.nodes),
  edges: z.array(edgeSchema).max(documentLimits.edges).default([]),
  workloads: z.array(workloadSchema).max(200).default([]),
  faults: z.array(faultSchema).max(1000).default([]),
  objectives: z.array(objectiveSchema).max(200).default([]),
  run: runSchema.prefault({}),
  notes: z
    .array(
      z.strictObject({
        id: idSchema,
        text: z.string().max(20_000),
        position: z.strictObject({ x: z.number(), y: z.number() }),
      }),
    )
    .max(500)
    .default([]),
  groups: z.array(groupSchema).max(200).default([]),
});

export type CaudalDocument = z.infer<typeof documentSchema>;
export type DocumentNode = z.infer<typeof nodeSchema>;
export type DocumentEdge = z.infer<typeof edgeSchema>;
export type RunSettings = z.infer<typeof runSchema>;
export type Account = z.infer<typeof accountSchema>;
