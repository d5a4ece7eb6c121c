import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { LAWFUL, LINT_VIOLATIONS } from './lint-violations.ts';
import { plantTree, ROOT } from './planted-tree.ts';
import { lint } from './run-guard.ts';

const planted = plantTree(Object.fromEntries(LINT_VIOLATIONS.map(({ path, text }) => [path, text])));
const lawful = plantTree(LAWFUL);
afterAll(() => {
  planted.remove();
  lawful.remove();
});

const report = lint(planted.folder);

describe('planted violations', () => {
  it('have a file each', () => {
    expect(new Set(LINT_VIOLATIONS.map(({ path }) => path)).size).toBe(LINT_VIOLATIONS.length);
  });

  it.each(LINT_VIOLATIONS)('are reported: $rule', ({ path, code, says }) => {
    const found = report.diagnostics.filter((finding) => finding.filename === path);
    expect(found.map((finding) => finding.code)).toContain(code);
    if (says) expect(found.map((finding) => finding.message).join('\n')).toContain(says);
  });
});

describe('lawful code', () => {
  it('is looked at and passes', () => {
    const clean = lint(lawful.folder);
    expect(clean.diagnostics).toEqual([]);
    expect(clean.number_of_files).toBeGreaterThanOrEqual(Object.keys(LAWFUL).length);
  });
});

describe('the run over this repository', () => {
  it('looks at every source folder', () => {
    const sources = readdirSync(ROOT, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !['node_modules', 'build'].includes(entry.name))
      .flatMap((entry) => readdirSync(join(ROOT, entry.name), { recursive: true }) as string[])
      .filter((path) => /\.tsx?$/.test(path) && path !== 'icons.ts' && !path.startsWith('component-template'));
    const { number_of_files: looked } = lint(ROOT);
    expect(sources.length).toBeGreaterThan(0);
    expect(looked).toBeGreaterThanOrEqual(sources.length);
  });
});
