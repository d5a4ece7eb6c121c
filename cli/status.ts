/** `caudal status`: what is deployed, what AWS is doing to it, whether somebody changed it, and what destroyed ones have left. */
import { Command } from 'commander';
import { type AccountFlags, accountSettings, addAccountOptions, interruptible } from './account-options.ts';
import type { Exit } from './exit.ts';
import { bucketsText, deploymentsText, eventText, leftText, outcomeText, statusText } from './operation-text.ts';
import { jsonLine, type Output } from './output.ts';
import { addJson } from './run-options.ts';

interface Flags extends AccountFlags {
  readonly follow?: boolean;
  readonly drift?: boolean;
  readonly json?: boolean;
}

export function statusCommand(output: Output, exit: Exit): Command {
  const command = new Command('status').argument('[name]', 'name of the stack; all of them when left out');
  return addJson(addAccountOptions(command, 'that of your AWS settings'))
    .description('show what is deployed, or follow what AWS is doing to it')
    .option('--follow', 'wait for what is being done, step by step, or show how it failed')
    .option('--drift', 'look for what was changed outside Caudal')
    .action(async (name: string | undefined, flags: Flags) => {
      const { deploymentStatus, overview } = await import('#host/deployments/running.ts');
      const { follow, drift, json } = flags;
      const settings = accountSettings(flags);
      if (name === undefined) {
        const all = await overview(settings);
        output.out(
          json
            ? jsonLine(all)
            : deploymentsText(all.deployments, all.region) + bucketsText(all.buckets) + leftText(all.left),
        );
        return;
      }
      const found = await interruptible((signal) =>
        deploymentStatus(settings, name, {
          follows: follow === true,
          seeksDrift: drift === true,
          onEvent: (event) => output.err(eventText(event)),
          signal,
        }),
      );
      if (found.outcome !== null && found.outcome.kind !== 'done') exit.with(3);
      const followed = found.outcome === null ? '' : `${outcomeText(found.outcome)}\n`;
      output.out(json ? jsonLine(found) : followed + statusText(found.deployment, found.resources, found.drift));
    });
}
