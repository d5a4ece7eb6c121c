/** `caudal advise`: runs a design and recommends changes; with `--apply` writes them into the document. */
import { Command } from 'commander';
import { type AppliedAdvice, applyAdvice } from '#host/files/apply-advice.ts';
import { jsonLine, type Output } from './output.ts';
import { oneLine, wrapped } from './plain-text.ts';
import { runOnce } from './run-once.ts';
import { addRunOptions, openForRun, requireOption, type RunFlags, settingsHelp } from './run-options.ts';
import { adviceText, runTitle, section } from './summary.ts';

interface Flags extends RunFlags {
  readonly apply?: boolean;
  readonly output?: string;
}

export function adviseCommand(output: Output): Command {
  return addRunOptions(new Command('advise').argument('<file>', 'document to run (*.caudal.json)'))
    .description('run a design and recommend changes, each with its evidence')
    .option('--apply', 'write the changed document over the file; what --set and other options change is not written')
    .option('--output <file>', 'with --apply: write to this file and leave the other as it is')
    .addHelpText('after', settingsHelp)
    .action(async (file: string, flags: Flags) => {
      requireOption('--output', flags.output !== undefined, '--apply', flags.apply === true);
      const { runnable } = await openForRun(file, flags, output);
      const { report } = await runOnce(runnable, output);
      const { scenario, seed, digest, advice } = report;
      const written = flags.output ?? file;
      if (flags.json) {
        const change = flags.apply ? await applyAdvice(file, written, advice) : undefined;
        output.out(
          jsonLine({
            scenario,
            seed,
            digest,
            advice,
            ...(change === undefined ? {} : { written, ...codesOf(change) }),
          }),
        );
        return;
      }
      output.out(`${runTitle(report)}\n`);
      output.out(section('Advice', adviceText(report) || '  nothing to recommend\n'));
      // After the advice, so that a disk that fails does not take it away.
      if (flags.apply) output.out(appliedText(await applyAdvice(file, written, advice), written));
    });
}

function codesOf({ applied, skipped }: AppliedAdvice): { applied: string[]; skipped: string[] } {
  const name = ({ node, code }: { node: string; code: string }): string => `${node}: ${code}`;
  return { applied: applied.map(name), skipped: skipped.map(name) };
}

function appliedText(change: AppliedAdvice, written: string): string {
  const { applied, skipped } = codesOf(change);
  const reason = 'left out, because another change came first or the result would be invalid:';
  const left = skipped.length === 0 ? '' : wrapped('  ', `${reason} ${skipped.join(', ')}`, 4);
  if (applied.length === 0) return `\nNothing was changed\n${left}`;
  return `\n${applied.length} applied, written to ${oneLine(written)}; run it again to see what changed\n${left}`;
}
