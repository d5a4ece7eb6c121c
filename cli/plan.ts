/** `caudal plan`: what a deployment would do, cost and leave out. Changes nothing. */
import { Command } from 'commander';
import type { PlanStep } from '#schema/deployment-plan.ts';
import { type AccountFlags, accountSettings, addAccountOptions, interruptible } from './account-options.ts';
import { planText } from './deployment-text.ts';
import { alarming, jsonLine, type Output } from './output.ts';
import { progressBar } from './progress.ts';
import { addSettings, openForRun, type RunFlags } from './run-options.ts';

interface Flags extends RunFlags, AccountFlags {
  readonly stackName: string;
  readonly allowLeftOut?: boolean;
  readonly readOnly?: boolean;
}

/** What is being done, and how far the whole is when it begins. */
const STEPS: Readonly<Record<PlanStep, readonly [label: string, ratio: number]>> = {
  template: ['making the template', 0],
  account: ['asking AWS for the account', 0.2],
  simulation: ['simulating, for quotas and cost', 0.3],
  'change-set': ['AWS compares', 0.9],
};

export function planCommand(output: Output): Command {
  const command = new Command('plan')
    .argument('<file>', 'document to deploy (*.caudal.json)')
    .requiredOption('--stack-name <name>', 'name of the CloudFormation stack');
  return addSettings(addAccountOptions(command))
    .description('show what a deployment to AWS would change, cost and leave out; nothing is changed')
    .option('--allow-left-out', 'go on without the parts that cannot be deployed')
    .option('--read-only', 'send nothing to AWS that could change anything, not even a change set')
    .action(async (file: string, flags: Flags) => {
      const { runnable } = await openForRun(file, flags, output);
      const bar = progressBar(output);
      const { planDocument } = await import('#host/deployments/plan-document.ts');
      const plan = await interruptible((signal) =>
        planDocument(runnable, {
          stackName: flags.stackName,
          ...accountSettings(flags),
          allowLeftOut: flags.allowLeftOut === true,
          isReadOnly: flags.readOnly === true,
          onStep: (step, ratio = 0) =>
            bar.update(STEPS[step][1] + (step === 'simulation' ? 0.6 * ratio : 0), STEPS[step][0]),
          signal,
        }),
      ).finally(() => bar.stop());
      output.out(flags.json ? jsonLine(plan) : planText(plan, (text) => alarming(output, text)));
    });
}
