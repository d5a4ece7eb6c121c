/** `caudal validate`: checks a design and lists everything that is wrong with it. */
import { Command } from 'commander';
import { openDocument } from '#host/files/open.ts';
import { describeFault, InputError } from '#schema/errors.ts';
import { faultsText } from './failures.ts';
import type { Exit } from './exit.ts';
import { jsonLine, type Output } from './output.ts';
import { addSettings, type RunFlags } from './run-options.ts';

export function validateCommand(output: Output, exit: Exit): Command {
  return addSettings(new Command('validate').argument('<file>', 'document to check (*.caudal.json)'))
    .description('check a design: the format, every setting, links, and what AWS would refuse to create')
    .action(async (file: string, flags: RunFlags) => {
      try {
        const { document, warnings } = await openDocument(file, flags.set);
        if (flags.json) output.out(jsonLine({ valid: true, faults: [], warnings }));
        else {
          for (const warning of warnings) output.err(`warning: ${describeFault(warning)}\n`);
          output.out(`${file} is valid: ${document.nodes.length} nodes, ${document.edges.length} edges\n`);
        }
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        exit.with(2);
        if (flags.json) output.out(jsonLine({ valid: false, faults: error.faults, warnings: [] }));
        else output.err(faultsText(error));
      }
    });
}
