/** Brings the AWS emulator of the tests, in a Python environment of its own: never longer than the time limits. */
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '#bin/build-state.mjs';
import { run, step } from './steps.mjs';

const PROBE_LIMIT_SECONDS = 20;
const INSTALL_LIMIT_SECONDS = 300;
// Older ones need packages that the requirements do not name.
const OLDEST_PYTHON = [3, 11];

const REQUIREMENTS = join(ROOT, 'tools/setup/ministack-requirements.txt');
const FOLDER = join(ROOT, 'build/ministack');

const inEnvironment = (program, folder = FOLDER) =>
  process.platform === 'win32' ? join(folder, 'Scripts', `${program}.exe`) : join(folder, 'bin', program);

/** Path of the emulator's program if the environment holds what the requirements say, otherwise undefined. */
export function findMinistack(folder = FOLDER) {
  // Copied there last: an interrupted installation has none.
  const installed = join(folder, 'requirements.txt');
  const isCurrent = existsSync(installed) && readFileSync(installed, 'utf8') === readFileSync(REQUIREMENTS, 'utf8');
  const program = inEnvironment('ministack', folder);
  return isCurrent && existsSync(program) ? program : undefined;
}

/** Path of the redis-server that came with the emulator, undefined where there is none for this system (see the requirements). */
export function findRedisServer(folder = FOLDER) {
  const program = inEnvironment('redis-server', folder);
  return existsSync(program) ? program : undefined;
}

/** The last line that says what went wrong. */
function complaint({ output, timedOut }) {
  if (timedOut) return 'it took too long';
  const lines = output.trim().split('\n');
  return lines.findLast((line) => /error/i.test(line)) ?? lines.at(-1);
}

/** Command and arguments of a Python that is new enough, or undefined. */
async function findPython(candidates) {
  const program = `import sys, venv; sys.exit(0 if sys.version_info >= (${OLDEST_PYTHON.join(', ')}) else 1)`;
  for (const [command, ...args] of candidates) {
    const { code } = await run(command, [...args, '-c', program], { limitSeconds: PROBE_LIMIT_SECONDS });
    if (code === 0) return [command, ...args];
  }
  return undefined;
}

const PYTHONS = process.platform === 'win32' ? [['py', '-3'], ['python']] : [['python3'], ['python']];

async function installInto(folder, [python, ...args], limitSeconds) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const made = await run(python, [...args, '-m', 'venv', folder], { limitSeconds });
  if (made.code !== 0) throw new Error(`no virtual environment: ${complaint(made)}`);
  const pip = ['-m', 'pip', 'install', '--quiet', '--no-input', '--disable-pip-version-check'];
  const brought = await run(
    inEnvironment('python', folder),
    [...pip, '--no-deps', '--require-hashes', '-r', REQUIREMENTS],
    { limitSeconds },
  );
  if (brought.code !== 0) throw new Error(complaint(brought));
  copyFileSync(REQUIREMENTS, join(folder, 'requirements.txt'));
}

/**
 * Where the emulator is, installed if need be: `{ program }`, or `{ missing }` with the reason why it cannot be had, which has
 * been shown.
 */
export async function ensureMinistack({
  folder = FOLDER,
  pythons = PYTHONS,
  limitSeconds = INSTALL_LIMIT_SECONDS,
} = {}) {
  const found = findMinistack(folder);
  if (found) return { program: found };
  try {
    await step('Installing the AWS emulator of the tests, MiniStack (about 90 MB)', async () => {
      const python = await findPython(pythons);
      if (!python) throw new Error(`there is no Python ${OLDEST_PYTHON.join('.')} or newer with venv`);
      await installInto(folder, python, limitSeconds);
      if (!findMinistack(folder)) throw new Error('the installation left no program');
    });
    return { program: findMinistack(folder) };
  } catch (error) {
    return { missing: error.message };
  }
}
