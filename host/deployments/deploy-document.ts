/** A deployment from a document: plan, confirmation, guard stack and change set, and then what AWS does. */
import { openAccount } from '#cloud/account/account.ts';
import { applyChangeSet } from '#cloud/deploy/apply.ts';
import { inspectStack, planDeployment } from '#cloud/deploy/plan.ts';
import { refusal } from '#cloud/deploy/stack-state.ts';
import { productVersion } from '#host/serve/product-version.ts';
import type { DeploymentPlan } from '#schema/deployment-plan.ts';
import type { FollowEvent, StackOutcome } from '#schema/deployment-state.ts';
import type { CaudalDocument } from '#schema/document.ts';
import { EnvironmentError } from '#schema/errors.ts';
import { type PlanSettings, simulate } from './plan-document.ts';
import { checkedStackName, synthDocument } from './synth-document.ts';

export interface DeploySettings extends Omit<PlanSettings, 'isReadOnly'> {
  /** When it is to be deleted, ISO 8601 in UTC; null for never; left out: as it is, or after eight hours for a new one. */
  readonly expiresAt?: string | null | undefined;
  /** Goes ahead although the deployment was changed by hand. */
  readonly acceptsDrift: boolean;
  /** Shows the plan and gives what the user types: the stack's name to go ahead. */
  readonly confirm: (plan: DeploymentPlan) => Promise<string>;
  readonly onEvent?: (event: FollowEvent) => void;
}

/** `outcome` is null where nothing would change. Nothing is changed before the confirmation names the stack. */
export async function deployDocument(
  document: CaudalDocument,
  settings: DeploySettings,
): Promise<{ readonly plan: DeploymentPlan; readonly outcome: StackOutcome | null }> {
  const { region, profile, askMfaCode, onStep, signal, allowLeftOut, expiresAt } = settings;
  const stackName = checkedStackName(settings.stackName);
  onStep?.('template');
  const { synth } = await synthDocument(document, { stackName, allowLeftOut, signal });
  onStep?.('account');
  const account = await openAccount({ region, documentRegion: document.account.region, profile, askMfaCode });
  try {
    await account.identity();
    const asked = { document, stackName, version: productVersion(), synth, wait: { signal } };
    const existing = await inspectStack(account, { ...asked, purpose: 'prepare' });
    const isNew = existing === undefined || existing.StackStatus === 'REVIEW_IN_PROGRESS';
    const base = { ...asked, expiresAt: expiresAt === undefined && isNew ? firstExpiry() : expiresAt };
    const run = await simulate(document, account.region, settings);
    onStep?.('change-set');
    const shown = await planDeployment(account, { ...base, run, purpose: 'look' });
    const typed = await settings.confirm(shown);
    if (typed !== stackName) {
      const message = `nothing was deployed: type the stack's name, ${stackName}, to deploy it`;
      throw refusal('deploy/not-confirmed', typed, message);
    }
    const plan = await planDeployment(account, { ...base, run, purpose: 'prepare' });
    if (plan.changeSetId === null) return { plan, outcome: null };
    refuseOther(shown, plan);
    const { onEvent, acceptsDrift } = settings;
    const outcome = await applyChangeSet({ account, changeSetId: plan.changeSetId, acceptsDrift, onEvent, signal });
    return { plan, outcome };
  } finally {
    account.close();
  }
}

/** A deployment that nobody thinks of any more must not go on costing money. */
const FIRST_HOURS = 8;

function firstExpiry(): string {
  return new Date(Date.now() + FIRST_HOURS * 3_600_000).toISOString();
}

/** What is done must be what was confirmed. */
function refuseOther(shown: DeploymentPlan, prepared: DeploymentPlan): void {
  if (shown.comparedBy !== prepared.comparedBy) return;
  const facts = ({ changes }: DeploymentPlan): string =>
    changes
      .map(({ kind, id, losesData }) => JSON.stringify([kind, id, losesData]))
      .toSorted()
      .join();
  if (facts(shown) === facts(prepared)) return;
  throw new EnvironmentError(
    'deploy/overtaken',
    `the stack ${shown.stackName} was changed by somebody else while you confirmed, so that other things would happen than those shown: deploy again`,
  );
}
