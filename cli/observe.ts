/** `caudal observe`: what CloudWatch has measured of a deployed stack, beside a simulated run. */
import { Command } from 'commander';
import type { Observed } from '#schema/deployment-measure.ts';
import { checkRunTarget, readRunFile } from '#host/saved-runs/run-files.ts';
import { InputError } from '#schema/errors.ts';
import { type AccountFlags, accountSettings, addAccountOptions } from './account-options.ts';
import { parseDuration } from './durations.ts';
import { observedCsv, observedText } from './observe-text.ts';
import { jsonLine, type Output } from './output.ts';
import { addSettings, openForRun, refuseBoth, type RunFlags } from './run-options.ts';

interface Flags extends RunFlags, AccountFlags {
  readonly stackName: string;
  readonly since: string;
  readonly until?: string;
  readonly from: string;
  readonly against?: string;
  readonly save?: string;
  readonly csv?: boolean;
}

export function observeCommand(output: Output): Command {
  const command = new Command('observe')
    .argument('<file>', 'document that was deployed (*.caudal.json)')
    .requiredOption('--stack-name <name>', 'stack that it was deployed to');
  return addSettings(addAccountOptions(command))
    .description('read what CloudWatch measured of a deployed design, and compare it with a simulated run')
    .option(
      '--since <time>',
      'where to begin: a span before now, such as 30m, or a moment such as 2026-11-21T20:00:00Z',
      '1h',
    )
    .option('--until <time>', 'where to end, in the same way; now when left out')
    .option('--from <time>', 'simulated time that --since stands for: as drive --from', '0s')
    .option('--against <run>', 'simulated run to compare with (*.caudal-run)')
    .option('--save <file>', 'write the measured run to a file (*.caudal-run)')
    .option('--csv', 'print the measured points as CSV')
    .action(async (file: string, flags: Flags) => {
      refuseBoth('--csv', flags.csv === true, '--json', flags.json === true);
      if (flags.save !== undefined) await checkRunTarget(flags.save);
      const { runnable } = await openForRun(file, flags, output);
      const nowMs = Date.now();
      const { observeDocument } = await import('#host/deployments/observe-document.ts');
      const observed = await observeDocument(runnable, {
        stackName: flags.stackName,
        ...accountSettings(flags),
        since: momentOf(flags.since, '--since', nowMs),
        until: flags.until === undefined ? new Date(nowMs) : momentOf(flags.until, '--until', nowMs),
        fromSecond: parseDuration(flags.from, '--from'),
        against: flags.against === undefined ? undefined : await readRunFile(flags.against),
        save: flags.save,
      });
      if (flags.json) output.out(jsonLine(plain(observed)));
      else output.out(flags.csv ? observedCsv(observed) : observedText(observed));
    });
}

/** A moment, or a span before now. */
function momentOf(text: string, option: string, nowMs: number): Date {
  if (!/^\d{4}-/.test(text)) return new Date(nowMs - 1000 * parseDuration(text, option));
  const moment = new Date(text);
  if (!Number.isNaN(moment.getTime())) return moment;
  const allowed = 'such as 30m, or 2026-11-21T20:00:00Z';
  throw new InputError([
    { code: 'cli/not-a-moment', path: option, message: 'is not a moment', received: text, allowed },
  ]);
}

/** Typed arrays as lists; a point without a measurement is null. */
function plain(observed: Observed) {
  const nodes = Object.fromEntries(
    Object.entries(observed.nodes).map(([id, series]) => [
      id,
      series.map(({ values, maxima, ...rest }) => ({
        ...rest,
        values: [...values],
        ...(maxima === undefined ? {} : { maxima: [...maxima] }),
      })),
    ]),
  );
  return { ...observed, nodes };
}
