/** The options that every command which runs a design has in common. */
import type { Command } from 'commander';
import { type OpenedDocument, openDocument } from '#host/files/open.ts';
import { describeFault } from '#schema/errors.ts';
import { parseDuration } from './durations.ts';
import type { Output } from './output.ts';

export interface RunFlags {
  readonly seed?: string;
  readonly horizon?: string;
  readonly preRoll?: string;
  readonly fidelity?: string;
  readonly set: readonly string[];
  readonly json?: boolean;
}

export function addRunOptions(command: Command): Command {
  return addSettings(
    command
      .option('--seed <n>', 'seed of the run')
      .option('--horizon <time>', 'simulated time recorded, such as 24h or 10m')
      .option('--pre-roll <time>', 'simulated time before, not recorded, that fills queues and warms functions')
      .option('--fidelity <mode>', 'auto, or exact: one record at a time'),
  );
}

/** `--set` and `--json`. */
export function addSettings(command: Command): Command {
  return command
    .option(
      '--set <path=value>',
      'change a value, such as nodes.clicks.config.shardCount=8; may be repeated',
      collect,
      [],
    )
    .option('--json', 'print one JSON object on standard output and nothing else');
}

/** The assignments that the flags stand for; the special options come last and win. */
export function settingsOf(flags: RunFlags): readonly string[] {
  return [
    ...flags.set,
    ...(flags.seed === undefined ? [] : [`run.seed=${flags.seed}`]),
    ...(flags.horizon === undefined ? [] : [`run.horizonSeconds=${parseDuration(flags.horizon, '--horizon')}`]),
    ...(flags.preRoll === undefined ? [] : [`run.preRollSeconds=${parseDuration(flags.preRoll, '--pre-roll')}`]),
    ...(flags.fidelity === undefined ? [] : [`run.fidelity=${JSON.stringify(flags.fidelity)}`]),
  ];
}

/** Opens a file with the flags applied; warnings go to standard error. */
export async function openForRun(file: string, flags: RunFlags, output: Output): Promise<OpenedDocument> {
  const opened = await openDocument(file, settingsOf(flags));
  for (const warning of opened.warnings) output.err(`warning: ${describeFault(warning)}\n`);
  return opened;
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}
