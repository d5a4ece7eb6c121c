import { chmod, readdir, readFile } from 'node:fs/promises';
import { expect, type Locator, type Page } from '@playwright/test';
import { type AppServer, card, openWindow, test } from './fixtures.ts';

const component = (page: Page, name: string): Locator =>
  page.getByRole('complementary', { name: 'Palette' }).getByRole('button', { name, exact: true });
const unsaved = (page: Page): Locator => page.getByRole('button', { name: /^File: .*not saved/ });
const saved = (page: Page): Locator => page.getByRole('button', { name: /^File: .*, saved/ });

/** A change that can be told apart: one more queue, with all that it needs to be valid. */
async function addQueue(page: Page): Promise<void> {
  await component(page, 'Amazon SQS').click();
  await expect(card(page, 'sqs')).toBeVisible();
  await expect(unsaved(page)).toBeVisible();
}

async function nodesOnDisk(server: AppServer, file = server.file): Promise<string[]> {
  const { nodes } = JSON.parse(await readFile(file, 'utf8')) as { nodes: { id: string }[] };
  return nodes.map(({ id }) => id);
}

/** Unsaved work that the program keeps. */
async function keptNames(server: AppServer): Promise<string[]> {
  return readdir(`${server.folder}/.state/unsaved`).catch(() => []);
}

/** A browser reports every address that does not answer. */
const isRefusedConnection = (problem: string): boolean =>
  /ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|WebSocket connection/.test(problem);

test('saves, with one item a line, and shows what was saved when it is opened again', async ({ page, server }) => {
  await openWindow(page, server);
  await addQueue(page);
  await page.keyboard.press('Control+s');
  await expect(saved(page)).toBeVisible();
  expect(await nodesOnDisk(server)).toContain('sqs');
  const lines = (await readFile(server.file, 'utf8')).split('\n');
  expect(lines.filter((line) => line.includes('"id": "sqs"'))).toHaveLength(1);
  const next = await page.context().newPage();
  await next.goto(server.url);
  await page.close();
  await expect(card(next, 'sqs')).toBeVisible();
});

test('shows unsaved work again after the page is loaded again', async ({ page, server }) => {
  await openWindow(page, server);
  await addQueue(page);
  await expect.poll(() => keptNames(server)).toHaveLength(1);
  await page.reload();
  await expect(card(page, 'sqs')).toBeVisible();
  await expect(unsaved(page)).toBeVisible();
});

test('keeps unsaved work while the program is killed and started again, and saves it then', async ({
  page,
  server,
  problems,
}) => {
  await openWindow(page, server);
  await addQueue(page);
  await server.kill();
  await expect(page.getByText('Caudal does not answer')).toBeVisible();
  // Work goes on meanwhile.
  await component(page, 'AWS Lambda').click();
  await expect(card(page, 'lambda')).toBeVisible();
  await server.restart();
  await expect(page.getByText('Caudal does not answer')).toBeHidden();
  await expect(card(page, 'sqs')).toBeVisible();
  await expect(card(page, 'lambda')).toBeVisible();
  await expect(page.getByText('Read only')).toBeHidden();
  await page.keyboard.press('Control+s');
  await expect(saved(page)).toBeVisible();
  expect(await nodesOnDisk(server)).toEqual(expect.arrayContaining(['sqs', 'lambda']));
  expect(problems.filter((problem) => !isRefusedConnection(problem))).toEqual([]);
  problems.length = 0;
});

test('keeps unsaved work while the program is started anew with another token, once its address is opened', async ({
  page,
  server,
  problems,
}) => {
  await openWindow(page, server);
  await server.kill();
  await addQueue(page);
  await server.restart('0123456789abcdef0123456789abcdef');
  await expect(page.getByText('Caudal was started anew')).toBeVisible();
  const next = await page.context().newPage();
  await next.goto(server.url);
  await expect(page.getByText('Caudal was started anew')).toBeHidden();
  await expect(card(page, 'sqs')).toBeVisible();
  await expect(page.getByText('Read only')).toBeHidden();
  await expect(card(next, 'sqs')).toBeVisible();
  await expect(next.getByText('Read only')).toBeVisible();
  await page.bringToFront();
  await page.keyboard.press('Control+s');
  await expect(saved(page)).toBeVisible();
  expect(await nodesOnDisk(server)).toContain('sqs');
  problems.length = 0;
});

test('offers unsaved work after a crash of program and window, and gives it back', async ({
  page,
  server,
  problems,
}) => {
  await openWindow(page, server);
  await addQueue(page);
  await expect.poll(() => keptNames(server)).toHaveLength(1);
  const context = page.context();
  await server.kill();
  await page.close();
  await server.restart();
  const next = await context.newPage();
  await next.goto(server.url);
  const offer = next.getByRole('dialog', { name: 'There is unsaved work from before' });
  await expect(offer).toBeVisible();
  await offer.getByRole('button', { name: 'Recover it' }).click();
  await expect(offer).toBeHidden();
  await expect(card(next, 'sqs')).toBeVisible();
  await expect(unsaved(next)).toBeVisible();
  expect(await nodesOnDisk(server)).not.toContain('sqs');
  await next.keyboard.press('Control+s');
  await expect(saved(next)).toBeVisible();
  expect(await nodesOnDisk(server)).toContain('sqs');
  expect(await keptNames(server)).toEqual([]);
  expect(problems.filter((problem) => !isRefusedConnection(problem))).toEqual([]);
  problems.length = 0;
});

test('asks before it replaces what another program wrote into the file', async ({ page, server }) => {
  await openWindow(page, server);
  await addQueue(page);
  await server.write((document) => {
    document.name = 'theirs';
  });
  await expect(page.getByText('was changed by another program').first()).toBeVisible();
  await page.keyboard.press('Control+s');
  const question = page.getByRole('dialog', { name: 'design.caudal.json was changed by another program' });
  await question.getByRole('button', { name: 'Cancel' }).click();
  await expect(question).toBeHidden();
  expect(await nodesOnDisk(server)).not.toContain('sqs');
  await page.keyboard.press('Control+s');
  await question.getByRole('button', { name: 'Replace the file' }).click();
  await expect(saved(page)).toBeVisible();
  expect(await nodesOnDisk(server)).toContain('sqs');
});

test('fails to save a read-only file in one sentence, keeps the work, and saves it once that is mended', async ({
  page,
  server,
}) => {
  await openWindow(page, server);
  await addQueue(page);
  await chmod(server.file, 0o444);
  await page.keyboard.press('Control+s');
  await expect(
    page.getByText('design.caudal.json was not saved: writing there is not permitted; save it somewhere else'),
  ).toBeVisible();
  await expect(unsaved(page)).toBeVisible();
  expect(await nodesOnDisk(server)).not.toContain('sqs');
  await chmod(server.file, 0o644);
  await page.keyboard.press('Control+s');
  await expect(saved(page)).toBeVisible();
  expect(await nodesOnDisk(server)).toContain('sqs');
});

test('reads along where another program writes the document, and takes over from it', async ({ page, server }) => {
  await openWindow(page, server);
  const other = await server.beside();
  const second = await page.context().newPage();
  await second.goto(other.url);
  await expect(second.getByText('Read only')).toBeVisible();
  await expect(second.getByText('another Caudal')).toBeVisible();
  await second.getByRole('button', { name: 'Take over' }).click();
  await expect(second.getByText('Read only')).toBeHidden();
  await expect(page.getByText('Read only')).toBeVisible();
  await component(second, 'Amazon SQS').click();
  await second.keyboard.press('Control+s');
  await expect(saved(second)).toBeVisible();
  expect(await nodesOnDisk(server)).toContain('sqs');
  await second.close();
  await other.kill();
});

test('opens a scenario that comes with Caudal as a copy, and saves it in the folder', async ({ page, server }) => {
  await openWindow(page, server);
  await page.getByRole('button', { name: /^File: / }).click();
  await page.getByRole('menuitem', { name: 'Reference architectures' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'A stream with a hot key' }).click();
  await expect(card(page, 'reader')).toBeVisible();
  await expect(saved(page)).toBeVisible();
  await page.keyboard.press('Control+s');
  await page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByRole('dialog')).toBeHidden();
  expect(await nodesOnDisk(server, `${server.folder}/kinesis-data-streams.caudal.json`)).toContain('reader');
});
