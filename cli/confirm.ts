/** Asks a person to type a name before something is changed or deleted that cannot be brought back by itself. */
import { createInterface } from 'node:readline/promises';
import { InputError } from '#schema/errors.ts';

/** Throws an InputError where nobody could be asked: before time goes into what would be refused anyway. */
export function requireAnswer(given: string | undefined): void {
  if (given !== undefined || process.stdin.isTTY) return;
  const message = 'there is no terminal to ask on: say with --confirm NAME what you would type there';
  throw new InputError([{ code: 'deploy/not-confirmed', path: '--confirm', message }]);
}

/** What `--confirm` says, or what is typed on the terminal. */
export async function typedName(question: string, given: string | undefined): Promise<string> {
  requireAnswer(given);
  if (given !== undefined) return given;
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await lines.question(question)).trim();
  } finally {
    lines.close();
  }
}
