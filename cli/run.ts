/** `caudal run`: simulates a design and prints what came of it. */
import { Command } from 'commander';
import { printedReport } from '#host/runs/print-report.ts';
import { type ReplicatedReport, runReplications } from '#host/runs/replicate.ts';
import { clockOf } from '#host/runs/run-service.ts';
import { type QuantumCheck, verifyQuantum } from '#host/runs/verify-quantum.ts';
import type { OpenedDocument } from '#host/files/open.ts';
import type { Exit } from './exit.ts';
import { parseCount } from './durations.ts';
import { jsonLine, type Output } from './output.ts';
import { progressBar } from './progress.ts';
import { replicationsText } from './replications-summary.ts';
import { runOnce } from './run-once.ts';
import { addRunOptions, openForRun, type RunFlags } from './run-options.ts';
import { section, summaryText } from './summary.ts';
import { showNumber, showPercent, table } from './table.ts';

interface Flags extends RunFlags {
  readonly replications?: string;
  readonly workers?: string;
  readonly verifyQuantum?: boolean;
  readonly check?: boolean;
}

const MOST_REPLICATIONS = 10_000;
const MOST_WORKERS = 256;

export function runCommand(output: Output, exit: Exit): Command {
  return addRunOptions(new Command('run').argument('<file>', 'document to run (*.caudal.json)'))
    .description('simulate a design and print records, latencies, limits, cost, advice and objectives')
    .option('--replications <n>', 'run seed, seed + 1, ... and print confidence intervals')
    .option('--workers <n>', 'threads for replications; one for each core by default')
    .option('--verify-quantum', 'run again with every quantum halved and print how far the numbers move')
    .option('--check', 'end with exit code 1 when an objective is missed')
    .action(async (file: string, flags: Flags) => {
      const opened = await openForRun(file, flags, output);
      const objectives =
        flags.replications === undefined ? await one(opened, flags, output) : await many(opened, flags, output);
      if (flags.check && objectives.some(({ pass }) => !pass)) exit.with(1);
    });
}

type Judged = readonly { readonly pass: boolean }[];

async function one({ runnable }: OpenedDocument, flags: Flags, output: Output): Promise<Judged> {
  const { report } = await runOnce(runnable, output);
  const quantum = flags.verifyQuantum ? await verifyQuantum(runnable, report) : undefined;
  if (flags.json)
    output.out(jsonLine({ ...printedReport(report), ...(quantum === undefined ? {} : { verifyQuantum: quantum }) }));
  else {
    output.out(summaryText(report, clockOf(runnable)));
    if (quantum) output.out(section('Halved quantum', quantumText(quantum)));
  }
  return report.objectives;
}

async function many({ runnable }: OpenedDocument, flags: Flags, output: Output): Promise<Judged> {
  const replications = parseCount(flags.replications ?? '', '--replications', MOST_REPLICATIONS);
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
  if (quantumSeconds === 0) return '  nothing to halve: every record was simulated by itself\n';
  const rows = shifts.map(({ name, before, after, relative }) => [
    name,
    showNumber(before),
    showNumber(after),
    relative === null ? 'from nothing' : showPercent(relative),
  ]);
  return table(['number', 'before', 'halved', 'shift'], rows, ['before', 'halved', 'shift']);
}
