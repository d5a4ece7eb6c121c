/** `caudal synth`: the CloudFormation template of a design. */
import { Command, Option } from 'commander';
import type { TemplateFormat } from '#host/deployments/synth-document.ts';
import { writeAtomically } from '#host/files/save.ts';
import { interruptible } from './account-options.ts';
import { leftOutText, notesText } from './deployment-text.ts';
import { jsonLine, type Output } from './output.ts';
import { oneLine } from './plain-text.ts';
import { addSettings, openForRun, type RunFlags } from './run-options.ts';

interface Flags extends RunFlags {
  readonly stackName?: string;
  readonly format: TemplateFormat;
  readonly out?: string;
  readonly project?: string;
  readonly allowLeftOut?: boolean;
}

export function synthCommand(output: Output): Command {
  return addSettings(new Command('synth').argument('<file>', 'document to deploy (*.caudal.json)'))
    .description('make the CloudFormation template of a design; nothing is sent to AWS')
    .option('--stack-name <name>', "name of the stack; made of the document's when left out")
    .addOption(new Option('--format <form>', 'form of the template').choices(['json', 'yaml']).default('json'))
    .option('--out <file>', 'write the template to this file')
    .option('--project <folder>', 'write a CDK app in TypeScript that gives this template into a new folder')
    .option('--allow-left-out', 'go on without the parts that cannot be deployed')
    .action(async (file: string, flags: Flags) => {
      const { runnable } = await openForRun(file, flags, output);
      const { synthDocument, templateText } = await import('#host/deployments/synth-document.ts');
      const { stackName, synth } = await interruptible((signal) =>
        synthDocument(runnable, {
          stackName: flags.stackName,
          allowLeftOut: flags.allowLeftOut === true,
          signal,
        }),
      );
      const text = templateText(synth, flags.format);
      if (flags.out !== undefined) await writeAtomically(flags.out, text);
      if (flags.project !== undefined) {
        const { writeProject } = await import('#host/deployments/project.ts');
        await writeProject(flags.project, stackName, synth);
      }
      const written = [flags.out, flags.project].filter((path) => path !== undefined);
      if (flags.json) {
        output.out(jsonLine({ stackName, ...synth, ...(written.length === 0 ? {} : { written }) }));
        return;
      }
      output.err(leftOutText(synth.leftOut) + notesText(synth.notes));
      if (flags.out !== undefined) output.out(`The template of ${stackName} is in ${oneLine(flags.out)}\n`);
      if (flags.project !== undefined) output.out(`The CDK app of ${stackName} is in ${oneLine(flags.project)}\n`);
      if (written.length === 0) output.out(text);
    });
}
