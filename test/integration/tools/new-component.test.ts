import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createComponent } from '#tools/new-component.mjs';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const COPIED = ['schema', 'engine', 'catalog', 'tools/tsconfig', 'package.json'];
let copy = '';

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'caudal-new-component-'));
  for (const path of COPIED) cpSync(join(ROOT, path), join(copy, path), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'), 'junction');
  createComponent(copy, 'made-up-service', new Date('2026-11-21T00:00:00Z'));
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

describe('npm run new-component', () => {
  it('writes every file of the template with the names filled in', () => {
    const folder = join(copy, 'catalog/components/made-up-service');
    const files = readdirSync(folder);
    expect(files).toEqual(readdirSync(join(ROOT, 'tools/component-template')));
    for (const file of files) expect(readFileSync(join(folder, file), 'utf8')).not.toMatch(/__[A-Za-z]+__/);
    expect(readFileSync(join(folder, 'config.ts'), 'utf8')).toContain("title: 'Made up service'");
  });

  it('leaves a catalogue that compiles, with the component in both lists', () => {
    const { stdout } = spawnSync(
      process.execPath,
      ['node_modules/typescript/bin/tsc', '-b', '--pretty', 'false', 'tools/tsconfig/catalog-behaviors.json'],
      { cwd: copy, encoding: 'utf8' },
    );
    expect(stdout.split('\n').filter((line) => line.startsWith('catalog/'))).toEqual([]);
    const types = 'build/types/catalog-behaviors/catalog/components/made-up-service/behavior.d.ts';
    expect(readFileSync(join(copy, types), 'utf8')).toContain('build');
    expect(readFileSync(join(copy, 'catalog/specs.ts'), 'utf8')).toContain('config: madeUpServiceConfig,');
    expect(readFileSync(join(copy, 'catalog/behaviors.ts'), 'utf8')).toContain("['made-up-service', madeUpService as");
  });

  it('fails when the component exists', () => {
    expect(() => createComponent(copy, 'made-up-service')).toThrow('exists already');
  });

  it('fails when the name is not in kebab case', () => {
    expect(() => createComponent(copy, 'MadeUp')).toThrow('kebab case');
  });
});
