/** Opens the user's browser, if there is one: the printed address does as well. */
import { spawn } from 'node:child_process';

const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
};

export function openBrowser(url: string): void {
  const [program = 'xdg-open', ...args] = COMMANDS[process.platform] ?? ['xdg-open'];
  // `start` of Windows reads & as the end of a command.
  const address = process.platform === 'win32' ? url.replaceAll('&', '^&') : url;
  const child = spawn(program, [...args, address], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}
