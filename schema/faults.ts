/** Timed faults that a user places on the timeline. */
import { z } from 'zod';
import { field } from './field.ts';

function input<T extends z.ZodType>(schema: T, label: string, unit: string, help: string): T {
  return field(schema, { label, unit, help, kind: 'choice', affects: ['behavior'] });
}

const share = (label: string, help: string) => input(z.number().min(0).max(1), label, 'ratio', help);

const when = {
  id: z.string().regex(/^[a-z0-9-]{1,64}$/),
  /** Node that the fault hits. */
  node: z.string().min(1).max(64),
  startSeconds: input(
    z
      .number()
      .min(-366 * 86_400)
      .max(366 * 86_400),
    'Begins after',
    's',
    'Seconds after time zero; below 0 in the pre-roll.',
  ),
  durationSeconds: input(
    z
      .number()
      .positive()
      .max(366 * 86_400),
    'Lasts',
    's',
    'Seconds for which the fault holds.',
  ),
};

/**
 * - `outage`: every request to the node fails at once.
 * - `errorRate`: a share of invocations, or of records, fails.
 * - `latencyFactor`: service times and call latencies are multiplied.
 * - `throttling`: a share of the node's capacity remains.
 * - `trafficSpike`: arrivals of the node's workloads are multiplied.
 * - `hotKey`: a share of the records of the node's workloads takes one key.
 * - `poisonRecord`: that many records, spread evenly over the window, fail whatever processes them.
 * - `duplicates`: a share of the records is stored twice (a put that timed out after it had succeeded).
 */
export const faultSchema = z.discriminatedUnion('kind', [
  z.strictObject({ ...when, kind: z.literal('outage') }),
  z.strictObject({
    ...when,
    kind: z.literal('errorRate'),
    ratio: share('Share that fails', 'Share of the invocations, or of the records, that fail.'),
    per: input(
      z.enum(['invocation', 'record']).default('invocation'),
      'Counted per',
      '',
      'Whether the share is of invocations (a whole batch fails) or of records.',
    ),
  }),
  z.strictObject({
    ...when,
    kind: z.literal('latencyFactor'),
    factor: input(
      z.number().positive().max(1e6),
      'Times as slow',
      'ratio',
      'Multiplies service times and call latencies.',
    ),
  }),
  z.strictObject({
    ...when,
    kind: z.literal('throttling'),
    capacityRatio: share('Capacity that remains', 'Share of the capacity of the node that remains.'),
  }),
  z.strictObject({
    ...when,
    kind: z.literal('trafficSpike'),
    factor: input(
      z.number().min(0).max(1000),
      'Times the load',
      'ratio',
      'Multiplies the arrivals of the workloads of the node.',
    ),
  }),
  z.strictObject({
    ...when,
    kind: z.literal('hotKey'),
    shareRatio: share('Share of the hot key', 'Share of the records of the workloads of the node that take one key.'),
  }),
  z.strictObject({
    ...when,
    kind: z.literal('poisonRecord'),
    count: input(
      z.int().min(1).max(1_000_000),
      'Poison records',
      'records',
      'Records, spread evenly over the window, that fail whatever processes them.',
    ),
  }),
  z.strictObject({
    ...when,
    kind: z.literal('duplicates'),
    ratio: share(
      'Share stored twice',
      'Share of the records whose put times out after it has succeeded, and is repeated.',
    ),
  }),
]);

export type FaultSpec = z.infer<typeof faultSchema>;
export type FaultKind = FaultSpec['kind'];
