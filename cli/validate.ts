/** `caudal validate`: checks a design and lists everything that is wrong with it. */
import { Command } from 'commander';
import { openDocument } from '#host/files/open.ts';
import { InputError } from '#schema/errors.ts';
import { faultsText, faultText } from './failures.ts';
import type { Exit } from './exit.ts';
import { jsonLine, type Output } from './output.ts';
import { oneLine } from './plain-text.ts';
import { addSettings, type RunFlags, settingsHelp } from './run-options.ts';

export function validateCommand(output: Output, exit: Exit): Command {
  return addSettings(new Command('validate').argument('<file>', 'document to check (*.caudal.json)'))
    .description('check a design: the format, every setting, links, and what AWS would refuse to create')
    .addHelpText('after', settingsHelp)
    .action(async (file: string, flags: RunFlags) => {
      try {
        const { document, warnings } = await openDocument(file, flags.set);
        if (flags.json) output.out(jsonLine({ valid: true, faults: [], warnings }));
        else {
          for (const warning of warnings) output.err(`warning: ${faultText(warning)}\n`);
          output.out(
            `${oneLine(file)} is valid: ${counted(document.nodes, 'node')}, ${counted(document.edges, 'edge')}\n`,
          );
        }
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        exit.with(2);
        if (flags.json) output.out(jsonLine({ valid: false, faults: error.faults, warnings: [] }));
        else output.err(faultsText(error));
      }
    });
}

function counted(list: readonly unknown[], what: string): string {
  return `${list.length} ${what}${list.length === 1 ? '' : 's'}`;
}
