/** `caudal destroy`: takes a deployment away, or what one has left. */
import { Command } from 'commander';
import { type AccountFlags, accountSettings, addAccountOptions, interruptible } from './account-options.ts';
import { requireAnswer, typedName } from './confirm.ts';
import type { Exit } from './exit.ts';
import { bucketsText, eventText, outcomeText } from './operation-text.ts';
import { jsonLine, type Output } from './output.ts';
import { addJson } from './run-options.ts';
import { showUsd } from './table.ts';

interface Flags extends AccountFlags {
  readonly guard?: boolean;
  readonly emptyBucket?: string;
  readonly keep?: readonly string[];
  readonly confirm?: string;
  readonly json?: boolean;
}

export function destroyCommand(output: Output, exit: Exit): Command {
  const command = new Command('destroy').argument('<name>', 'name of the stack');
  return addJson(addAccountOptions(command, 'that of your AWS settings'))
    .description('delete a deployment; buckets are kept and listed with what they cost')
    .option('--keep <ids...>', 'resources to leave behind, after a deletion has failed on them')
    .option('--guard', 'delete the guard stack of a deployment that is gone')
    .option('--empty-bucket <bucket>', 'delete a bucket that a destroyed deployment has left, with all that is in it')
    .option('--confirm <name>', 'the name that is asked for, instead of typing it')
    .action(async (name: string, flags: Flags) => {
      requireAnswer(flags.confirm);
      const result = await interruptible((signal) => destroy(name, flags, output, signal));
      if (result.isFailed) exit.with(3);
      output.out(flags.json ? jsonLine(result.json) : result.text);
    });
}

interface Result {
  readonly isFailed: boolean;
  readonly json: unknown;
  readonly text: string;
}

async function destroy(name: string, flags: Flags, output: Output, signal: AbortSignal): Promise<Result> {
  const { destroyDeployment, destroyGuardOf, removeBucketOf } = await import('#host/deployments/running.ts');
  const settings = {
    ...accountSettings(flags),
    keep: flags.keep ?? [],
    onEvent: (event: Parameters<typeof eventText>[0]) => output.err(eventText(event)),
    confirm: (what: string, place: string) => typedName(`Type ${what} to delete it, ${place}: `, flags.confirm),
    signal,
  };
  if (flags.emptyBucket !== undefined) {
    const objects = await removeBucketOf(settings, name, flags.emptyBucket);
    const held = `${objects} ${objects === 1 ? 'object' : 'objects'}`;
    const text = `The bucket ${flags.emptyBucket} was deleted, with the ${held} in it\n`;
    return { isFailed: false, json: { bucket: flags.emptyBucket, objects }, text };
  }
  if (flags.guard === true) {
    const outcome = await destroyGuardOf(settings, name);
    return { isFailed: outcome.kind !== 'done', json: { outcome }, text: outcomeText(outcome) };
  }
  const { buckets, guard, ...outcome } = await destroyDeployment(settings, name);
  const stored =
    guard?.usdPerMonth === undefined ? '' : ` (the templates in its bucket: ${showUsd(guard.usdPerMonth)} USD a month)`;
  const left =
    guard === null ? '' : `\nThe guard stack ${guard.stackName} is left${stored}; it goes with: ${guard.command}\n`;
  const text = outcomeText(outcome) + bucketsText(buckets) + left;
  return { isFailed: outcome.kind !== 'done', json: { outcome, buckets, guard }, text };
}
