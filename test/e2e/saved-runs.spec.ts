import { readFile, truncate } from 'node:fs/promises';
import { expect, type Page } from '@playwright/test';
import { card, openWindow, runToEnd, test } from './fixtures.ts';

async function command(page: Page, name: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: /Search|command/i }).fill(name);
  await page.keyboard.press('Enter');
}

async function openTab(page: Page, name: RegExp): Promise<void> {
  await page.getByRole('tab', { name }).click();
}

/** What the tables of the results say. */
async function ledgerText(page: Page): Promise<string> {
  await openTab(page, /^Ledger/);
  return (
    await page
      .getByRole('table', { name: /ledger|records/i })
      .first()
      .innerText()
  ).trim();
}

test('saves a run and shows it again, over its design and as a document of its own', async ({ page, server }) => {
  await openWindow(page, server);
  await runToEnd(page);
  const ledger = await ledgerText(page);
  const cost = await page.getByRole('button', { name: /a month, show the cost/ }).innerText();
  await command(page, 'Save the run');
  const dialog = page.getByRole('dialog', { name: 'Save the run' });
  await expect(dialog.getByLabel('File name')).toHaveValue('design-seed-7.caudal-run');
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(dialog).toBeHidden();
  const saved = await readFile(`${server.folder}/design-seed-7.caudal-run`);
  expect(saved.subarray(0, 14).toString()).toBe('{"caudalRun":2');

  // The same design, in a window that has run nothing.
  await page.reload();
  await expect(card(page, 'clicks')).toHaveAttribute('data-state', 'idle');
  await openTab(page, /^Runs/);
  await page.getByRole('button', { name: 'Open a saved run' }).click();
  await page.getByRole('button', { name: 'design-seed-7.caudal-run' }).click();
  await expect(page.getByRole('status', { name: /^Saved run from design-seed-7\.caudal-run/ })).toBeVisible();
  await expect(page.getByRole('button', { name: /^File: .*, saved/ })).toBeVisible();
  await page.keyboard.press('End');
  await expect(card(page, 'clicks')).not.toHaveAttribute('data-state', 'idle');
  expect(await ledgerText(page)).toBe(ledger.replaceAll('One run, seed 7', ''));
  await expect(
    page.getByText(/Saved run, seed 7, Caudal \d+\.\d+\.\d+, prices of \d{4}-\d\d-\d\d/).first(),
  ).toBeVisible();
  expect(await page.getByRole('button', { name: /a month, show the cost/ }).innerText()).toBe(cost);

  // Another design: the run brings its own.
  await server.write((document) => {
    document.name = 'another';
    document.run = { ...document.run, seed: 8 };
  }, `${server.folder}/another.caudal.json`);
  await page.keyboard.press('Control+o');
  await page.getByRole('button', { name: 'another.caudal.json' }).click();
  await expect(page.getByRole('button', { name: /^File: another, saved/ })).toBeVisible();
  await command(page, 'Open a saved run');
  await page.getByRole('button', { name: 'design-seed-7.caudal-run' }).click();
  await expect(page.getByRole('button', { name: /^File: walking-skeleton, not saved/ })).toBeVisible();
  await expect(page.getByRole('status', { name: /^Saved run from/ })).toBeVisible();
  expect(await page.getByRole('button', { name: /a month, show the cost/ }).innerText()).toBe(cost);
});

test('says what is wrong with a file that is no whole run, and leaves what is on screen', async ({ page, server }) => {
  await openWindow(page, server);
  await runToEnd(page);
  await command(page, 'Save the run');
  await page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByRole('dialog')).toBeHidden();
  await truncate(`${server.folder}/design-seed-7.caudal-run`, 5000);
  await command(page, 'Open a saved run');
  await page.getByRole('button', { name: 'design-seed-7.caudal-run' }).click();
  await expect(page.getByText(/is cut short: \d+ of \d+ bytes are there/)).toBeVisible();
  await expect(page.getByText(/^One run, seed 7/).first()).toBeVisible();
});
