/** Options that several commands have in common, and opening a design with them. */
import type { Command } from 'commander';
import { type OpenedDocument, openDocument } from '#host/files/open.ts';
import { type Fault, InputError } from '#schema/errors.ts';
import { parseDuration } from './durations.ts';
import { faultText } from './failures.ts';
import type { Output } from './output.ts';

export interface RunFlags {
  readonly seed?: string;
  readonly horizon?: string;
  readonly preRoll?: string;
  readonly fidelity?: string;
  readonly set?: readonly string[];
  readonly json?: boolean;
}

export function addRunOptions(command: Command): Command {
  return addSettings(
    command
      .option('--seed <n>', 'number that fixes all chance: the same seed gives the same run')
      .option('--horizon <time>', 'time to simulate and record, such as 90s, 10m, 24h, 1h30m, 7d')
      .option('--pre-roll <time>', 'time simulated before, not recorded, that fills queues and warms functions')
      .option('--fidelity <mode>', 'auto: records in groups where that changes nothing; exact: one by one'),
  );
}

/** `--set` and `--json`. */
export function addSettings(command: Command): Command {
  return addJson(
    command.option(
      '--set <path=value>',
      'change a value, such as nodes.clicks.config.shardCount=8; may be repeated',
      collect,
    ),
  );
}

export function addJson(command: Command): Command {
  return command.option('--json', 'print one JSON object on standard output and nothing else');
}

/** What is left out is as the document says; said at the end of the help. */
export const settingsHelp = `
What is left out is as the document says. A path is made of names and ids joined by dots; a value is JSON, or else text:
  --set nodes.clicks.config.shardCount=8 --set edges.poll.config.batchSize=500
  --set workloads.visitors.arrivals.recordsPerSecond=2000 --set objectives.fresh.maxSeconds=2`;

export const exitHelp = `
Exit codes: 0 done; 1 an objective was missed (run --check), or records were lost (drive); 2 the input is wrong; 3 the disk,
the network, AWS or this machine failed; 4 a fault of Caudal itself; 130 interrupted by Ctrl-C.`;

/** The assignments that the flags stand for, and what is wrong with the flags; the special options come last and win. */
function settingsOf(flags: RunFlags): { readonly settings: readonly string[]; readonly faults: readonly Fault[] } {
  const faults: Fault[] = [];
  const time = (path: string, text: string | undefined, option: string): string[] => {
    if (text === undefined) return [];
    try {
      return [`${path}=${parseDuration(text, option)}`];
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      faults.push(...error.faults);
      return [];
    }
  };
  const settings = [
    ...(flags.set ?? []),
    ...(flags.seed === undefined ? [] : [`run.seed=${flags.seed}`]),
    ...time('run.horizonSeconds', flags.horizon, '--horizon'),
    ...time('run.preRollSeconds', flags.preRoll, '--pre-roll'),
    ...(flags.fidelity === undefined ? [] : [`run.fidelity=${JSON.stringify(flags.fidelity)}`]),
  ];
  return { settings, faults };
}

/** Opens a file with the flags applied; warnings go to standard error. What is wrong with flags and file is told at once. */
export async function openForRun(file: string, flags: RunFlags, output: Output): Promise<OpenedDocument> {
  const { settings, faults } = settingsOf(flags);
  const opened = await openDocument(file, settings).catch((error: unknown) => {
    throw error instanceof InputError ? new InputError([...faults, ...error.faults]) : error;
  });
  if (faults.length > 0) throw new InputError(faults);
  for (const warning of opened.warnings) output.err(`warning: ${faultText(warning)}\n`);
  return opened;
}

/** Refuses an option that would be ignored without another. */
export function requireOption(option: string, isGiven: boolean, needed: string, isNeededGiven: boolean): void {
  if (!isGiven || isNeededGiven) return;
  throw new InputError([
    {
      code: 'cli/needs-option',
      path: option,
      message: `counts only together with ${needed}; add that, or leave it out`,
    },
  ]);
}

/** Refuses two options of which only one could be followed. */
export function refuseBoth(option: string, isGiven: boolean, other: string, isOtherGiven: boolean): void {
  if (!isGiven || !isOtherGiven) return;
  throw new InputError([
    { code: 'cli/not-together', path: option, message: `does not go together with ${other}; leave one of them out` },
  ]);
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
