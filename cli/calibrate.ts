/** `caudal calibrate`: fits settings of a design to what was measured of it. */
import { Command } from 'commander';
import { readRunFile } from '#host/saved-runs/run-files.ts';
import type { Calibration } from '#schema/deployment-measure.ts';
import { interruptible } from './account-options.ts';
import { parseCount } from './durations.ts';
import { jsonLine, type Output } from './output.ts';
import { oneLine } from './plain-text.ts';
import { addSettings, openForRun, requireOption, type RunFlags } from './run-options.ts';
import { showNumber, showPercent, table } from './table.ts';

interface Flags extends RunFlags {
  readonly against: string;
  readonly apply?: boolean;
  readonly output?: string;
  readonly seeds: string;
  readonly runs: string;
}

const MOST_SEEDS = 20;
const MOST_RUNS = 1000;

export function calibrateCommand(output: Output): Command {
  const command = new Command('calibrate')
    .argument('<file>', 'document to calibrate (*.caudal.json)')
    .requiredOption('--against <run>', 'measured run, as observe --save writes it (*.caudal-run)');
  return addSettings(command)
    .description('propose settings with which the simulation comes closest to what was measured')
    .option('--apply', 'write the settings into the document')
    .option('--output <file>', 'with --apply: write to this file and leave the other as it is')
    .option('--seeds <n>', 'runs of each trial, with the same seeds every time', '2')
    .option('--runs <n>', 'most trials', '40')
    .action(async (file: string, flags: Flags) => {
      requireOption('--output', flags.output !== undefined, '--apply', flags.apply === true);
      const { runnable } = await openForRun(file, flags, output);
      const measured = await readRunFile(flags.against);
      const seeds = parseCount(flags.seeds, '--seeds', MOST_SEEDS);
      const mostRuns = parseCount(flags.runs, '--runs', MOST_RUNS);
      const { applyCalibration, calibrateDocument } = await import('#host/deployments/calibrate-document.ts');
      const found = await interruptible((signal) =>
        calibrateDocument(runnable, measured, {
          seeds,
          mostRuns,
          signal,
          onRun: (runs, error) => output.err(`trial ${runs}: error ${showPercent(error)}\n`),
        }),
      );
      const written = flags.output ?? file;
      const isWritten = flags.apply === true && found.proposals.length > 0;
      if (isWritten) await applyCalibration(file, written, found.proposals);
      if (flags.json) output.out(jsonLine(isWritten ? { ...found, written } : found));
      else output.out(calibrationText(found) + (isWritten ? `\nWritten to ${oneLine(written)}\n` : ''));
    });
}

function calibrationText({ proposals, untold, errorBefore, errorAfter, before, after, runs }: Calibration): string {
  if (proposals.length === 0 && untold.length === 0 && before.length === 0) {
    return 'Nothing to fit: no metric was measured that a setting of this design is fitted to\n';
  }
  const settings = proposals.map(({ path, unit, from, to }) => [path, showNumber(from), showNumber(to), unit]);
  const head = ['node', 'metric', 'before', 'after'];
  const errors = before.map(({ node, metric, shapeErrorRatio }, i) => [
    node,
    metric,
    ratioText(shapeErrorRatio),
    ratioText(after[i]?.shapeErrorRatio ?? null),
  ]);
  return [
    `Error ${showPercent(errorBefore)} before, ${showPercent(errorAfter)} after, in ${runs} trials\n\n`,
    settings.length === 0
      ? 'No setting would come closer\n'
      : table(['setting', 'now', 'proposed', ''], settings, ['now', 'proposed']),
    untold.length === 0 ? '' : `  not told by what was measured: ${untold.join(', ')}\n`,
    `\nDifference over time\n${table(head, errors, ['before', 'after'])}`,
  ].join('');
}

function ratioText(ratio: number | null): string {
  return ratio === null ? '-' : showPercent(ratio);
}
