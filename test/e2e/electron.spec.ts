import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { _electron, type ElectronApplication, expect, type Page, test as base } from '@playwright/test';
import { findElectron } from '#tools/setup/electron.mjs';
import { card, runToEnd } from './fixtures.ts';

const ROOT = resolve(import.meta.dirname, '..', '..');
const MAIN = join(ROOT, 'build/node/electron/main.js');
const REFERENCE = join(ROOT, 'scenarios/walking-skeleton/scenario.caudal.json');

const program = findElectron();
const hasScreen = process.platform !== 'linux' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);
const words = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

/** Why the journeys below cannot be made here; said aloud, as what was not run proves nothing. */
const obstacle =
  program === undefined
    ? 'the journeys of the desktop window need the Electron binary: `npx install-electron`, then run them again'
    : hasScreen
      ? ''
      : 'the journeys of the desktop window need a screen: `xvfb-run npm run e2e`';

interface Desktop {
  readonly app: ElectronApplication;
  readonly page: Page;
  readonly folder: string;
  readonly file: string;
}

/** Electron with the reference scenario, and a home of its own. */
const test = base.extend<{ desktop: Desktop }>({
  // Playwright wants the braces.
  // oxlint-disable-next-line no-empty-pattern
  desktop: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'caudal-desktop-'));
    const file = join(folder, 'design.caudal.json');
    const document = JSON.parse(await readFile(REFERENCE, 'utf8')) as { run: Record<string, unknown> };
    document.run = { ...document.run, horizonSeconds: 300, preRollSeconds: 30 };
    await writeFile(file, JSON.stringify(document));
    const app = await _electron.launch({
      executablePath: program ?? '',
      args: [...words, `--user-data-dir=${join(folder, '.data')}`, MAIN, file],
      env: { ...process.env, CAUDAL_STATE: join(folder, '.state') } as Record<string, string>,
    });
    const page = await app.firstWindow();
    await use({ app, page, folder, file });
    await app.close();
    await rm(folder, { recursive: true, force: true });
  },
});

// Once, where tests are collected: a worker is told by its index.
if (obstacle !== '' && process.env['TEST_WORKER_INDEX'] === undefined) process.stdout.write(`SKIPPED: ${obstacle}\n`);

test.describe('the desktop window', () => {
  test.skip(obstacle !== '', obstacle || 'an obstacle is named where there is one');

  test('opens a document, runs it, and saves a change', async ({ desktop: { page, file } }) => {
    await expect(card(page, 'clicks')).toBeVisible();
    await runToEnd(page);
    await page.getByRole('complementary', { name: 'Palette' }).getByRole('button', { name: 'Amazon SQS' }).click();
    await expect(card(page, 'sqs')).toBeVisible();
    await page.keyboard.press('Control+s');
    await expect(page.getByRole('button', { name: /^File: .*, saved/ })).toBeVisible();
    expect(await readFile(file, 'utf8')).toContain('"id": "sqs"');
  });

  test('gives its page a port and nothing else', async ({ desktop: { page } }) => {
    await expect(card(page, 'clicks')).toBeVisible();
    const given = await page.evaluate(() => ({
      bridge: Object.keys((window as unknown as { caudalDesktop: object }).caudalDesktop),
      node: ['require', 'process', 'Buffer', 'module'].filter((name) => name in window),
    }));
    expect(given).toEqual({ bridge: ['connect'], node: [] });
  });

  test('fails to be led away, and opens no window', async ({ desktop: { app, page } }) => {
    await expect(card(page, 'clicks')).toBeVisible();
    const address = page.url();
    await page.evaluate(() => {
      location.href = 'https://example.com/';
      window.open('file:///');
    });
    await expect(card(page, 'clicks')).toBeVisible();
    expect(page.url()).toBe(address);
    expect(app.windows()).toHaveLength(1);
  });

  test('shows a document that is opened from outside in the window that is there', async ({ desktop }) => {
    const { app, page, folder } = desktop;
    await expect(card(page, 'clicks')).toBeVisible();
    const other = join(folder, 'other.caudal.json');
    await writeFile(
      other,
      JSON.stringify({ ...JSON.parse(await readFile(REFERENCE, 'utf8')), name: 'another-design' }),
    );
    const second = spawn(program ?? '', [...words, `--user-data-dir=${join(folder, '.data')}`, MAIN, other]);
    await new Promise((done) => second.once('exit', done));
    await expect(page.getByText('another-design').first()).toBeVisible();
    expect(app.windows()).toHaveLength(1);
  });
});
