import { expect, type Locator, type Page } from '@playwright/test';
import { card, openWindow, settled, test } from './fixtures.ts';

const entry = (page: Page, name: string): Locator => page.getByRole('menuitem', { name });

test('duplicates and deletes by the menu of a node, and pastes where the menu of the canvas was opened', async ({
  page,
  server,
}) => {
  await openWindow(page, server);
  await card(page, 'orders').click({ button: 'right' });
  await expect(entry(page, 'Cut')).toBeVisible();
  await entry(page, 'Copy').click();
  await expect(entry(page, 'Cut')).toBeHidden();
  const pane = page.locator('.react-flow__pane');
  await settled(page);
  await pane.click({ button: 'right', position: { x: 520, y: 90 } });
  await entry(page, 'Paste here').click();
  await expect(card(page, 'orders-2')).toBeVisible();
  const at = await pane.boundingBox();
  const box = await card(page, 'orders-2').boundingBox();
  expect(Math.abs((box?.x ?? 0) + (box?.width ?? 0) / 2 - (at?.x ?? 0) - 520)).toBeLessThan(20);
  await card(page, 'orders-2').click({ button: 'right' });
  await entry(page, 'Delete').click();
  await expect(card(page, 'orders-2')).toBeHidden();
});

test('is reached, gone through and left by keyboard, and gives the focus back', async ({ page, server }) => {
  await openWindow(page, server);
  const node = page.locator('.react-flow__node[data-id="clicks"]');
  await node.focus();
  await page.keyboard.press('Shift+F10');
  await expect(entry(page, 'Break this node')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(entry(page, 'Break this node')).toBeHidden();
  await expect(node).toBeFocused();
  await page.keyboard.press('ContextMenu');
  await expect(entry(page, 'Cut')).toBeVisible();
  // The first entry has the focus; the third is Duplicate.
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.locator('.card')).toHaveCount(6);
});

test('breaks a node, and adds a component where the menu was opened', async ({ page, server }) => {
  await openWindow(page, server);
  await card(page, 'back-end').click({ button: 'right' });
  await entry(page, 'Break this node').click();
  await page
    .getByRole('dialog', { name: /^Break/ })
    .getByRole('option', { name: /Outage/ })
    .click();
  await expect(page.getByRole('button', { name: /^Undo break back-end/ })).toBeVisible();
  await page.locator('.react-flow__pane').click({ button: 'right', position: { x: 520, y: 90 } });
  await entry(page, 'Add a component here').click();
  await page.getByRole('dialog').getByRole('combobox').fill('SNS');
  await page.keyboard.press('Enter');
  await expect(card(page, 'sns')).toBeVisible();
  await page
    .locator('.react-flow__edge')
    .first()
    .dispatchEvent('contextmenu', { clientX: 500, clientY: 400, bubbles: true });
  await expect(entry(page, 'Delete')).toBeVisible();
  await entry(page, 'Delete').click();
  await expect(page.locator('.react-flow__edge')).toHaveCount(3);
});
