/** `caudal drive`: sends the document's load to its deployed stack, and looks for it at the sinks. */
import { Command } from 'commander';
import type { Driven } from '#schema/deployment-drive.ts';
import { InputError } from '#schema/errors.ts';
import { type AccountFlags, accountSettings, addAccountOptions, interruptible } from './account-options.ts';
import { driveProgressText, driveText, sleptText } from './drive-text.ts';
import { parseCount, parseDuration } from './durations.ts';
import type { Exit } from './exit.ts';
import { jsonLine, type Output } from './output.ts';
import { addSettings, openForRun, type RunFlags } from './run-options.ts';

interface Flags extends RunFlags, AccountFlags {
  readonly stackName: string;
  readonly for: string;
  readonly from: string;
  readonly speed: string;
  readonly maxRate?: string;
  readonly maxRecords?: string;
  readonly ceiling: string;
  readonly wait: string;
}

const MOST = 1e12;
/** Between two lines of progress, milliseconds. */
const TOLD_MS = 1000;

export function driveCommand(output: Output, exit: Exit): Command {
  const command = new Command('drive')
    .argument('<file>', 'document whose load is sent (*.caudal.json)')
    .requiredOption('--stack-name <name>', 'stack that it was deployed to');
  return addSettings(addAccountOptions(command))
    .description('send the load of a design to its deployed stack: the same records as in the simulation')
    .option('--for <time>', 'how much of the load, such as 10m', '1m')
    .option('--from <time>', 'time of the simulated day at which the load begins, such as 20h', '0s')
    .option('--speed <factor>', 'simulated seconds for each second of the clock', '1')
    .option('--max-rate <n>', 'most records a second; what is above comes later')
    .option('--max-records <n>', 'records after which driving ends')
    .option('--ceiling <usd>', 'estimated US dollars at which driving ends', '1')
    .option('--wait <time>', 'how long to look for missing records at the sinks; 0 to leave them alone', '2m')
    .action(async (file: string, flags: Flags) => {
      const { runnable } = await openForRun(file, flags, output);
      const settings = driveSettingsOf(flags);
      let toldMs = 0;
      const { driveDocument } = await import('#host/deployments/drive-document.ts');
      const driven = await interruptible((signal) =>
        driveDocument(runnable, {
          ...settings,
          signal,
          onProgress: (progress) => {
            if (Date.now() - toldMs < TOLD_MS && progress.second < progress.seconds) return;
            toldMs = Date.now();
            output.err(driveProgressText(progress));
          },
          onSlept: (seconds) => output.err(sleptText(seconds)),
          onLook: (arrived) => output.err(`sinks: ${arrived} records have arrived\n`),
        }),
      );
      exit.with(exitOf(driven));
      output.out(flags.json ? jsonLine(driven) : driveText(driven));
    });
}

function driveSettingsOf(flags: Flags) {
  const { stackName, maxRate, maxRecords } = flags;
  const seconds = parseDuration(flags.for, '--for');
  if (seconds < 1) throw refused('--for', flags.for, 'at least 1s');
  return {
    stackName,
    ...accountSettings(flags),
    seconds: Math.ceil(seconds),
    fromSecond: Math.floor(parseDuration(flags.from, '--from')),
    speed: positive(flags.speed, '--speed'),
    recordsPerSecondCap: maxRate === undefined ? undefined : parseCount(maxRate, '--max-rate', MOST),
    totalCap: maxRecords === undefined ? undefined : parseCount(maxRecords, '--max-records', MOST),
    ceilingUsd: positive(flags.ceiling, '--ceiling'),
    waitSeconds: parseDuration(flags.wait, '--wait'),
  };
}

function positive(text: string, option: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value;
  throw refused(option, text, 'a number above 0');
}

function refused(option: string, received: string, allowed: string): InputError {
  return new InputError([
    { code: 'cli/not-a-number', path: option, message: 'is not a number in the allowed range', received, allowed },
  ]);
}

/** What was lost, or could not be sent, fails the command; records that came twice for an answer that was lost do not. */
function exitOf({ drive, sinks }: Driven): 0 | 1 | 3 | 130 {
  if (drive.ended === 'failed') return 3;
  if (drive.ended === 'stopped') return 130;
  const isWrong = sinks.some(({ missing, doubledUnexplained }) => (missing ?? 0) > 0 || doubledUnexplained > 0);
  if (isWrong || drive.targets.some(({ failed }) => failed > 0)) return 1;
  return sinks.some(({ unreachable }) => unreachable !== undefined) ? 3 : 0;
}
