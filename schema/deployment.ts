/** Shapes of a deployment that cross a process: what the CDK child is asked, what it answers, what deployed code is told. */
import { z } from 'zod';
import { documentSchema, idSchema } from './document.ts';
import type { emitSchema } from './emit.ts';
import type { ProtocolId } from './protocols.ts';

/** Names that CloudFormation takes for a stack. https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html (read 2026-11-21) */
export const stackNameSchema = z
  .string()
  .regex(/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/, 'letters, digits and hyphens, beginning with a letter, at most 128');

/** Tags that every resource of a deployment carries, and by which a later session finds it again. */
export const deploymentTags = {
  document: 'caudal:document',
  version: 'caudal:version',
  expiry: 'caudal:expires-at',
  node: 'caudal:node',
} as const;

/** What the CDK child is asked: a whole, valid document and what to call its stack. */
export const synthRequestSchema = z.strictObject({
  document: documentSchema,
  stackName: stackNameSchema,
  /** Version of Caudal that makes the template. */
  version: z.string(),
  /** When the deployment is to be deleted, ISO 8601 in UTC; left out of templates that are only looked at. */
  expiresAt: z.iso.datetime().optional(),
});
export type SynthRequest = Readonly<z.infer<typeof synthRequestSchema>>;

/** A node or an edge that the template leaves out, and why. */
export const leftOutSchema = z.strictObject({
  kind: z.enum(['node', 'edge']),
  id: idSchema,
  /** Component type of a node. */
  type: z.string().optional(),
  reason: z.string(),
});
export type LeftOut = Readonly<z.infer<typeof leftOutSchema>>;

/** Where records can be put in, or looked for, once the stack exists: the value is an output of the stack. */
export const accessPointSchema = z.strictObject({
  node: idSchema,
  port: z.string(),
  protocol: z.string(),
  /** Key of the stack output that holds the address (queue URL, stream name, topic ARN, ...). */
  outputKey: z.string(),
});
export type AccessPoint = Readonly<z.infer<typeof accessPointSchema>>;

/** What a template says about the document that it was made of. */
export const deployedPartsSchema = z.strictObject({
  accessPoints: z.array(accessPointSchema),
  /** Digest of the settings of each deployed node and edge, by id. */
  digests: z.record(z.string(), z.string()),
});
export type DeployedParts = Readonly<z.infer<typeof deployedPartsSchema>>;

export const synthResultSchema = z.strictObject({
  /** The CloudFormation template. */
  template: z.record(z.string(), z.unknown()),
  /** Logical ids of the resources of each node and each edge with resources of its own, by document id. */
  resources: z.record(z.string(), z.array(z.string())),
  leftOut: z.array(leftOutSchema),
  /** What the deployed resources do otherwise than the simulated ones, by node. */
  notes: z.array(z.strictObject({ node: idSchema, text: z.string() })),
  accessPoints: z.array(accessPointSchema),
});
export type SynthResult = Readonly<z.infer<typeof synthResultSchema>>;

/** One target of an output or a call of deployed code. `address` is resolved by CloudFormation. */
export interface HandlerTarget {
  readonly protocol: ProtocolId;
  readonly address: string;
  /** A cache that removes duplicates: when a record is marked, for how long, and how large key and value are. */
  readonly mark?: 'beforeProcessing' | 'afterProcessing';
  readonly timeToLiveSeconds?: number;
  readonly keyBytes?: number;
  readonly valueBytes?: number;
}

/** A queue or a stream that deployed code polls by itself. */
export interface HandlerInput {
  readonly protocol: ProtocolId;
  readonly address: string;
  /** Most messages or records of one read. */
  readonly maxEntries: number;
  /** Long poll, seconds; wait between two reads of a shard, milliseconds. */
  readonly waitSeconds: number;
  readonly idleMs: number;
  /** Reads that one task makes at the same time of a queue. */
  readonly readers: number;
  /** Attempts for a batch of a stream before it is skipped, and the wait between them, milliseconds. */
  readonly maxAttempts: number;
  readonly backoffMs: number;
}

/** What a function that answers a delivery stream does with its records. Ratios 0..1. */
export interface TransformShares {
  readonly droppedRatio: number;
  readonly failedRatio: number;
  /** Bytes out for each byte in. */
  readonly sizeFactor: number;
}

/** What a deployed handler reads from its environment (variable `CAUDAL_PLAN`, JSON). Times in milliseconds. */
export interface HandlerPlan {
  readonly node: string;
  readonly work: {
    readonly law: string;
    readonly coefficientOfVariation: number;
    /** Mean times at the memory of the function. */
    readonly perInvocationMs: number;
    readonly perRecordMs: number;
    /** Share of the invocations that fail. 0..1. */
    readonly errorRatio: number;
  };
  readonly outputs: readonly {
    readonly emit: HandlerEmit;
    readonly targets: readonly HandlerTarget[];
  }[];
  /** Of a container: what it polls. A function is handed its batches. */
  readonly inputs?: readonly HandlerInput[];
  readonly transform?: TransformShares;
}

/** Settings of an output that deployed code goes by. */
export const handlerEmitFields = [
  'per',
  'selectivity',
  'weight',
  'sizeFactor',
  'recordsPerMessage',
  'batchSize',
  'key',
  'maxAttempts',
  'retryBaseMs',
  'retryMaxMs',
  'onExhausted',
  'order',
] as const;

/** The settings of an output that deployed code is told: those that are not the defaults. */
export type HandlerEmit = Partial<Pick<z.infer<typeof emitSchema>, (typeof handlerEmitFields)[number]>> & {
  readonly isCall?: boolean;
};

export const childReplySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('done'), result: synthResultSchema }),
  z.strictObject({ kind: z.literal('failed'), error: z.unknown() }),
]);
export type ChildReply = Readonly<z.infer<typeof childReplySchema>>;
