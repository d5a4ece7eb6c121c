/** `caudal explain`: runs a design and tells what held it back, when, why, and what would move it. */
import { Command } from 'commander';
import { clockOf } from '#host/runs/run-service.ts';
import { jsonLine, type Output } from './output.ts';
import { runOnce } from './run-once.ts';
import { addRunOptions, openForRun, type RunFlags, settingsHelp } from './run-options.ts';
import { bottlenecksText, limitsText, limitsTitle, runTitle, section } from './summary.ts';

const NONE = '  no limit held the run back: nothing was refused, and none was used to 80 % or more for long\n';

export function explainCommand(output: Output): Command {
  return addRunOptions(new Command('explain').argument('<file>', 'document to run (*.caudal.json)'))
    .description('run a design and tell the bottleneck at each moment, why, and what would move it')
    .addHelpText('after', settingsHelp)
    .action(async (file: string, flags: RunFlags) => {
      const { runnable } = await openForRun(file, flags, output);
      const { report } = await runOnce(runnable, output);
      const { scenario, seed, digest, bottlenecks, limits } = report;
      if (flags.json) {
        output.out(jsonLine({ scenario, seed, digest, bottlenecks, limits }));
        return;
      }
      const body = bottlenecksText(report, clockOf(runnable), Number.POSITIVE_INFINITY) || NONE;
      output.out(`${runTitle(report)}\n${section('Bottlenecks', body)}${section(limitsTitle, limitsText(limits))}`);
    });
}
