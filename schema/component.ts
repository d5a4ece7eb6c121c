/** What a component or a connection declares about itself. Shared code reads these and never a type name. */
import type { z } from 'zod';
import type { Fault } from './errors.ts';
import type { FieldMeta, Source } from './field.ts';
import type { EdgeKind, ProtocolId } from './protocols.ts';
import type { PriceLine } from './pricing.ts';

/** A place on a node where an edge may begin or end. */
export interface Port {
  readonly id: string;
  readonly label: string;
  readonly direction: 'in' | 'out';
  readonly kind: EdgeKind;
  /** Protocols the port speaks; a link needs one that both ends speak. */
  readonly protocols: readonly ProtocolId[];
  /** What moves here, in AWS's word: record, message, event, request. */
  readonly entity: string;
  /** Edges the port needs at least and takes at most. */
  readonly min: number;
  readonly max: number;
  /** The user names outputs on this port; each carries an emit block. */
  readonly emits?: boolean;
  /** A workload may be attached to the node; its records leave here. */
  readonly load?: boolean;
  /** Records accepted here rest in a dead-letter queue. */
  readonly deadLetter?: boolean;
  /** Records leave here only when work on them has failed: such an edge adds no gain to a cycle. */
  readonly onFailure?: boolean;
}

/** What a billable quantity grows with, for the month's projection. */
export type ScalesWith = 'time' | 'load' | 'stored' | 'perCycle';

/** What CloudWatch has measured of one deployed node over a time. */
export interface MeasuredTotals {
  readonly hours: number;
  /** Sum of a counter, by its metric's name; 0 where CloudWatch has no point of it. */
  sum(metric: string): number;
  /**
   * All that a sample came to, where another metric counts its samples: means of the points times counts of the points. Not a
   * number where a point has a count and no mean.
   */
  total(sample: string, counter: string): number;
}

/** How a billable quantity follows from what CloudWatch measures of a deployed node. */
export interface UsageMeasurement {
  /** `settings`: nothing is measured, the settings of what is deployed fix it. */
  readonly by: 'metrics' | 'settings';
  /** Metrics that are asked for beyond those that are simulated. */
  readonly metrics?: readonly MetricDeclaration[];
  /** Undefined where the settings leave it unknown: `unknown` says why. Not a number where points are missing. */
  readonly quantity: (seen: MeasuredTotals, config: never) => number | undefined;
  readonly unknown?: string;
  /** How it may differ from the bill. */
  readonly approximates?: string;
}

/** One billable quantity counted by a behaviour. */
export interface UsageDeclaration {
  readonly id: string;
  readonly label: string;
  readonly unit: string;
  readonly scalesWith: ScalesWith;
  /** How it is told of a deployed node: a sentence says why it cannot be. */
  readonly measured: UsageMeasurement | string;
}

/** What a run counted, by usage id, with the horizon it was counted over. */
export interface UsageTotals {
  readonly quantities: Readonly<Record<string, number>>;
  readonly horizonHours: number;
}

/** One CloudWatch dimension of a deployed node's metrics, and where its value is found in the stack. */
export interface MetricDimension {
  readonly name: string;
  /**
   * CloudFormation type of the node's resource whose name is the value: what its physical id has after the last `/` or `:`.
   * `account`: the number of the account.
   */
  readonly from: `AWS::${string}` | 'account';
  /** What stands behind the name: `-001` of the first node of a group. */
  readonly suffix?: string;
}

/** One CloudWatch metric and the simulated series behind it. */
export interface MetricDeclaration {
  /** CloudWatch's own name. */
  readonly name: string;
  readonly namespace: string;
  readonly unit: 'Count' | 'Bytes' | 'Megabytes' | 'Milliseconds' | 'Seconds' | 'Percent' | 'None' | 'Count/Second';
  /** Statistic a user looks at first. */
  readonly statistic: 'Sum' | 'Average' | 'Maximum' | 'p99';
  /** `counter` sums events, `gauge` is a time-weighted level, `sample` a distribution. */
  readonly series: 'counter' | 'gauge' | 'sample';
  /** Dimensions under which CloudWatch has it for a deployed node. Left out where it has it only after settings that are not deployed. */
  readonly dimensions?: readonly MetricDimension[];
  /** Not a CloudWatch metric but derived from the simulation. */
  readonly derived?: boolean;
  /** Worth a badge on the node's card: a counter or level above zero, an age above some seconds. */
  readonly badge?: 'errors' | 'deadLettered' | 'coldStarts' | 'age';
  /** Only measured while the named fields hold these values. */
  readonly when?: Readonly<Record<string, unknown>>;
  readonly source: Source;
}

/** A proof for a finding: a series or a limit, over an interval of simulated seconds. */
export interface Evidence {
  readonly series?: string;
  readonly limit?: string;
  readonly t0: number;
  readonly t1: number;
  readonly value: number;
}

export interface PatchStep {
  readonly path: string;
  readonly from: unknown;
  readonly to: unknown;
}

/** What an advice facet finds: codes and parameters only; the sentence is made at the edge. */
export interface Finding {
  readonly code: string;
  readonly severity: 'info' | 'warning' | 'critical';
  readonly params: Readonly<Record<string, string | number>>;
  readonly evidence: readonly Evidence[];
  /** Changes relative to the node (`config.x`) or the edge. */
  readonly patch: readonly PatchStep[];
}

/** A summary of one limit meter over a run. */
export interface LimitSummary {
  readonly id: string;
  readonly node: string | null;
  readonly name: string;
  readonly unit: string;
  readonly capacity: number;
  /** Largest share of the capacity used over a meter's window (1 s for rates). */
  readonly peakRatio: number;
  readonly refused: number;
  readonly waiting: number;
  readonly source: string;
  readonly raisable: boolean;
  /** Simulated seconds of the first and last refusal, when there were any. */
  readonly firstRefusedAt?: number;
  readonly lastRefusedAt?: number;
}

/** An objective that a node's settings may decide. */
export interface AdviceObjective {
  readonly id: string;
  readonly kind: 'latency' | 'metric';
  readonly node: string;
  /** Of a metric objective. */
  readonly metric?: string;
  /** Largest value allowed: seconds, or the metric's own unit. */
  readonly target: number;
  readonly measured: number | null;
}

/** What an advice facet may look at. */
export interface AdviceInput<Config> {
  readonly id: string;
  readonly config: Config;
  readonly horizonSeconds: number;
  readonly limits: readonly LimitSummary[];
  /** Totals by metric name. */
  readonly metrics: Readonly<
    Record<string, { readonly sum?: number; readonly mean: number; readonly max: number; readonly p99?: number }>
  >;
  /** Log entries of the node, by code. */
  readonly log: readonly { readonly t: number; readonly code: string; readonly params: LogParams }[];
  /** Objectives at the node itself and at nodes that its records may reach, with what was measured. None when left out. */
  readonly objectives?: readonly AdviceObjective[];
  /** Config of the node at the other end of each edge, for connections. */
  readonly source?: Readonly<Record<string, unknown>>;
  readonly target?: Readonly<Record<string, unknown>>;
}

export type LogParams = Readonly<Record<string, string | number>>;

/** The face at the foot of a node card: what is drawn and which series fills it. */
export interface Face {
  readonly kind: 'bar' | 'segments' | 'squares' | 'none';
  readonly fill?: string;
  /** It gathers records before it hands them on: what is inside is no backlog. */
  readonly gathers?: true;
}

/** A facet that does not exist, and why. */
export type AbsentFacets = Readonly<
  Partial<Record<'usage' | 'price' | 'metrics' | 'advice' | 'stack' | 'client', string>>
>;

export type ConfigSchema = z.ZodObject<z.ZodRawShape>;

/** A check of AWS's creation-time rules on one node; paths are relative to the node. */
export interface CheckContext {
  readonly config: Readonly<Record<string, unknown>>;
  /** Ports that have an edge. */
  readonly linkedPorts: readonly string[];
}

export interface ConnectionCheckContext {
  readonly config: Readonly<Record<string, unknown>>;
  readonly source: Readonly<Record<string, unknown>>;
  readonly target: Readonly<Record<string, unknown>>;
}

/** A fault found by a check: code and parameters; the sentence comes from `messages`. */
export interface CheckFinding {
  readonly code: string;
  /** Relative to the node or edge, e.g. `config.visibilityTimeoutSeconds`. */
  readonly path: string;
  readonly received: unknown;
  readonly params: LogParams;
}

/** A part of an account quota that a node sets apart for itself, as reserved concurrency does. */
export interface QuotaClaim {
  /** Id in `account.quotas`. */
  readonly quota: string;
  readonly amount: number;
  /** What AWS keeps of the quota: all claims together may take the rest. */
  readonly keep: number;
  /** The quota where the document does not say. */
  readonly byDefault: number;
  /** Setting that makes the claim, relative to the node, e.g. `config.reservedConcurrentExecutions`. */
  readonly path: string;
}

/** The `config.ts` facet of a component. */
export interface ComponentDeclaration {
  readonly type: string;
  readonly title: string;
  readonly category: string;
  /** One sentence for the palette. */
  readonly summary: string;
  readonly config: ConfigSchema;
  readonly ports: readonly Port[];
  readonly face: Face;
  /** Range in which the model was compared with measurements, in words; `none` when it was not. */
  readonly calibrated: string;
  readonly absent: AbsentFacets;
  /** draw.io stencil name. */
  readonly drawio: string;
  /** File of the `aws-icons` package without its ending (`architecture-service/AWSLambda`); `icon.svg` is used without it. */
  readonly awsIcon?: string;
  /** Ids of the account quotas that the component reads; `account.quotas` of a document takes no others. */
  readonly quotas?: readonly string[];
  /** What a node sets apart of account quotas. */
  readonly claims?: (config: Readonly<Record<string, unknown>>) => readonly QuotaClaim[];
  readonly check?: (context: CheckContext) => readonly CheckFinding[];
}

/** The `config.ts` facet of a connection: an edge with settings of its own. */
export interface ConnectionDeclaration {
  readonly from: string;
  readonly to: string;
  /** Target port that this connection serves. */
  readonly port: string;
  readonly title: string;
  readonly config: ConfigSchema;
  readonly absent: AbsentFacets;
  /** The source's own behaviour goes by the settings (a subscription of a topic): the connection has none. */
  readonly readBy?: 'source';
  readonly check?: (context: ConnectionCheckContext) => readonly CheckFinding[];
}

/** Turns a log, check or advice code and its parameters into a sentence. */
export type Messages = Readonly<Record<string, (params: LogParams) => string>>;

export type PriceFacet<Config> = (usage: UsageTotals, config: Config, rates: RatesView) => readonly PriceLine[];

/** The part of a rate table that a price facet needs. */
export interface RatesView {
  price(dimension: string, rateId: string, quantity: number): PriceLine;
}

/** All "everywhere" facets of one component, as `catalog/specs.ts` lists them. */
export interface ComponentSpec {
  readonly declaration: ComponentDeclaration;
  readonly usage: readonly UsageDeclaration[];
  readonly price: PriceFacet<never> | undefined;
  readonly metrics: readonly MetricDeclaration[];
  readonly advice: ((input: AdviceInput<never>) => readonly Finding[]) | undefined;
  readonly messages: Messages;
}

export interface ConnectionSpec {
  readonly declaration: ConnectionDeclaration;
  readonly usage: readonly UsageDeclaration[];
  readonly price: PriceFacet<never> | undefined;
  readonly metrics: readonly MetricDeclaration[];
  readonly advice: ((input: AdviceInput<never>) => readonly Finding[]) | undefined;
  readonly messages: Messages;
}

export type { Fault, FieldMeta };
