/** The command line: one file for each command, the same exit codes for all. */
import { Command } from 'commander';
import { productVersion } from '#host/serve/product-version.ts';
import { adviseCommand } from './advise.ts';
import { calibrateCommand } from './calibrate.ts';
import { deployCommand } from './deploy.ts';
import { destroyCommand } from './destroy.ts';
import { driveCommand } from './drive.ts';
import type { ExitCode } from './exit.ts';
import { explainCommand } from './explain.ts';
import { reportFailure } from './failures.ts';
import { type Output, processOutput } from './output.ts';
import { observeCommand } from './observe.ts';
import { planCommand } from './plan.ts';
import { pricesCommand } from './prices.ts';
import { runCommand } from './run.ts';
import { exitHelp } from './run-options.ts';
import { serveCommand } from './serve.ts';
import { showCommand } from './show.ts';
import { statusCommand } from './status.ts';
import { synthCommand } from './synth.ts';
import { validateCommand } from './validate.ts';

/** Runs one command line (without `node` and the script) and returns the exit code. Never throws. */
export async function main(argv: readonly string[], output: Output = processOutput()): Promise<number> {
  let code: ExitCode = 0;
  const exit = {
    with: (wanted: ExitCode): void => {
      code = wanted;
    },
  };
  const program = new Command('caudal')
    .description('Simulate data pipelines on AWS: draw one, load it, break it, price it, deploy it.')
    .version(productVersion(), '--version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .addHelpText('after', exitHelp)
    .addCommand(runCommand(output, exit))
    .addCommand(showCommand(output))
    .addCommand(validateCommand(output, exit))
    .addCommand(explainCommand(output))
    .addCommand(adviseCommand(output))
    .addCommand(synthCommand(output))
    .addCommand(planCommand(output))
    .addCommand(deployCommand(output, exit))
    .addCommand(statusCommand(output, exit))
    .addCommand(driveCommand(output, exit))
    .addCommand(observeCommand(output))
    .addCommand(calibrateCommand(output))
    .addCommand(destroyCommand(output, exit))
    .addCommand(pricesCommand(output))
    .addCommand(serveCommand(output));
  for (const command of [program, ...program.commands, ...program.commands.flatMap(({ commands }) => commands)]) {
    command.exitOverride().showHelpAfterError('(caudal --help lists commands and options)');
    command.helpOption('-h, --help', 'print this help');
    command.configureOutput({ writeOut: (text) => output.out(text), writeErr: (text) => output.err(text) });
  }
  if (argv.length === 0) {
    output.err(program.helpInformation());
    return 2;
  }
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    return reportFailure(error, argv.includes('--json'), output);
  }
}
