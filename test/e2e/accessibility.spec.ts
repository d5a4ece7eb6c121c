import { expect } from '@playwright/test';
import { card, FULL_ONLY, openWindow, runToEnd, test } from './fixtures.ts';
import { violations } from './violations.ts';

test('has no serious accessibility violation in the dark theme before anything is run', async ({ page, server }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await openWindow(page, server);
  await card(page, 'clicks').click();
  expect(await violations(page)).toEqual([]);
});

for (const [colorScheme, details] of [
  ['light', {}],
  ['dark', FULL_ONLY],
] as const) {
  test(`has no serious accessibility violation in the ${colorScheme} theme`, details, async ({ page, server }) => {
    test.setTimeout(120_000);
    await page.emulateMedia({ colorScheme });
    // One shard is too few: the window shows trouble too.
    await server.write((document) => {
      for (const node of document.nodes) if (node.id === 'clicks') node.config = { shardCount: 1 };
      document.run = { ...document.run, horizonSeconds: 120, preRollSeconds: 0 };
    });
    await openWindow(page, server);
    expect(await violations(page)).toEqual([]);
    await runToEnd(page);
    await card(page, 'clicks').click();
    expect(await violations(page)).toEqual([]);
    for (const tab of ['Ledger', 'Limits', 'Cost', 'Events', 'Objectives']) {
      await page.getByRole('tab', { name: new RegExp(`^${tab}`) }).click();
      expect(await violations(page, '.run-panel')).toEqual([]);
    }
    for (const part of ['Metrics', 'Advice']) {
      await page.getByRole('complementary', { name: 'Inspector' }).getByRole('button', { name: part }).click();
      expect(await violations(page, '.inspector')).toEqual([]);
    }
    const inspector = page.getByRole('complementary', { name: 'Inspector' });
    await card(page, 'web-app').click();
    await inspector.getByRole('button', { name: 'Configure' }).click();
    await inspector.getByRole('button', { name: /^clicks/ }).click();
    expect(await violations(page, '.inspector')).toEqual([]);
    await page.getByRole('button', { name: 'Design settings' }).click();
    for (const part of ['Faults', 'Objectives', 'Design']) {
      await inspector.getByRole('button', { name: part, exact: true }).click();
      expect(await violations(page, '.inspector')).toEqual([]);
    }
    await page.getByRole('button', { name: /^File: / }).click();
    await page.getByRole('menuitem', { name: /^Open Ctrl/ }).click();
    await expect(page.getByRole('dialog').getByText('design.caudal.json')).toBeVisible();
    expect(await violations(page)).toEqual([]);
  });
}
