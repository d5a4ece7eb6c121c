/** Options of the commands that reach an AWS account, and how a person is asked for an MFA code. */
import type { Command } from 'commander';
import { createInterface } from 'node:readline/promises';
import { EnvironmentError } from '#schema/errors.ts';

export interface AccountFlags {
  readonly region?: string;
  readonly profile?: string;
}

/** `otherwise`: whose Region counts when none is named. */
export function addAccountOptions(command: Command, otherwise = "the document's"): Command {
  return command
    .option('--region <name>', `Region, such as eu-west-1; ${otherwise} when left out`)
    .option('--profile <name>', 'profile of ~/.aws/config whose credentials are used');
}

/** What the flags say of an account, and who is asked for an MFA code. */
export function accountSettings({ region, profile }: AccountFlags) {
  return { region, profile, askMfaCode: mfaPrompt() };
}

/** Asks on the terminal. Without one there is nobody to ask: undefined. */
export function mfaPrompt(): ((serial: string) => Promise<string>) | undefined {
  if (!process.stdin.isTTY) return undefined;
  return async (serial) => {
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    try {
      const code = (await lines.question(`Code of the MFA device ${serial}: `)).trim();
      if (/^\d{6}$/.test(code)) return code;
      throw new EnvironmentError('aws/mfa-refused', 'a code of an MFA device has six digits; try again');
    } finally {
      lines.close();
    }
  };
}

/** A signal that Ctrl-C aborts while `work` is under way. */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const cancel = (): void => controller.abort();
  process.once('SIGINT', cancel);
  try {
    return await work(controller.signal);
  } catch (error) {
    if (!controller.signal.aborted) throw error;
    throw new EnvironmentError('run/cancelled', 'cancelled', { cause: error });
  } finally {
    process.removeListener('SIGINT', cancel);
  }
}
