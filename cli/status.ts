/** `caudal status`: what is deployed, what AWS is doing to it, whether somebody changed it, and what destroyed ones have left. */
import { Command } from 'commander';
import { type AccountFlags, addAccountOptions, interruptible, mfaPrompt } from './account-options.ts';
import type { Exit } from './exit.ts';
import { bucketsText, deploymentsText, eventText, outcomeText, statusText } from './operation-text.ts';
import { jsonLine, type Output } from './output.ts';

interface Flags extends AccountFlags {
  readonly follow?: boolean;
  readonly drift?: boolean;
  readonly json?: boolean;
}

export function statusCommand(output: Output, exit: Exit): Command {
  const command = new Command('status').argument('[name]', 'name of the stack; all of them when left out');
  return addAccountOptions(command)
    .description('show what is deployed, or follow what AWS is doing to it')
    .option('--follow', 'wait for what is being done, step by step, or show how it failed')
    .option('--drift', 'look for what was changed outside Caudal')
    .option('--json', 'one JSON object on standard output and nothing else')
    .action(async (name: string | undefined, { region, profile, follow, drift, json }: Flags) => {
      const { deploymentStatus, overview } = await import('#host/deployments/running.ts');
      const settings = { region, profile, askMfaCode: mfaPrompt() };
      if (name === undefined) {
        const all = await overview(settings);
        output.out(json ? jsonLine(all) : deploymentsText(all.deployments, all.region) + bucketsText(all.buckets));
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
