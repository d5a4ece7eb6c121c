/** Where a command writes: results to standard output, everything else to standard error. */
export interface Output {
  /** Text for standard output. */
  out(text: string): void;
  /** Text for standard error. */
  err(text: string): void;
  /** Standard error is a terminal that shows a progress bar. */
  readonly isTerminal: boolean;
}

/** The streams of this process. A reader that has closed its end (`| head`) ends the output quietly. */
export function processOutput(): Output {
  const closed = { out: false };
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    closed.out = true;
  });
  return {
    out: (text) => {
      if (!closed.out) process.stdout.write(text);
    },
    err: (text) => {
      process.stderr.write(text);
    },
    isTerminal: process.stderr.isTTY === true,
  };
}

/** One JSON value on one line. */
export function jsonLine(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}
