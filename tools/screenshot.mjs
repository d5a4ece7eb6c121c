/** Takes docs/images/app.png: the reference scenario after a run, in the light theme, 1440 x 900. Needs a current build and a Chromium. */
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { ROOT } from '#bin/build-state.mjs';
import { REFERENCE_SCENARIO } from './reference-scenario.mjs';
import { findChromium } from './setup/chromium.mjs';

const PICTURE = join(ROOT, 'docs/images/app.png');

/** The address that `caudal serve` prints. */
function addressOf(server) {
  return new Promise((found, fail) => {
    let text = '';
    server.stdout.on('data', (chunk) => {
      text += chunk;
      const address = /http:\/\/127\.0\.0\.1:\S+/.exec(text)?.[0];
      if (address) found(address);
    });
    server.on('exit', (code) => fail(new Error(`caudal serve ended with code ${code}`)));
  });
}

const server = spawn(process.execPath, [join(ROOT, 'bin/caudal.mjs'), 'serve', REFERENCE_SCENARIO], {
  cwd: ROOT,
  stdio: ['ignore', 'pipe', 'inherit'],
});
const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
const browser = await chromium.launch({ executablePath: findChromium(), args });
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme: 'light' });
  await page.goto(await addressOf(server));
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.locator('[data-run="done"]').waitFor({ timeout: 300_000 });
  await page.keyboard.press('End');
  await page.mouse.move(700, 560);
  // The view is fitted anew, without motion, once the panels have settled.
  await page.waitForTimeout(1000);
  mkdirSync(join(ROOT, 'docs/images'), { recursive: true });
  await page.screenshot({ path: PICTURE });
} finally {
  await browser.close();
  server.kill();
}
