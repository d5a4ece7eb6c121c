import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FILES, ROOT, read } from './files.ts';

const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
const readme = read('README.md');
const pages = FILES.filter((path) => path.endsWith('.md') && !path.startsWith('tools/component-template/'));

describe('README.md', () => {
  it('shows on its first screen how to start, how to test, and a picture', () => {
    const firstScreen = readme.split('\n').slice(0, 14).join('\n');
    expect(firstScreen).toMatch(/^# Caudal\n\n[^\n]+\n\n```\nnpm start\nnpm test\n```\n\n!\[/);
  });

  it('names only npm scripts that exist', () => {
    const named = [...readme.matchAll(/npm (?:run )?([a-z][a-z:-]*)/g)].map((match) => match[1] ?? '');
    expect(
      named.filter((name) => scripts[name] === undefined && !['ci', 'install', 'registry'].includes(name)),
    ).toEqual([]);
  });
});

describe('package.json', () => {
  it('has no script that runs a missing file', () => {
    const files = Object.values(scripts).flatMap(
      (script) => script.match(/\b(tools|bin|test)\/[\w./-]+\.(mjs|ts)\b/g) ?? [],
    );
    expect(files.length).toBeGreaterThan(0);
    expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
  });
});

describe('documentation', () => {
  it('links only to files that exist', () => {
    const broken = pages.flatMap((page) =>
      [...read(page).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)]
        .map((match) => match[1] ?? '')
        .filter((target) => !existsSync(join(ROOT, page, '..', target)))
        .map((target) => `${page}: ${target}`),
    );
    expect(broken).toEqual([]);
  });
});
