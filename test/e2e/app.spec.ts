import { join } from 'node:path';
import { expect } from '@playwright/test';
import { card, ended, openWindow, runToEnd, test } from './fixtures.ts';

/** Of the reference scenario, from source to sink. */
const NODES = ['web-app', 'clicks', 'enrich', 'orders', 'back-end'];

test('shows the reference scenario, runs it, and its ledger balances on screen', async ({ page, server }) => {
  await server.write(() => undefined);
  await openWindow(page, server);
  for (const node of NODES) {
    await expect(card(page, node)).toBeInViewport({ ratio: 0.99 });
    await expect(card(page, node)).toHaveAttribute('data-state', 'idle');
  }
  await expect(page).toHaveURL(`${server.origin}/`);
  await runToEnd(page);
  await expect(card(page, 'clicks')).toHaveAttribute('data-state', 'running');
  await expect(card(page, 'clicks').locator('.card-rate')).toHaveText(/^\d+(\.\d+)?\/s$/);
  await expect(page.locator('.edge-label').first()).toHaveText(/^\d+(\.\d+)?\/s$/);
  await expect(page.getByText('One run, seed 7').first()).toBeVisible();

  await page.getByRole('tab', { name: 'Ledger' }).click();
  await expect(page.getByText(/Balanced: [\d,]+ came in, [\d,]+ accounted for/)).toBeVisible();
  const whole = page.getByRole('table', { name: 'Ledger of the run' }).getByRole('row', { name: /^Whole run/ });
  const counts = (await whole.getByRole('cell').allTextContents()).map((text) => Number(text.replaceAll(',', '')));
  const columns = await page
    .getByRole('table', { name: 'Ledger of the run' })
    .getByRole('columnheader')
    .allTextContents();
  const count = (column: string): number => counts[columns.indexOf(column) - 1] ?? Number.NaN;
  expect(count('Created')).toBeGreaterThan(100_000);
  const lost = ['Dropped', 'Expired', 'Dead-lettered'].map(count).filter((value) => !Number.isNaN(value));
  expect(count('Carried in') + count('Created')).toBe(
    count('Delivered') + count('Filtered') + count('Inside') + lost.reduce((sum, value) => sum + value, 0),
  );
});

test('shows numbers while the run goes on, pauses the playhead, plays on and cancels', async ({ page, server }) => {
  await server.write((document) => {
    document.run['horizonSeconds'] = 86_400;
  });
  await openWindow(page, server);
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(card(page, 'clicks').locator('.card-rate')).toHaveText(/\/s$/);
  await expect(page.getByText(/^So far in this run, seed 7/).first()).toBeVisible();
  const clock = page.locator('.top-bar-clock');
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
  const paused = await settled(() => clock.innerText());
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await expect(clock).not.toHaveText(paused);
  await page.getByRole('button', { name: 'Cancel the run' }).click();
  await page.getByRole('tab', { name: 'Summary' }).click();
  await expect(page.getByText(/cancelled after/)).toBeVisible();
  await page.getByRole('tab', { name: 'Ledger' }).click();
  await expect(page.getByText(/Balanced:/)).toBeVisible();
});

test('shows what is selected: metrics, settings with their sources, advice', async ({ page, server }) => {
  await openWindow(page, server);
  await runToEnd(page);
  await card(page, 'clicks').click();
  const inspector = page.getByRole('complementary', { name: 'Inspector' });
  await expect(inspector.getByRole('heading', { name: 'clicks' })).toBeVisible();
  await expect(inspector.getByRole('textbox', { name: 'Shards' })).toHaveValue('2');
  await inspector.getByRole('button', { name: 'About Shards' }).click();
  const about = page.getByRole('dialog', { name: 'Shards' });
  await expect(about.getByRole('link')).toHaveAttribute('href', /^https:\/\/docs\.aws\.amazon\.com\//);
  await about.getByRole('button', { name: 'Close' }).click();
  await inspector.getByRole('button', { name: 'Metrics' }).click();
  await expect(inspector.getByText('IncomingRecords')).toBeVisible();
  await inspector.getByRole('button', { name: 'Advice' }).click();
  await expect(inspector.getByText('Nothing to advise after this run.')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(inspector).toBeHidden();
});

test('can be used from the keyboard alone', async ({ page, server }) => {
  await openWindow(page, server);
  await page.locator('.react-flow__node[data-id="enrich"]').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('complementary', { name: 'Inspector' })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.keyboard.press('Space');
  await ended(page);
});

test('lists what is wrong with a document, and reads it again', async ({ page, server }) => {
  await server.write(({ nodes }) => {
    for (const node of nodes) if (node.id === 'clicks') node.config = { shardCount: 0 };
  });
  await page.goto(server.url);
  await expect(page.getByText('design.caudal.json cannot be opened')).toBeVisible();
  await expect(page.getByText('nodes.clicks.config.shardCount')).toBeVisible();
  await server.write(() => undefined);
  await page.getByRole('button', { name: 'Read again' }).click();
  await expect(card(page, 'clicks')).toBeVisible();
});

test('opens another document of the folder it was started in', async ({ page, server }) => {
  await server.write(
    (document) => {
      document.name = 'another-design';
    },
    join(server.folder, 'other.caudal.json'),
  );
  await openWindow(page, server);
  await page.getByRole('button', { name: /^File: / }).click();
  await page.getByRole('menuitem', { name: /^Open Ctrl/ }).click();
  await page.getByRole('dialog').getByText('other.caudal.json').click();
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(page.getByText('another-design')).toBeVisible();
});

test('keeps room for the canvas on a small screen', async ({ page, server }) => {
  await page.setViewportSize({ width: 1024, height: 700 });
  await openWindow(page, server);
  await card(page, 'enrich').click();
  await expect(page.getByRole('complementary', { name: 'Inspector' })).toBeVisible();
  const canvas = await page.getByRole('main', { name: 'Canvas' }).boundingBox();
  expect(canvas?.width).toBeGreaterThanOrEqual(480);
  for (const node of ['web-app', 'back-end']) await expect(card(page, node)).toBeInViewport({ ratio: 0.99 });
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(overflow).toBe(0);
});

test('remembers theme and folded panel, and starts with preferences that cannot be read', async ({ page, server }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await openWindow(page, server);
  await page.getByRole('button', { name: 'Use the dark theme' }).click();
  await page.getByRole('button', { name: 'Fold the results' }).click();
  await page.reload();
  await expect(page.locator('body')).toHaveClass(/awsui-dark-mode/);
  await expect(page.getByRole('button', { name: 'Unfold the results' })).toBeVisible();
  await page.evaluate(() => localStorage.setItem('caudal.preferences', '{"theme": 7'));
  await page.reload();
  await expect(card(page, 'clicks')).toBeVisible();
  await expect(page.locator('body')).not.toHaveClass(/awsui-dark-mode/);
});

test('lays out a document whose nodes have no places', async ({ page, server }) => {
  await server.write(({ nodes }) => {
    for (const node of nodes) delete node.position;
  });
  await openWindow(page, server);
  const boxes = await Promise.all(NODES.map((node) => card(page, node).boundingBox()));
  const lefts = boxes.map((box) => box?.x ?? Number.NaN);
  expect(lefts).toEqual([...lefts].sort((a, b) => a - b));
  expect(new Set(lefts).size).toBe(NODES.length);
});

/** The text once it no longer changes. */
async function settled(read: () => Promise<string>): Promise<string> {
  let before = await read();
  await expect
    .poll(
      async () => {
        const now = await read();
        const isSame = now === before;
        before = now;
        return isSame;
      },
      { intervals: [400] },
    )
    .toBe(true);
  return before;
}
