import { expect, type Page } from '@playwright/test';
import { card, openWindow, runToEnd, test } from './fixtures.ts';

const rate = (page: Page): ReturnType<Page['locator']> => card(page, 'clicks').locator('.card-rate');

test('shows rates per day once that is chosen, everywhere, and remembers it', async ({ page, server }) => {
  await openWindow(page, server);
  await runToEnd(page);
  await page.keyboard.press('End');
  await expect(rate(page)).toHaveText(/^[\d.]+k?\/s$/);
  await page.getByRole('button', { name: /seed 7 .*change it/ }).click();
  await page.getByRole('button', { name: 'Per day' }).click();
  await page.keyboard.press('Escape');
  await expect(rate(page)).toHaveText(/^[\d.]+[kM]\/day$/);
  await expect(page.locator('.edge-label').first()).toHaveText(/\/day/);
  await expect(page.locator('.chart-title').first()).toContainText(/\/day max/);
  await card(page, 'web-app').click();
  await expect(page.locator('.profile-chart figcaption')).toContainText(/peak [\d.]+[kM]\/day/);
  await page.reload();
  await card(page, 'web-app').click();
  await expect(page.locator('.profile-chart figcaption')).toContainText(/\/day/);
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('Show rates per second');
  await page.keyboard.press('Enter');
  await expect(page.locator('.profile-chart figcaption')).toContainText(/peak [\d.]+k?\/s/);
});
