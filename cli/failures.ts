/** Failures as a reader of the terminal sees them, and the exit code of each kind. */
import { CommanderError } from 'commander';
import { describeFault, EnvironmentError, type Fault, InputError, serializeError } from '#schema/errors.ts';
import type { ExitCode } from './exit.ts';
import { jsonLine, type Output } from './output.ts';
import { oneLine } from './plain-text.ts';

/** Every fault on a line of its own, in the order in which they stand in the file. */
export function faultsText({ faults }: InputError): string {
  const head = faults.length === 1 ? '1 fault in the input' : `${faults.length} faults in the input`;
  return `${head}\n${faults.map((fault) => `  ${faultText(fault)}\n`).join('')}`;
}

/** One fault on one line, whatever the names in it hold. */
export function faultText(fault: Fault): string {
  return oneLine(describeFault(fault));
}

/** Says what failed and returns the exit code. With `--json` the failure is also the object on standard output. */
export function reportFailure(error: unknown, isJson: boolean, output: Output): ExitCode {
  if (error instanceof CommanderError) return reportUsage(error, isJson, output);
  if (isJson) {
    const { kind, code, message, faults } = serializeError(error);
    output.out(jsonLine({ error: kind === 'input' ? { kind, faults } : { kind, code, message } }));
  }
  if (error instanceof InputError) {
    output.err(faultsText(error));
    return 2;
  }
  if (error instanceof EnvironmentError) {
    output.err(`${oneLine(error.message)} [${error.code}]\n`);
    return error.code === 'run/cancelled' ? 130 : 3;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  output.err(`This is a fault of Caudal, not of your input. Please report it with what follows.\n${text}\n`);
  return 4;
}

/** A command line that was not understood has been told on standard error already. */
function reportUsage(error: CommanderError, isJson: boolean, output: Output): ExitCode {
  if (error.exitCode === 0) return 0;
  if (isJson) {
    const message = error.message.replace(/^error: /, '');
    output.out(jsonLine({ error: { kind: 'input', faults: [{ code: 'cli/usage', path: '', message }] } }));
  }
  return 2;
}
