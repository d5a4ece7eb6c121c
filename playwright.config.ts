import { defineConfig } from '@playwright/test';
import { findChromium } from './tools/setup/chromium.mjs';

const executablePath = findChromium();
const isFull = Boolean(process.env.CAUDAL_ALL_SCENARIOS);
const isRoot = process.getuid?.() === 0;

export default defineConfig({
  testDir: 'test/e2e',
  outputDir: 'build/e2e',
  fullyParallel: false,
  // Files side by side; each test has a server of its own.
  workers: 2,
  forbidOnly: true,
  // Journeys whose steps are each shown by another test too.
  ...(isFull ? {} : { grepInvert: /@full/ }),
  retries: 0,
  timeout: 90_000,
  expect: { timeout: 20_000 },
  reporter: 'list',
  use: {
    viewport: { width: 1440, height: 900 },
    launchOptions: {
      ...(executablePath ? { executablePath } : {}),
      args: isRoot ? ['--no-sandbox'] : [],
    },
    // Recording every step takes a sixth of the processor time: in full only, or with --trace.
    trace: isFull ? 'retain-on-failure' : 'off',
    screenshot: 'only-on-failure',
  },
});
