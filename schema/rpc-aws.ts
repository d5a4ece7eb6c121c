/**
 * The calls about deployments, as `rpc.ts` has them for the rest. What takes time is a stream that names its operation first,
 * tells what happens, asks what only the user knows, and ends with the result. Whoever stops reading gives up: AWS goes on with
 * what it was told, and `aws.status` follows it again. Credentials never pass here.
 */
import { z } from 'zod';
import { stackNameSchema } from './deployment.ts';
import type { Driven, DriveProgress } from './deployment-drive.ts';
import type { Calibration, Observed } from './deployment-measure.ts';
import type { DeploymentPlan, PlanStep } from './deployment-plan.ts';
import type { DeploymentStatus, Destroyed, FollowEvent, Overview, StackOutcome } from './deployment-state.ts';
import { call, stateId, stream, trusted } from './rpc-table.ts';
import type { PriceRefresh } from './stored-prices.ts';

/** What the user is asked while an operation goes on; `aws.answer` gives the answer, an empty one for "no". */
export type AwsQuestion =
  /** The six digits that the MFA device `serial` shows. */
  | { readonly kind: 'mfa'; readonly serial: string }
  /** The stack's name, `name`, typed by who has read the plan. */
  | { readonly kind: 'deploy'; readonly name: string; readonly plan: DeploymentPlan }
  /** The name of what is to be deleted, `name`, at `place`: account and Region. */
  | { readonly kind: 'delete'; readonly name: string; readonly place: string };

/** What an operation tells. `started` comes first and `done` last; one that fails ends with an error instead. */
export type AwsEvent<Told, Result> =
  | { readonly kind: 'started'; readonly operationId: string }
  | { readonly kind: 'question'; readonly questionId: string; readonly question: AwsQuestion }
  | Told
  | { readonly kind: 'done'; readonly result: Result };

/** What is being done for a plan; `ratio` of the simulation. 0..1. */
export interface PlanningTold {
  readonly kind: 'planning';
  readonly step: PlanStep;
  readonly ratio?: number | undefined;
}

export interface FollowTold {
  readonly kind: 'follow';
  readonly event: FollowEvent;
}

export type DriveTold =
  /** `usd`: spent so far by the estimate. */
  | { readonly kind: 'driving'; readonly progress: DriveProgress & { readonly usd: number } }
  /** Records that have arrived at the sinks. */
  | { readonly kind: 'looking'; readonly arrived: number };

export interface TrialTold {
  readonly kind: 'trial';
  readonly runs: number;
  /** 0..: root of the mean squared relative error of the best so far. */
  readonly error: number;
}

/** `of` is 0 where nothing is counted. */
export interface CountTold {
  readonly kind: 'counted';
  readonly done: number;
  readonly of: number;
}

export type PlanEvent = AwsEvent<PlanningTold, DeploymentPlan>;
/** `outcome` is null where nothing would change. */
export type DeployEvent = AwsEvent<PlanningTold | FollowTold, { readonly outcome: StackOutcome | null }>;
export type OverviewEvent = AwsEvent<never, Overview>;
export type StatusEvent = AwsEvent<FollowTold, DeploymentStatus>;
export type DestroyEvent = AwsEvent<FollowTold, Destroyed>;
export type DestroyGuardEvent = AwsEvent<FollowTold, StackOutcome>;
export type EmptyBucketEvent = AwsEvent<CountTold, { readonly objects: number }>;
export type DriveEvent = AwsEvent<DriveTold, Driven>;
export type ObserveEvent = AwsEvent<never, ObservedRun>;
export type CalibrateEvent = AwsEvent<TrialTold, Calibration>;
export type PricesEvent = AwsEvent<CountTold, PriceRefresh>;

/** What is known before AWS is asked anything. */
export interface AwsSetting {
  /** Profiles of the user's AWS settings. */
  readonly profiles: readonly string[];
  /** Region of the environment; absent where none is set there. */
  readonly region?: string | undefined;
  /** Profile of the environment. */
  readonly profile?: string | undefined;
  /** AWS_ENDPOINT_URL: what stands for AWS, such as an emulator. */
  readonly endpoint?: string | undefined;
  /** A stack name like the document's name. */
  readonly suggestedStackName: string;
}

export interface ObservedRun {
  readonly observed: Observed;
  /** Names the measured run to `run.save` and `aws.calibrate`; null where CloudWatch has nothing yet. */
  readonly runId: string | null;
}

export interface Exported {
  /** File or folder, relative to the start folder. */
  readonly path: string;
}

/** Account and Region. Left out: as the user's AWS settings and the document say. */
const place = z.strictObject({
  region: z.string().min(1).max(64).optional(),
  profile: z.string().min(1).max(256).optional(),
  /** Nothing is sent that could change anything. */
  isReadOnly: z.boolean().default(false),
});
const stackName = stackNameSchema;
const stack = z.strictObject({ place, stackName });
const deployable = stack.extend({
  document: stateId,
  /** Deploy the rest where a part cannot be. */
  allowLeftOut: z.boolean().default(false),
});
const runId = z.string().min(1).max(64);
const moment = z.iso.datetime();
const done = trusted<{ readonly ok: true }>();

export const awsProcedures = {
  setting: call(z.strictObject({ document: stateId.optional() }).default({}), trusted<AwsSetting>()),
  /** Whose account it is, every deployment in it, and what destroyed ones have left. */
  overview: stream(z.strictObject({ place }), trusted<OverviewEvent>()),
  /** What a deployment would do and cost. Leaves nothing behind. */
  plan: stream(deployable, trusted<PlanEvent>()),
  /** Plans, asks for the stack's name, and follows what AWS does. */
  deploy: stream(
    deployable.extend({
      /** When it deletes itself; null for never; left out: as it is, or after eight hours for a new one. */
      expiresAt: moment.nullable().optional(),
      /** Writes over what was changed by hand. */
      acceptsDrift: z.boolean().default(false),
    }),
    trusted<DeployEvent>(),
  ),
  /** `follows`: until CloudFormation has ended what it does; of an operation that has failed, how it did. */
  status: stream(
    stack.extend({ follows: z.boolean().default(false), seeksDrift: z.boolean().default(false) }),
    trusted<StatusEvent>(),
  ),
  /** `keep`: resources to leave behind after a deletion has failed on them. */
  destroy: stream(
    stack.extend({ keep: z.array(z.string().min(1).max(255)).max(500).default([]) }),
    trusted<DestroyEvent>(),
  ),
  /** Deletes the guard stack of a deployment that is gone. */
  destroyGuard: stream(stack, trusted<DestroyGuardEvent>()),
  /** Empties and deletes a bucket that a destroyed deployment has left. */
  emptyBucket: stream(stack.extend({ bucket: z.string().min(3).max(255) }), trusted<EmptyBucketEvent>()),
  /** Sends the document's load, and looks for it at the sinks. `aws.stop` ends it early, with a report. */
  drive: stream(
    stack.extend({
      document: stateId,
      /** Simulated seconds of load, and the second at which it begins. */
      seconds: z.int().min(1).max(31_536_000),
      fromSecond: z.int().min(0).max(31_536_000).default(0),
      /** Simulated seconds for each second of the clock. */
      speed: z.number().positive().max(100_000).default(1),
      recordsPerSecondCap: z.number().positive().max(1e9).optional(),
      totalCap: z.int().positive().max(1e12).optional(),
      /** Estimated US dollars at which driving ends. */
      ceilingUsd: z.number().positive().max(1_000_000).default(1),
      /** How long missing records are waited for at the sinks; 0: they are left alone. */
      waitSeconds: z.number().min(0).max(86_400).default(120),
    }),
    trusted<DriveEvent>(),
  ),
  /** What CloudWatch has measured. `against`: the simulated run to compare with, as `run.start` named it. */
  observe: stream(
    stack.extend({
      document: stateId,
      since: moment,
      /** Now when left out. */
      until: moment.optional(),
      /** Simulated second that `since` stands for. */
      fromSecond: z.number().min(0).max(31_536_000).default(0),
      against: runId.optional(),
    }),
    trusted<ObserveEvent>(),
  ),
  /** Settings with which the simulation comes closest to a measured run, `run`. */
  calibrate: stream(
    z.strictObject({
      document: stateId,
      run: runId,
      seeds: z.int().min(1).max(20).default(2),
      mostRuns: z.int().min(1).max(1000).default(40),
    }),
    trusted<CalibrateEvent>(),
  ),
  /** Reads the prices of a Region from the Price List; bills use them from then on. */
  refreshPrices: stream(z.strictObject({ place, region: z.string().min(1).max(64) }), trusted<PricesEvent>()),
  /** Writes the template, or the CDK project that makes it, into the start folder. */
  export: call(
    z.strictObject({
      document: stateId,
      stackName,
      allowLeftOut: z.boolean().default(false),
      form: z.enum(['json', 'yaml', 'project']),
      path: z.string().min(1).max(4096),
      overwrite: z.boolean().default(false),
    }),
    trusted<Exported>(),
  ),
  /** Answers a question of an operation; empty: no. */
  answer: call(z.strictObject({ questionId: z.string().min(1).max(64), text: z.string().max(256) }), done),
  /** Ends an operation early. What AWS was told to do goes on. */
  stop: call(z.strictObject({ operationId: z.string().min(1).max(64) }), done),
} as const;
