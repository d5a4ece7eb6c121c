/** The plan of a deployment from a document: template first, then the account, then a run, then what AWS says. */
import { openAccount } from '#cloud/account/account.ts';
import { inspectStack, planDeployment } from '#cloud/deploy/plan.ts';
import { regions } from '#catalog/pricing/regions.ts';
import { productVersion } from '#host/serve/product-version.ts';
import { type StartedRun, startRun } from '#host/runs/run-service.ts';
import type { CaudalDocument } from '#schema/document.ts';
import type { DeploymentPlan, PlanStep } from '#schema/deployment-plan.ts';
import { EnvironmentError } from '#schema/errors.ts';
import { checkedStackName, synthDocument } from './synth-document.ts';

export interface PlanSettings {
  readonly stackName: string;
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
  readonly allowLeftOut: boolean;
  readonly isReadOnly?: boolean;
  readonly askMfaCode?: ((serial: string) => Promise<string>) | undefined;
  /** What is being done, for a progress line; `ratio` of the simulation. */
  readonly onStep?: (step: PlanStep, ratio?: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/** `document`: valid and complete, with its traces inlined. Leaves nothing behind in the account. */
export async function planDocument(document: CaudalDocument, settings: PlanSettings): Promise<DeploymentPlan> {
  const { region, profile, isReadOnly = false, askMfaCode, onStep, signal, allowLeftOut } = settings;
  const stackName = checkedStackName(settings.stackName);
  onStep?.('template');
  const { synth } = await synthDocument(document, { stackName, allowLeftOut, signal });
  onStep?.('account');
  const account = await openAccount({
    region,
    documentRegion: document.account.region,
    profile,
    isReadOnly,
    askMfaCode,
  });
  try {
    await account.identity();
    const request = {
      document,
      stackName,
      version: productVersion(),
      synth,
      purpose: 'look' as const,
      wait: { signal },
    };
    await inspectStack(account, request);
    const run = await simulate(document, account.region, settings);
    onStep?.('change-set');
    return await planDeployment(account, { ...request, run });
  } finally {
    account.close();
  }
}

/** A run with the prices of the Region that is deployed to, where it is one that is known. */
export async function simulate(
  document: CaudalDocument,
  region: string,
  { onStep, signal }: Pick<PlanSettings, 'onStep' | 'signal'>,
) {
  const pricesOf = regions.includes(region) ? region : document.account.region;
  const priced = { ...document, account: { ...document.account, region: pricesOf } };
  const { preRollSeconds, horizonSeconds } = document.run;
  const run = startRun(priced, {
    onProgress: ({ simulatedSeconds }) =>
      onStep?.('simulation', (simulatedSeconds + preRollSeconds) / (horizonSeconds + preRollSeconds)),
  });
  const { report, cancelled } = await untilAborted(run, signal);
  if (cancelled) throw new EnvironmentError('run/cancelled', 'the plan was cancelled; nothing was changed');
  return { limits: report.limits, cost: report.cost, horizonSeconds: report.horizonSeconds, pricesOf };
}

async function untilAborted(run: StartedRun, signal: AbortSignal | undefined) {
  const cancel = (): void => run.cancel();
  if (signal?.aborted) cancel();
  signal?.addEventListener('abort', cancel);
  try {
    return await run.finished;
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
}
