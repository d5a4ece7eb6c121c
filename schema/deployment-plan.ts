/** What a deployment would do, cost and leave out: the answer of `plan`, shown before anything is changed. */
import type { AccessPoint, LeftOut } from './deployment.ts';
import type { CostLine } from './result.ts';

/**
 * - `add`, `change`, `remove`: as the words say.
 * - `replace`: a new one is made and the old one removed.
 * - `may-replace`: AWS decides while it changes it.
 */
export type ChangeKind = 'add' | 'change' | 'replace' | 'may-replace' | 'remove';

/** What happens to one resource. */
export interface PlannedChange {
  readonly kind: ChangeKind;
  /** Logical id in the template. */
  readonly id: string;
  /** CloudFormation type. */
  readonly type: string;
  /** Node or edge that it belongs to; null for what several share. */
  readonly owner: string | null;
  /** Properties that differ. */
  readonly properties: readonly string[];
  /** Data that the old resource holds is lost. */
  readonly losesData: boolean;
  /** The old resource stays in the account, outside the stack, and costs what it costs. */
  readonly keepsOld: boolean;
}

/** A quota of the account beside what the simulated load asks of it at its peak. */
export interface QuotaCheck {
  readonly id: string;
  readonly node: string | null;
  readonly name: string;
  readonly unit: string;
  /** At least this much was asked for at the peak; what was refused or waited comes on top. */
  readonly peak: number;
  /** Attempts that the simulated quota refused or let wait. */
  readonly held: number;
  readonly quota: number;
  /** `account`: Service Quotas answered. `document`: from `account.quotas`. `default`: what AWS documents. */
  readonly from: 'account' | 'document' | 'default';
  readonly isExceeded: boolean;
  readonly source: string;
}

/** Money of a deployment: parts that are left out cost nothing. */
export interface PlannedCost {
  readonly currency: 'USD';
  /** A month of 730 hours of the document's workload. */
  readonly perMonth: number;
  /** One hour of it, as simulated. */
  readonly testHour: number;
  readonly lines: readonly CostLine[];
  /** Region whose prices these are: another one where none are known for the Region of the deployment. */
  readonly pricesOf: string;
  /** Oldest price that took part. */
  readonly oldestRateDate: string;
  /** Weakest confidence that took part. */
  readonly confidence: string;
}

/** What takes the deployment away again, and the role that it is made with: a stack of its own that outlives it. */
export interface GuardStatus {
  readonly name: string;
  readonly state: 'absent' | 'current' | 'outdated';
}

/** A part that is not deployed. `driven`: a source of load, for which the `drive` command stands in. */
export interface PlannedOmission extends LeftOut {
  readonly isDriven: boolean;
}

export interface DeploymentPlan {
  readonly stackName: string;
  readonly region: string;
  readonly account: { readonly alias: string | null; readonly lastDigits: string };
  /** Address that stood for AWS; null for AWS itself. */
  readonly endpoint: string | null;
  /** SHA-256 of document, template, stack name and Region. */
  readonly digest: string;
  readonly leftOut: readonly PlannedOmission[];
  readonly guard: GuardStatus;
  readonly kind: 'create' | 'update' | 'none';
  readonly changes: readonly PlannedChange[];
  /** `change-set`: AWS compared. `templates`: Caudal compared the two templates, so replacements are not told. */
  readonly comparedBy: 'change-set' | 'templates';
  /** Change set that waits to be executed; null where it was deleted again, or none was made. */
  readonly changeSetId: string | null;
  readonly quotas: readonly QuotaCheck[];
  readonly cost: PlannedCost;
  /** What deployed resources do otherwise than simulated ones. */
  readonly notes: readonly { readonly node: string; readonly text: string }[];
  readonly accessPoints: readonly AccessPoint[];
  readonly templateBytes: number;
}

/** What is done for a plan, in this order. */
export type PlanStep = 'template' | 'account' | 'simulation' | 'change-set';
