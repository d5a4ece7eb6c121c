/** Timed faults that a user places on the timeline. */
import { z } from 'zod';

const when = {
  id: z.string().regex(/^[a-z0-9-]{1,64}$/),
  /** Node that the fault hits. */
  node: z.string().min(1).max(64),
  /** Seconds after time zero. */
  startSeconds: z
    .number()
    .min(-366 * 86_400)
    .max(366 * 86_400),
  durationSeconds: z
    .number()
    .positive()
    .max(366 * 86_400),
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
    ratio: z.number().min(0).max(1),
    per: z.enum(['invocation', 'record']).default('invocation'),
  }),
  z.strictObject({ ...when, kind: z.literal('latencyFactor'), factor: z.number().positive().max(1e6) }),
  z.strictObject({ ...when, kind: z.literal('throttling'), capacityRatio: z.number().min(0).max(1) }),
  z.strictObject({ ...when, kind: z.literal('trafficSpike'), factor: z.number().min(0).max(1000) }),
  z.strictObject({ ...when, kind: z.literal('hotKey'), shareRatio: z.number().min(0).max(1) }),
  z.strictObject({ ...when, kind: z.literal('poisonRecord'), count: z.int().min(1).max(1_000_000) }),
  z.strictObject({ ...when, kind: z.literal('duplicates'), ratio: z.number().min(0).max(1) }),
]);

export type FaultSpec = z.infer<typeof faultSchema>;
export type FaultKind = FaultSpec['kind'];
