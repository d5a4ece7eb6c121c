import { defineConfig } from 'vitest/config';

/** One vitest project for each suite folder, so that a suite can be run, timed and counted by itself. */
const SUITES = [
  { name: 'unit', testTimeout: 5_000 },
  { name: 'property', testTimeout: 60_000 },
  { name: 'contract', testTimeout: 60_000 },
  { name: 'planted', testTimeout: 60_000 },
  { name: 'theory', testTimeout: 120_000 },
  { name: 'integration', testTimeout: 120_000 },
  { name: 'emulator', testTimeout: 120_000, globalSetup: ['test/emulator/global-setup.ts'] },
];

/** Suites whose files may share loaded modules. */
const SHARED_MODULES = new Set(['unit', 'property', 'contract', 'emulator']);

/** Only in full: their steps are each shown by another test too. */
const FULL_ONLY = process.env.CAUDAL_ALL_SCENARIOS ? [] : ['test/emulator/smoke.test.ts'];

export default defineConfig({
  test: {
    projects: SUITES.map(({ name, testTimeout, globalSetup = [] }) => ({
      test: {
        name,
        include: [`test/${name}/**/*.test.ts`],
        exclude: FULL_ONLY,
        environment: 'node',
        pool: 'forks',
        // The quick suites test pure modules: sharing them between files saves two thirds of the time.
        isolate: !SHARED_MODULES.has(name),
        testTimeout,
        globalSetup,
        hookTimeout: 60_000,
      },
    })),
  },
});
