/** SimPy in a virtual environment of the build folder; said loudly when there is none to be had. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../../simpy', import.meta.url));
const PYTHON = `${FOLDER}/${process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python'}`;
const SCRIPT = fileURLToPath(new URL('../../../test/bench/simpy-line.py', import.meta.url));
const VERSION = '4.1.2';
const LIMIT_MS = 60_000;

function succeeds(program: string, args: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore', timeout: LIMIT_MS }).status === 0;
}

/** The command that runs the line in SimPy, or why there is none. */
export function simpyCommand(): { command: readonly string[] } | { missing: string } {
  if (!succeeds(PYTHON, ['-c', 'import simpy'])) {
    if (!succeeds('python3', ['--version'])) return { missing: 'there is no python3' };
    if (!existsSync(PYTHON) && !succeeds('python3', ['-m', 'venv', FOLDER])) {
      return { missing: 'python3 cannot make a virtual environment' };
    }
    if (!succeeds(PYTHON, ['-m', 'pip', 'install', '--quiet', `simpy==${VERSION}`])) {
      return { missing: `simpy ${VERSION} could not be installed (is PyPI reachable?)` };
    }
  }
  return { command: [PYTHON, SCRIPT] };
}
