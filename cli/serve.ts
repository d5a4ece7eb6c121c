/** `caudal serve`: serves the window to a browser on this machine. */
import { Command } from 'commander';
import { parseCount } from './durations.ts';
import type { Output } from './output.ts';

interface Flags {
  readonly port?: string;
  readonly open?: boolean;
}

const MOST_PORT = 65_535;

export function serveCommand(output: Output): Command {
  return new Command('serve')
    .argument('[file]', 'document to open (*.caudal.json)')
    .description('serve the window to a browser on 127.0.0.1 and print its address')
    .option('--port <n>', 'port to listen on; 0 for any free one')
    .option('--open', 'open the address in the default browser')
    .action(async (file: string | undefined, flags: Flags) => {
      const port = flags.port === undefined ? undefined : parseCount(flags.port, '--port', MOST_PORT, 0);
      // Loaded when asked for: no other command needs a server.
      const { serve } = await import('#host/serve/serve.ts');
      const served = await serve({ file, port, open: flags.open === true });
      output.out(`Caudal is open at ${served.url}\n`);
      output.err('Press Ctrl-C to end it.\n');
      await interrupted();
      await served.close();
    });
}

function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}
