import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './planted-tree.ts';

export interface Finding {
  readonly code: string;
  readonly message: string;
  readonly filename: string;
  readonly help?: string;
}

export interface LintReport {
  readonly diagnostics: readonly Finding[];
  readonly number_of_files: number;
}

function runNode(folder: string, script: string, args: readonly string[]): string {
  const result = spawnSync(process.execPath, [join(ROOT, 'node_modules', script), ...args], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return result.stdout + result.stderr;
}

/** Lints a folder as `npm run lint` does. A configuration error leaves no JSON: the parse then fails with the text. */
export function lint(folder: string): LintReport {
  const output = runNode(folder, 'oxlint/bin/oxlint', ['--type-aware', '--format', 'json']);
  const start = output.indexOf('{ "diagnostics"');
  if (start < 0) throw new Error(`oxlint did not lint: ${output.slice(0, 2000)}`);
  return JSON.parse(output.slice(start)) as LintReport;
}

/** Compiles a folder as `npm run types` does; the lines with an error. */
export function compile(folder: string): readonly string[] {
  return runNode(folder, 'typescript/bin/tsc', ['-b', '--pretty', 'false'])
    .split('\n')
    .filter((line) => line.includes(': error TS'));
}
