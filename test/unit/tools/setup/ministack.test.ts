import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ensureMinistack, findMinistack } from '#tools/setup/ministack.mjs';
import { withoutEmulator } from '#tools/suites.mjs';

const requirements = readFileSync('tools/setup/ministack-requirements.txt', 'utf8');

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'caudal-ministack-'));
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

function install(held: string): void {
  const [programs, program] = process.platform === 'win32' ? ['Scripts', 'ministack.exe'] : ['bin', 'ministack'];
  mkdirSync(join(folder, programs), { recursive: true });
  writeFileSync(join(folder, programs, program), '');
  writeFileSync(join(folder, 'requirements.txt'), held);
}

describe('findMinistack', () => {
  it('finds what was installed by the present requirements', () => {
    install(requirements);
    expect(findMinistack(folder)).toContain('ministack');
  });

  it('finds nothing where other versions were installed, or the installation was interrupted', () => {
    install(requirements.replace('ministack==', 'ministack==0.'));
    expect(findMinistack(folder)).toBeUndefined();
    rmSync(join(folder, 'requirements.txt'));
    expect(findMinistack(folder)).toBeUndefined();
  });
});

describe('ensureMinistack', () => {
  it('fails with the reason where there is no Python', async () => {
    const { program, missing } = await ensureMinistack({ folder, pythons: [['caudal-no-such-python']] });
    expect(program).toBeUndefined();
    expect(missing).toContain('there is no Python 3.11 or newer');
  });
});

describe('the requirements', () => {
  it('pin every package to one version, with hashes', () => {
    const packages = requirements.split('\n').filter((line) => /^[a-z]/i.test(line));
    expect(packages.length).toBeGreaterThan(10);
    for (const line of packages) expect(line).toMatch(/^[\w.-]+==[\w.]+ (; .+ )?\\$/);
    expect(packages.some((line) => line.startsWith('ministack==1.5.33 '))).toBe(true);
  });
});

describe('withoutEmulator', () => {
  it('is a skip that is told, but a failure in continuous integration', () => {
    expect(withoutEmulator('no Python', false)).toMatchObject({ skipped: 1, failed: 0 });
    expect(withoutEmulator('no Python', false).report).toMatch(/^SKIPPED.*no Python/);
    expect(withoutEmulator('no Python', true)).toMatchObject({ skipped: 0, failed: 1 });
    expect(withoutEmulator('no Python', true).report).toMatch(/^FAILED/);
  });
});
