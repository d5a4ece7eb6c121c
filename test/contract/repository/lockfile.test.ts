import { describe, expect, it } from 'vitest';
import { completeLockFile, missingEntries, platformOf } from '#tools/complete-lockfile.mjs';
import { read } from './files.ts';

interface Entry {
  readonly version: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly optional?: boolean;
  readonly inBundle?: boolean;
  readonly os?: readonly string[];
}

const text = read('package-lock.json');
const lock = JSON.parse(text) as { readonly packages: Readonly<Record<string, Entry>> };
const settings = JSON.parse(read('package.json')) as Record<string, Record<string, string>>;
const entries = Object.entries(lock.packages).filter(([path]) => path !== '');

describe('package-lock.json', () => {
  it('holds the packages of every platform', () => {
    expect(entries.length).toBeGreaterThan(100);
    expect(missingEntries(lock)).toEqual([]);
    const systems = new Set(entries.flatMap(([, entry]) => entry.os ?? []));
    expect([...systems]).toEqual(expect.arrayContaining(['darwin', 'linux', 'win32']));
  });

  it('names no registry', () => {
    expect(entries.filter(([, entry]) => entry.resolved !== undefined)).toEqual([]);
    expect(text).not.toMatch(/https?:\/\/[^"]*registry/);
  });

  it('has an integrity hash for everything but platform packages added by name', () => {
    // What is inside another package's archive is covered by the hash of that archive.
    const withoutHash = entries.filter(([, entry]) => entry.integrity === undefined && entry.inBundle !== true);
    expect(withoutHash.filter(([, entry]) => !(entry.optional && entry.os)).map(([path]) => path)).toEqual([]);
    const listed = read('docs/decisions/0001-complete-lock-file.md');
    expect(
      withoutHash
        .map(([path]) => path.replace(/^node_modules\//, ''))
        .filter((name) => !listed.includes(`\`${name}\``)),
    ).toEqual([]);
  });

  it('pins every direct dependency to one version', () => {
    const versions = Object.entries({ ...settings.dependencies, ...settings.devDependencies });
    expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });
});

describe('completeLockFile', () => {
  it('adds an entry with the platform that the name tells', () => {
    const made = completeLockFile({
      packages: {
        'node_modules/a': { version: '1.0.0', dev: true, optionalDependencies: { '@a/linux-arm64-musl': '1.0.0' } },
      },
    });
    expect(made.packages['node_modules/@a/linux-arm64-musl']).toEqual({
      version: '1.0.0',
      cpu: ['arm64'],
      dev: true,
      libc: ['musl'],
      optional: true,
      os: ['linux'],
    });
  });

  it('fails when the name does not tell the system', () => {
    const lockFile = {
      packages: { 'node_modules/a': { version: '1.0.0', optionalDependencies: { mystery: '1.0.0' } } },
    };
    expect(() => completeLockFile(lockFile)).toThrow('mystery');
  });

  it.each([
    ['@oxlint/binding-linux-arm-gnueabihf', { cpu: ['arm'], libc: ['glibc'], os: ['linux'] }],
    ['@biomejs/cli-win32-x64', { cpu: ['x64'], os: ['win32'] }],
    ['@oxlint/binding-android-arm-eabi', { cpu: ['arm'], os: ['android'] }],
  ])('reads the platform off %s', (name, platform) => {
    expect(platformOf(name)).toEqual(platform);
  });
});
