/** Failures as a reader of the terminal sees them, and the exit code of each kind. */
import { CommanderError } from 'commander';
import { describeFault, EnvironmentError, InputError, serializeError } from '#schema/errors.ts';
import type { ExitCode } from './exit.ts';
import { jsonLine, type Output } from './output.ts';

/** Every fault on a line of its own, in the order in which they stand in the file. */
export function faultsText({ faults }: InputError): string {
  const head = faults.length === 1 ? '1 fault in the input' : `${faults.length} faults in the input`;
  return `${head}\n${faults.map((fault) => `  ${describeFault(fault)}\n`).join('')}`;
}

/** Says what failed and returns the exit code. With `--json` the failure is also the object on standard output. */
export function reportFailure(error: unknown, isJson: boolean, output: Output): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (isJson) {
    const { kind, code, message, faults } = serializeError(error);
    output.out(jsonLine({ error: kind === 'input' ? { kind, faults } : { kind, code, message } }));
  }
  if (error instanceof InputError) {
    output.err(faultsText(error));
    return 2;
  }
  if (error instanceof EnvironmentError) {
    output.err(`${error.message} [${error.code}]\n`);
    return error.code === 'run/cancelled' ? 130 : 3;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  output.err(`This is a fault of Caudal, not of your input. Please report it with what follows.\n${text}\n`);
  return 4;
}
