/** Where a command writes: results to standard output, everything else to standard error. */
import { visible } from './plain-text.ts';

export interface Output {
  /** Text for standard output. */
  out(text: string): void;
  /** Text for standard error. */
  err(text: string): void;
  /** Standard error is a terminal that shows a progress bar. */
  readonly isTerminal: boolean;
  /** Standard output shows colours: a terminal, and NO_COLOR is not set (https://no-color.org). */
  readonly hasColour?: boolean;
}

/**
 * The streams of this process. A reader that has closed its end (`| head`) ends the output quietly; a disk that is full ends
 * it with a sentence and exit code 3. Control characters are shown: a document must not be able to steer a terminal.
 */
export function processOutput(): Output {
  const closed = { out: false };
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (closed.out) return;
    closed.out = true;
    if (error.code === 'EPIPE') return;
    process.stderr.write(`standard output cannot be written (${error.code ?? error.message}) [file/write-failed]\n`);
    process.once('exit', () => {
      process.exitCode = 3;
    });
  });
  return {
    out: (text) => {
      if (!closed.out) process.stdout.write(painted(visible(text)));
    },
    err: (text) => {
      process.stderr.write(visible(text));
    },
    isTerminal: process.stderr.isTTY === true,
    hasColour: process.stdout.isTTY === true && !process.env['NO_COLOR'],
  };
}

/** Where red begins and ends, until the text has been made safe: characters of private use, which no font needs. */
const RED_BEGINS = '\ue000';
const RED_ENDS = '\ue001';

/** Shows a text in red where the output shows colours. */
export function alarming({ hasColour }: Output, text: string): string {
  return hasColour ? RED_BEGINS + text + RED_ENDS : text;
}

function painted(text: string): string {
  return text.replaceAll(RED_BEGINS, '\u001b[31m').replaceAll(RED_ENDS, '\u001b[39m');
}

/** One JSON value on one line. */
export function jsonLine(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}
