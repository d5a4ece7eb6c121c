/** Service-level objectives: what a design must reach. */
import { z } from 'zod';

const base = { id: z.string().regex(/^[a-z0-9-]{1,64}$/), label: z.string().max(200).default('') };

export const objectiveSchema = z.discriminatedUnion('kind', [
  /** Event time to arrival at a node, over all sources, at a quantile. Unit: seconds. */
  z.strictObject({
    ...base,
    kind: z.literal('latency'),
    node: z.string().min(1),
    quantile: z.union([z.literal(0.5), z.literal(0.95), z.literal(0.99), z.literal(0.999)]),
    maxSeconds: z.number().positive(),
  }),
  /** Records lost (dropped, expired or dead-lettered) per record created. */
  z.strictObject({ ...base, kind: z.literal('loss'), maxRatio: z.number().min(0).max(1) }),
  /** Duplicates delivered per record delivered, at a node or anywhere. */
  z.strictObject({
    ...base,
    kind: z.literal('duplicates'),
    node: z.string().optional(),
    maxRatio: z.number().min(0).max(1),
  }),
  /** Largest value of a metric of a node, in the metric's own unit. */
  z.strictObject({
    ...base,
    kind: z.literal('metric'),
    node: z.string().min(1),
    metric: z.string().min(1),
    max: z.number(),
  }),
  /** Cost of a month at this workload, in USD. */
  z.strictObject({ ...base, kind: z.literal('monthlyCost'), maxUsd: z.number().nonnegative() }),
]);

export type Objective = z.infer<typeof objectiveSchema>;
