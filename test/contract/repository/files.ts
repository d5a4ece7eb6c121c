import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

const NOT_OURS = new Set(['node_modules', 'build', '.git', 'coverage', '.venv', '.caudal']);
const TEXT = /\.(tsx?|mjs|json|md|css|html|svg|yml|csv|txt)$|(^|\/)\.[a-z.]+$|^\.ci\/run$/;

function* walk(folder: string): Generator<string> {
  for (const entry of readdirSync(join(ROOT, folder), { withFileTypes: true })) {
    if (NOT_OURS.has(entry.name)) continue;
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) yield* walk(path);
    else yield path;
  }
}

/** Every file of the repository, outputs left out; paths with `/` from its root. */
export const FILES: readonly string[] = [...walk('')].sort();

/** Those that hold text. */
export const TEXT_FILES: readonly string[] = FILES.filter((path) => TEXT.test(path));

/** TypeScript and JavaScript. */
export const CODE_FILES: readonly string[] = FILES.filter((path) => /\.(tsx?|mjs)$/.test(path));

export function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** `path:line text` of every line that matches. */
export function linesMatching(paths: readonly string[], pattern: RegExp): readonly string[] {
  return paths.flatMap((path) =>
    read(path)
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1} ${line.trim().slice(0, 120)}`] : [])),
  );
}
