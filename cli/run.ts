/** `caudal run`: simulates a design and prints what came of it. */
import { Command } from 'commander';
import { printedReport } from '#host/runs/print-report.ts';
import { type ReplicatedReport, runReplications } from '#host/runs/replicate.ts';
import { clockOf } from '#host/runs/run-service.ts';
import { checkRunTarget, keptRun, writeRunFile } from '#host/saved-runs/run-files.ts';
import { type QuantumCheck, verifyQuantum } from '#host/runs/verify-quantum.ts';
import type { OpenedDocument } from '#host/files/open.ts';
import type { Exit } from './exit.ts';
import { parseCount } from './durations.ts';
import { jsonLine, type Output } from './output.ts';
import { oneLine } from './plain-text.ts';
import { progressBar } from './progress.ts';
import { replicationsText } from './replications-summary.ts';
import { runOnce } from './run-once.ts';
import { addRunOptions, openForRun, refuseBoth, requireOption, type RunFlags, settingsHelp } from './run-options.ts';
import { section, summaryText } from './summary.ts';
import { showNumber, showPercent, table } from './table.ts';

interface Flags extends RunFlags {
  readonly replications?: string;
  readonly workers?: string;
  readonly verifyQuantum?: boolean;
  readonly check?: boolean;
  readonly save?: string;
}

const MOST_REPLICATIONS = 10_000;
const MOST_WORKERS = 256;
const MOST_SEED = 2 ** 32 - 1;

export function runCommand(output: Output, exit: Exit): Command {
  return addRunOptions(new Command('run').argument('<file>', 'document to run (*.caudal.json)'))
    .description('simulate a design and print records, latencies, limits, cost, advice and objectives')
    .option('--replications <n>', 'run with seed, seed + 1, ... n times and print 95 % confidence intervals')
    .option('--workers <n>', 'with --replications: threads; one for each core when left out. The results are the same')
    .option('--verify-quantum', 'run again with groups of records half as large and print how far the numbers move')
    .option('--check', 'end with exit code 1 when an objective is missed')
    .option('--save <file>', 'save the run as *.caudal-run, to be printed by caudal show or opened in the window')
    .addHelpText('after', settingsHelp)
    .action(async (file: string, flags: Flags) => {
      const isReplicated = flags.replications !== undefined;
      requireOption('--workers', flags.workers !== undefined, '--replications', isReplicated);
      refuseBoth('--verify-quantum', flags.verifyQuantum === true, '--replications', isReplicated);
      refuseBoth('--save', flags.save !== undefined, '--replications', isReplicated);
      if (flags.save !== undefined) await checkRunTarget(flags.save);
      const opened = await openForRun(file, flags, output);
      const objectives = isReplicated ? await many(opened, flags, output) : await one(opened, flags, output);
      if (flags.check && objectives.length === 0) output.err('nothing to check: the document has no objectives\n');
      if (flags.check && objectives.some(({ pass }) => !pass)) exit.with(1);
    });
}

type Judged = readonly { readonly pass: boolean }[];

async function one({ runnable }: OpenedDocument, flags: Flags, output: Output): Promise<Judged> {
  const finished = await runOnce(runnable, output);
  const { report } = finished;
  const quantum = flags.verifyQuantum ? await verifyQuantum(runnable, report) : undefined;
  if (flags.json) {
    output.out(jsonLine({ ...printedReport(report), ...(quantum === undefined ? {} : { verifyQuantum: quantum }) }));
  } else {
    output.out(summaryText(report, clockOf(runnable)));
    if (quantum) output.out(section('The same run with groups of records half as large', quantumText(quantum)));
  }
  // After the results, so that a disk that fails does not take them away.
  if (flags.save !== undefined) {
    await writeRunFile(flags.save, keptRun(runnable, finished));
    if (!flags.json) output.out(`\nSaved to ${oneLine(flags.save)}\n`);
  }
  return report.objectives;
}

async function many({ runnable }: OpenedDocument, flags: Flags, output: Output): Promise<Judged> {
  const most = Math.min(MOST_REPLICATIONS, MOST_SEED + 1 - runnable.run.seed);
  const replications = parseCount(flags.replications ?? '', '--replications', most);
  const workers = flags.workers === undefined ? undefined : parseCount(flags.workers, '--workers', MOST_WORKERS);
  const bar = progressBar(output);
  const abort = new AbortController();
  const cancel = (): void => abort.abort();
  process.once('SIGINT', cancel);
  try {
    const report: ReplicatedReport = await runReplications(runnable, {
      replications,
      ...(workers === undefined ? {} : { workers }),
      onDone: (done) => bar.update(done / replications, `${done} of ${replications} replications`),
      signal: abort.signal,
    });
    bar.stop();
    output.out(flags.json ? jsonLine(report) : replicationsText(report, clockOf(runnable)));
    return report.objectives;
  } finally {
    bar.stop();
    process.removeListener('SIGINT', cancel);
  }
}

function quantumText({ quantumSeconds, shifts }: QuantumCheck): string {
  if (quantumSeconds === 0) return '  nothing to compare: every record was simulated by itself\n';
  const rows = shifts.map(({ name, before, after, relative }) => [
    name,
    showNumber(before),
    showNumber(after),
    relative === null ? 'from nothing' : showPercent(relative),
  ]);
  return table(['', 'as run', 'halved', 'shift'], rows, ['as run', 'halved', 'shift']);
}
