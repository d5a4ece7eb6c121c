/** Shapes of what happens to a deployment: steps while CloudFormation works, what came of them, what is left. */
import { z } from 'zod';
import { idSchema } from './document.ts';

/** One change of one resource, or of the stack itself, as CloudFormation tells it. */
export const stackStepSchema = z.strictObject({
  /** CloudFormation's id of the event. */
  id: z.string(),
  /** ISO 8601, UTC. */
  at: z.string(),
  logicalId: z.string(),
  physicalId: z.string().optional(),
  /** Resource type such as `AWS::SQS::Queue`. */
  type: z.string(),
  /** Node or edge of the document that the resource belongs to; absent for what several share and for the stack itself. */
  owner: idSchema.optional(),
  /** CloudFormation's own status, such as `CREATE_IN_PROGRESS`. */
  status: z.string(),
  /** CloudFormation's own words about it. */
  reason: z.string().optional(),
  /** Whether this is about the stack as a whole. */
  isStack: z.boolean(),
});
export type StackStep = Readonly<z.infer<typeof stackStepSchema>>;

/** What those who follow a deployment are told. */
export const followEventSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('step'), step: stackStepSchema }),
  /** AWS does not answer; CloudFormation goes on without us. */
  z.strictObject({ kind: z.literal('unreachable'), text: z.string() }),
  z.strictObject({ kind: z.literal('reachable'), text: z.string() }),
  /** The machine slept, or its clock was set. */
  z.strictObject({ kind: z.literal('woke'), seconds: z.number(), text: z.string() }),
]);
export type FollowEvent = Readonly<z.infer<typeof followEventSchema>>;

/** A resource that could not be made, changed or removed. */
export const stackFailureSchema = z.strictObject({
  logicalId: z.string(),
  type: z.string(),
  owner: idSchema.optional(),
  /** AWS's own words. */
  reason: z.string(),
  /** What it means. */
  text: z.string(),
  /** What to do. */
  remedy: z.string(),
});
export type StackFailure = Readonly<z.infer<typeof stackFailureSchema>>;

/** A resource that an update made anew; the old one is gone, and what was in it too. */
export const replacedSchema = z.strictObject({
  logicalId: z.string(),
  type: z.string(),
  owner: idSchema.optional(),
  from: z.string(),
  to: z.string(),
});
export type Replaced = Readonly<z.infer<typeof replacedSchema>>;

/** A resource that is there after a deletion. */
export const remainingSchema = z.strictObject({
  logicalId: z.string(),
  physicalId: z.string(),
  type: z.string(),
  owner: idSchema.optional(),
  /** `kept`: the template says so; `failed`: it could not be deleted. */
  why: z.enum(['kept', 'failed']),
});
export type Remaining = Readonly<z.infer<typeof remainingSchema>>;

/** How an operation on a stack ended. */
export const stackOutcomeSchema = z.strictObject({
  stackName: z.string(),
  stackId: z.string(),
  /** CloudFormation's own status of the stack. */
  status: z.string(),
  /** `rolled-back`: it failed and all is as before. `failed`: neither as before nor as wanted. */
  kind: z.enum(['done', 'rolled-back', 'failed']),
  /** The status in words. */
  text: z.string(),
  /** What to do about it; absent when there is nothing to do. */
  remedy: z.string().optional(),
  /** Causes first in time; those that were only stopped because of another are left out. */
  failures: z.array(stackFailureSchema),
  outputs: z.record(z.string(), z.string()),
  replaced: z.array(replacedSchema),
  /** After a deletion: what is still there. */
  remaining: z.array(remainingSchema),
});
export type StackOutcome = Readonly<z.infer<typeof stackOutcomeSchema>>;

/** A bucket that outlived its stack. */
export const keptBucketSchema = z.strictObject({
  bucket: z.string(),
  stackName: z.string(),
  owner: idSchema.optional(),
  objects: z.int(),
  bytes: z.number(),
  /** Counting stopped: there are at least so many. */
  isAtLeast: z.boolean(),
  /** What its storage costs a month at Standard rates; absent where no rate of the Region is known. */
  usdPerMonth: z.number().optional(),
  /** Date of the rate, or absent with it. */
  ratesDate: z.string().optional(),
  /** Command that empties and removes it. */
  command: z.string(),
});
export type KeptBucket = Readonly<z.infer<typeof keptBucketSchema>>;

/** A resource that is otherwise than the template says. */
export const driftedResourceSchema = z.strictObject({
  logicalId: z.string(),
  type: z.string(),
  owner: idSchema.optional(),
  status: z.enum(['MODIFIED', 'DELETED']),
  /** What differs, by property path. */
  differences: z.array(z.strictObject({ path: z.string(), expected: z.string(), actual: z.string() })),
});
export type DriftedResource = Readonly<z.infer<typeof driftedResourceSchema>>;

export const driftSchema = z.strictObject({
  kind: z.enum(['in-sync', 'drifted', 'unknown']),
  /** ISO 8601, UTC. */
  checkedAt: z.string(),
  text: z.string(),
  resources: z.array(driftedResourceSchema),
});
export type Drift = Readonly<z.infer<typeof driftSchema>>;

/** A resource of a stack as it is now. */
export const stackResourceSchema = z.strictObject({
  logicalId: z.string(),
  physicalId: z.string(),
  type: z.string(),
  owner: idSchema.optional(),
  status: z.string(),
  reason: z.string().optional(),
});
export type StackResourceView = Readonly<z.infer<typeof stackResourceSchema>>;

/** A deployment as CloudFormation and its tags tell of it. */
export const deploymentViewSchema = z.strictObject({
  stackName: z.string(),
  stackId: z.string(),
  /** Name of the document, by its tag. */
  document: z.string(),
  /** Version of Caudal that deployed it, by its tag. */
  version: z.string(),
  /** When it is to be deleted, by its tag. ISO 8601, UTC. */
  expiresAt: z.string().optional(),
  createdAt: z.string(),
  status: z.string(),
  text: z.string(),
  remedy: z.string().optional(),
  /** CloudFormation is at work: follow it. */
  isChanging: z.boolean(),
  outputs: z.record(z.string(), z.string()),
});
export type DeploymentView = Readonly<z.infer<typeof deploymentViewSchema>>;

/** Every deployment of the account in one Region, and the buckets that destroyed ones have left. */
export interface Overview {
  readonly account: { readonly alias: string | null; readonly lastDigits: string };
  /** Address that stands for AWS; null for AWS itself. */
  readonly endpoint: string | null;
  readonly region: string;
  readonly deployments: readonly DeploymentView[];
  readonly buckets: readonly KeptBucket[];
}

export interface DeploymentStatus {
  readonly deployment: DeploymentView;
  readonly resources: readonly StackResourceView[];
  readonly drift: Drift | null;
  /** How the operation that was followed has ended. */
  readonly outcome: StackOutcome | null;
}

export interface Destroyed extends StackOutcome {
  /** Buckets that are kept, with what they cost. */
  readonly buckets: readonly KeptBucket[];
  /** The guard stack, where it is still there: it costs nothing but what little its bucket holds. */
  readonly guard: { readonly stackName: string; readonly command: string } | null;
}
