/** `caudal deploy`: plans, asks for the stack's name, and follows what AWS does. */
import { Command } from 'commander';
import { type AccountFlags, accountSettings, addAccountOptions, interruptible } from './account-options.ts';
import { requireAnswer, typedName } from './confirm.ts';
import { planText } from './deployment-text.ts';
import { parseDuration } from './durations.ts';
import type { Exit } from './exit.ts';
import { eventText, outcomeText } from './operation-text.ts';
import { alarming, jsonLine, type Output } from './output.ts';
import { addSettings, openForRun, type RunFlags } from './run-options.ts';

interface Flags extends RunFlags, AccountFlags {
  readonly stackName: string;
  readonly allowLeftOut?: boolean;
  readonly acceptDrift?: boolean;
  readonly expiresIn?: string;
  readonly confirm?: string;
}

export function deployCommand(output: Output, exit: Exit): Command {
  const command = new Command('deploy')
    .argument('<file>', 'document to deploy (*.caudal.json)')
    .requiredOption('--stack-name <name>', 'name of the CloudFormation stack');
  return addSettings(addAccountOptions(command))
    .description('deploy a design to AWS, or change what is deployed, after showing what that does and costs')
    .option('--expires-in <time>', 'when it deletes itself, such as 2d, or never; a new one after 8h')
    .option('--allow-left-out', 'go on without the parts that cannot be deployed')
    .option('--accept-drift', 'go on although something was changed by hand; what this changes is written over')
    .option('--confirm <name>', "the stack's name, instead of typing it")
    .action(async (file: string, flags: Flags) => {
      requireAnswer(flags.confirm);
      const { runnable } = await openForRun(file, flags, output);
      const { deployDocument } = await import('#host/deployments/deploy-document.ts');
      const { outcome } = await interruptible((signal) =>
        deployDocument(runnable, {
          stackName: flags.stackName,
          ...accountSettings(flags),
          allowLeftOut: flags.allowLeftOut === true,
          acceptsDrift: flags.acceptDrift === true,
          expiresAt: expiry(flags.expiresIn),
          confirm: (plan) => {
            output.err(planText(plan, (text) => alarming(output, text), true));
            const question = `\nType ${plan.stackName} to deploy it in ${plan.region}: `;
            return typedName(question, flags.confirm);
          },
          onEvent: (event) => output.err(eventText(event)),
          signal,
        }),
      );
      if (outcome !== null && outcome.kind !== 'done') exit.with(3);
      if (flags.json) output.out(jsonLine({ outcome }));
      else
        output.out(
          outcome === null ? 'Nothing would change: the stack is as the document says\n' : outcomeText(outcome),
        );
    });
}

/** Undefined: as the deployment has it, or what a new one is given. */
function expiry(text: string | undefined): string | null | undefined {
  if (text === undefined) return undefined;
  if (text === 'never') return null;
  return new Date(Date.now() + 1000 * parseDuration(text, '--expires-in')).toISOString();
}
