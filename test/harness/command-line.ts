/** The command line in this process: what a user would read, and the exit code. */
import { main } from '#cli/main.ts';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs one command line, its streams no terminals. */
export function caudal(...argv: readonly string[]): Promise<Ran> {
  return caudalTelling(() => undefined, argv);
}

/** The same; `tell` gets what is written to standard error, as it is written. */
export async function caudalTelling(tell: (text: string) => void, argv: readonly string[]): Promise<Ran> {
  let out = '';
  let err = '';
  const code = await main(argv, {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
      tell(text);
    },
    isTerminal: false,
  });
  return { code, out, err };
}
