/** Service-level objectives: what a design must reach. */
import { z } from 'zod';
import { field } from './field.ts';

function input<T extends z.ZodType>(schema: T, label: string, unit: string, help: string): T {
  return field(schema, { label, unit, help, kind: 'choice', affects: ['behavior'] });
}

const base = {
  id: z.string().regex(/^[a-z0-9-]{1,64}$/),
  label: input(z.string().max(200).default(''), 'In words', '', 'What is promised, as a report says it.'),
};

const mostRatio = (help: string) => input(z.number().min(0).max(1), 'At most', 'ratio', help);

export const objectiveSchema = z.discriminatedUnion('kind', [
  /** Event time to arrival at a node, over all sources, at a quantile. Unit: seconds. */
  z.strictObject({
    ...base,
    kind: z.literal('latency'),
    node: z.string().min(1),
    quantile: input(
      z.union([z.literal(0.5), z.literal(0.95), z.literal(0.99), z.literal(0.999)]),
      'Quantile',
      '',
      'Share of the records that must arrive in time: 0.99 for p99.',
    ),
    maxSeconds: input(z.number().positive(), 'At most', 's', 'Time from the event to its arrival at the node.'),
  }),
  /** Records lost (dropped, expired or dead-lettered) per record created. */
  z.strictObject({
    ...base,
    kind: z.literal('loss'),
    maxRatio: mostRatio('Records dropped, expired or dead-lettered, per record created.'),
  }),
  /** Duplicates delivered per record delivered, at a node or anywhere. */
  z.strictObject({
    ...base,
    kind: z.literal('duplicates'),
    node: z.string().optional(),
    maxRatio: mostRatio('Duplicates delivered, per record delivered.'),
  }),
  /** Largest value of a metric of a node, in the metric's own unit. */
  z.strictObject({
    ...base,
    kind: z.literal('metric'),
    node: z.string().min(1),
    metric: z.string().min(1),
    max: input(z.number(), 'At most', '', 'Largest value of the metric, in its own unit.'),
  }),
  /** Cost of a month at this workload, in USD. */
  z.strictObject({
    ...base,
    kind: z.literal('monthlyCost'),
    maxUsd: input(z.number().nonnegative(), 'At most', 'USD/month', 'Cost of a month at this workload.'),
  }),
]);

export type Objective = z.infer<typeof objectiveSchema>;
