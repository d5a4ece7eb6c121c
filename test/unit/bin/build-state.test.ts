import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isBuildCurrent, sourceSignature, stampFile } from '#bin/build-state.mjs';

const build = { folder: 'build/node', entry: 'build/node/cli/main.js', sources: ['cli', 'package.json'] };
let root = '';

function write(path: string, text: string): void {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), text);
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'caudal-build-'));
  write('cli/main.ts', 'source');
  write('package.json', '{}');
  write('build/node/cli/main.js', 'built');
  writeFileSync(stampFile(build, root), sourceSignature(build, root));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('isBuildCurrent', () => {
  it('holds right after a build', () => {
    expect(isBuildCurrent(build, root)).toBe(true);
  });

  it('fails when a source has changed, is new, or is gone', () => {
    write('cli/main.ts', 'longer source');
    expect(isBuildCurrent(build, root)).toBe(false);
    writeFileSync(stampFile(build, root), sourceSignature(build, root));
    write('cli/run.ts', 'new');
    expect(isBuildCurrent(build, root)).toBe(false);
    rmSync(join(root, 'cli/run.ts'));
    expect(isBuildCurrent(build, root)).toBe(true);
  });

  it('fails when the build was interrupted before its stamp', () => {
    rmSync(stampFile(build, root));
    expect(isBuildCurrent(build, root)).toBe(false);
  });

  it('fails when the entry is missing', () => {
    rmSync(join(root, build.entry));
    expect(isBuildCurrent(build, root)).toBe(false);
  });

  it('holds for a package that came without sources', () => {
    rmSync(join(root, 'cli'), { recursive: true });
    rmSync(stampFile(build, root));
    expect(isBuildCurrent(build, root)).toBe(true);
  });
});
