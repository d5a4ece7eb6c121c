/** `caudal show`: prints a saved run as `caudal run` printed it, without running anything. */
import { Command } from 'commander';
import { printedReport } from '#host/runs/print-report.ts';
import { clockOf } from '#host/runs/run-service.ts';
import { type OpenedRun, readRunFile } from '#host/saved-runs/run-files.ts';
import { jsonLine, type Output } from './output.ts';
import { summaryText } from './summary.ts';

export function showCommand(output: Output): Command {
  return new Command('show')
    .argument('<file>', 'saved run (*.caudal-run)')
    .description('print a run that was saved by run --save or in the window, without running it again')
    .option('--json', 'print the object that run --json prints, and nothing else')
    .action(async (file: string, flags: { readonly json?: boolean }) => {
      const opened = await readRunFile(file);
      const { document, run } = opened;
      if (flags.json) output.out(jsonLine(printedReport(run.report)));
      else output.out(`${originText(opened)}\n${summaryText(run.report, clockOf(document))}`);
    });
}

function originText({ origin: { origin, engineVersion, ratesDate, savedAt } }: OpenedRun): string {
  const kind = origin === 'measured' ? 'Measured run' : 'Saved run';
  return `${kind} of ${savedAt.slice(0, 10)}, made by Caudal ${engineVersion}, prices of ${ratesDate}`;
}
