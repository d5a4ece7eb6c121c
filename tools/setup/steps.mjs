/** Shows the steps of a set-up as they happen, and runs the programs they need with a time limit. */
import { spawn } from 'node:child_process';
import { ROOT } from '#bin/build-state.mjs';

const REDRAW_MS = 250;
const KEPT_OUTPUT_CHARACTERS = 200_000;

const seconds = (sinceMs) => `${((performance.now() - sinceMs) / 1000).toFixed(1)} s`;

/** Runs `work`, showing the title and the time it takes. What `work` returns as a string is shown beside it. */
export async function step(title, work, stream = process.stderr) {
  const startMs = performance.now();
  const redraw = stream.isTTY
    ? setInterval(() => stream.write(`\r  ... ${title} (${seconds(startMs)})\u001b[K`), REDRAW_MS)
    : undefined;
  if (!stream.isTTY) stream.write(`  ... ${title}\n`);
  const close = (mark, note) => {
    clearInterval(redraw);
    stream.write(
      `${stream.isTTY ? '\r' : ''}  ${mark} ${title}${note ? `: ${note}` : ''} (${seconds(startMs)})${stream.isTTY ? '\u001b[K' : ''}\n`,
    );
  };
  try {
    const result = await work();
    close('ok ', typeof result === 'string' ? result : '');
    return result;
  } catch (error) {
    close('NO ', error.message.split('\n')[0]);
    throw error;
  }
}

/** Kills a child and what it started; on Windows only the child itself. */
function stop(child) {
  if (process.platform === 'win32') child.kill();
  else process.kill(-child.pid, 'SIGKILL');
}

/**
 * Runs a program to its end, collecting what it prints. Never rejects: `{ code, output, timedOut }`, where code is null
 * if it could not be started or ran out of time.
 */
export function run(command, args, { env = {}, limitSeconds = 1800, shell = false } = {}) {
  return new Promise((resolve) => {
    let output = '';
    let timedOut = false;
    const child = spawn(command, args, {
      cwd: ROOT,
      env: { ...process.env, NO_COLOR: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
      shell,
    });
    const collect = (chunk) => {
      output = (output + chunk).slice(-KEPT_OUTPUT_CHARACTERS);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    const forwardInterrupt = () => {
      stop(child);
      process.exit(130);
    };
    process.once('SIGINT', forwardInterrupt);
    const timer = setTimeout(() => {
      timedOut = true;
      stop(child);
    }, limitSeconds * 1000);
    const finish = (code, text = '') => {
      clearTimeout(timer);
      process.removeListener('SIGINT', forwardInterrupt);
      resolve({ code: timedOut ? null : code, output: output + text, timedOut });
    };
    child.on('error', (error) => finish(null, error.message));
    child.on('close', (code) => finish(code));
  });
}

/** Runs npm or npx, the same one that started us where that is known. */
export function runNpm(args, options = {}) {
  const program = process.env.npm_execpath;
  if (program?.endsWith('npm-cli.js')) return run(process.execPath, [program, ...args], options);
  return run(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, {
    ...options,
    shell: process.platform === 'win32',
  });
}

/** Runs the JavaScript entry of an installed package with this Node. */
export function runScript(script, args, options = {}) {
  return run(process.execPath, [`node_modules/${script}`, ...args], options);
}

/** Throws with the end of the output if a program did not succeed. */
export function expectSuccess(what, { code, output, timedOut }) {
  if (code === 0) return;
  const reason = timedOut ? 'took too long' : `ended with code ${code}`;
  throw new Error(`${what} ${reason}\n${output.split('\n').slice(-60).join('\n')}`);
}
