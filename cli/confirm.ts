/** Asks a person to type a name before something is changed or deleted that cannot be brought back by itself. */
import { createInterface } from 'node:readline/promises';
import { InputError } from '#schema/errors.ts';

/** What `--confirm` says, or what is typed on the terminal. Without either an InputError: nothing goes ahead unasked. */
export async function typedName(
  question: string,
  given: string | undefined,
  input: NodeJS.ReadStream = process.stdin,
): Promise<string> {
  if (given !== undefined) return given;
  if (!input.isTTY) {
    const message = 'there is no terminal to ask on: say with --confirm NAME what you would type there';
    throw new InputError([{ code: 'deploy/not-confirmed', path: '--confirm', message }]);
  }
  const lines = createInterface({ input, output: process.stderr });
  try {
    return (await lines.question(question)).trim();
  } finally {
    lines.close();
  }
}
