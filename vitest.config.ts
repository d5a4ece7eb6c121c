import { defineConfig } from 'vitest/config';

/** One vitest project for each suite folder, so that a suite can be run, timed and counted by itself. */
const SUITES = [
  { name: 'unit', testTimeout: 5_000 },
  { name: 'property', testTimeout: 60_000 },
  { name: 'contract', testTimeout: 60_000 },
  { name: 'planted', testTimeout: 60_000 },
  { name: 'theory', testTimeout: 120_000 },
  { name: 'integration', testTimeout: 120_000 },
];

export default defineConfig({
  test: {
    projects: SUITES.map(({ name, testTimeout }) => ({
      test: {
        name,
        include: [`test/${name}/**/*.test.ts`],
        environment: 'node',
        pool: 'forks',
        testTimeout,
        hookTimeout: 60_000,
      },
    })),
  },
});
