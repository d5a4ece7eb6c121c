/** The switch: plan, deploy, update, follow and destroy from the window, on an emulator of AWS that others wrote. */
import { expect } from '@playwright/test';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TEST_ACCOUNT } from '#test/emulator/emulator.ts';
import { slowResource } from '#test/emulator/planted-resources.ts';
import {
  answer,
  askDeploy,
  bar,
  deploy,
  flip,
  LONG_MS,
  openAws,
  ORDERS,
  plantStack,
  question,
  settled,
  STACK,
  stacks,
  test,
} from './aws-fixtures.ts';
import { card, FULL_ONLY } from './fixtures.ts';
import { violations } from './violations.ts';

test.describe('without credentials', () => {
  test.use({ hasCredentials: false });

  test('the window says what to do, in one sentence', async ({ page, server }) => {
    await flip(page, server);
    await expect(page.getByText(/^No AWS credentials/)).toHaveText(
      'No AWS credentials were found; run aws configure or aws sso login, set AWS_PROFILE, or choose a profile at the account in the top bar.',
    );
    await expect(bar(page).getByRole('button', { name: 'Deploy', exact: true })).toBeDisabled();
  });
});

test.describe('with a profile whose role wants a code', () => {
  test.use({
    awsConfig: [
      '[profile base]',
      `aws_access_key_id = ${TEST_ACCOUNT}`,
      'aws_secret_access_key = not-a-secret',
      '[profile team]',
      `role_arn = arn:aws:iam::${TEST_ACCOUNT}:role/deployer`,
      'source_profile = base',
      `mfa_serial = arn:aws:iam::${TEST_ACCOUNT}:mfa/ana`,
    ].join('\n'),
  });

  test('the window asks for it, and says whose account it is then', async ({ page, server }) => {
    await openAws(page, server);
    await bar(page)
      .getByRole('button', { name: /^account/ })
      .click();
    await page.getByRole('button', { name: /^Profile/ }).click();
    await page.getByRole('option', { name: 'team' }).click();
    const dialog = question(page, 'Code of your MFA device');
    await expect(dialog).toContainText(`arn:aws:iam::${TEST_ACCOUNT}:mfa/ana`);
    await answer(dialog, '12', 'Go on');
    await expect(dialog.getByText('A code has six digits.')).toBeVisible();
    await answer(dialog, '123456', 'Go on');
    await expect(page.getByText(`Nothing is deployed as ${STACK} in account (…0000)`)).toBeVisible();
  });
});

test('a plan says first what cannot be deployed, then what the rest does and costs, and leaves nothing behind', async ({
  page,
  server,
  emulator,
}) => {
  await openAws(page, server);
  await bar(page).getByRole('button', { name: 'Plan', exact: true }).click();
  await expect(page.getByText('One part cannot be deployed')).toBeVisible({ timeout: LONG_MS });
  await page.getByRole('button', { name: 'Plan the rest' }).click();
  await expect(page.getByText('Nothing has been changed.')).toBeVisible({ timeout: LONG_MS });
  await expect(page.getByText(/^A new stack: \d+ to add\.$/)).toBeVisible();
  await expect(page.getByRole('table', { name: /^Resources/ }).getByRole('row')).not.toHaveCount(1);
  await expect(page.getByRole('table', { name: /^Cost of a month/ })).toContainText('clicks');
  await expect(card(page, 'web-app')).toHaveAttribute('data-deploy', 'driven');
  await expect(card(page, 'back-end')).toHaveAttribute('data-deploy', 'absent');
  expect(await stacks(emulator)).toEqual([]);
});

test('deploys when the name is typed, updates after an edit, and takes it all away again', async ({
  page,
  server,
  emulator,
}) => {
  await openAws(page, server);
  const dialog = await askDeploy(page);
  await answer(dialog, 'something-else', 'Deploy');
  await expect(dialog.getByText(/^This is not walking-skeleton/)).toBeVisible();
  expect(await stacks(emulator)).toEqual([]);
  await answer(dialog, STACK, 'Deploy');
  await settled(page, `${STACK}: deployed`);
  for (const node of ['clicks', 'enrich', 'orders']) {
    await expect(card(page, node)).toHaveAttribute('data-deploy', 'done');
    await expect(card(page, node).getByText('deployed', { exact: true })).toBeVisible();
  }
  await expect(page.getByRole('list', { name: /^Steps of CloudFormation/ })).toContainText('create complete');
  await expect(page.getByRole('table', { name: `Outputs of ${STACK}` })).toContainText('AtClicks');
  await expect(bar(page).getByRole('button', { name: /deployed, expires in [78] h/ })).toBeVisible();

  await card(page, 'orders').click();
  const visibility = page.getByRole('textbox', { name: /Visibility timeout/ });
  await visibility.fill('77');
  await visibility.press('Enter');
  await deploy(page, 'Update');
  await expect(card(page, 'orders')).toHaveAttribute('data-deploy', 'done');

  await bar(page).getByRole('button', { name: 'Destroy', exact: true }).click();
  await answer(question(page, `Destroy ${STACK}?`), STACK, 'Destroy');
  await settled(page, `${STACK}: deleted`);
  await expect(card(page, 'orders')).toHaveAttribute('data-deploy', 'deleted');
  await page.getByRole('button', { name: `Delete ${STACK}-guard` }).click();
  await answer(question(page, 'Delete a guard stack?'), STACK, 'Delete');
  await expect(page.getByText('Destroyed deployments have left nothing')).toBeVisible({ timeout: LONG_MS });
  expect(await stacks(emulator)).toEqual([]);
});

// In full only: the journey of a program that was lost follows again, too.
test(
  'follows what AWS does after the window was closed in the middle',
  FULL_ONLY,
  async ({ page, server, emulator }) => {
    await plantStack(emulator, slowResource(ORDERS, 12));
    await openAws(page, server);
    await bar(page).getByRole('button', { name: 'Follow', exact: true }).click();
    await expect(bar(page).getByRole('button', { name: 'Stop following' })).toBeVisible();
    await expect(page.getByRole('list', { name: /^Steps of CloudFormation/ })).toContainText('create in progress');
    await page.reload();
    await page.getByRole('button', { name: 'AWS', exact: true }).click();
    await bar(page).getByRole('button', { name: 'Follow', exact: true }).click();
    await settled(page, `${STACK}: deployed`);
    await expect(card(page, 'orders')).toHaveAttribute('data-deploy', 'done');
  },
);

for (const [colorScheme, details] of [
  ['light', {}],
  ['dark', FULL_ONLY],
] as const) {
  test(
    `has no serious accessibility violation, and its bar has room, in the ${colorScheme} theme`,
    details,
    async ({ page, server, emulator }) => {
      await page.emulateMedia({ colorScheme });
      await plantStack(emulator, ORDERS);
      await openAws(page, server);
      await expect(card(page, 'orders')).toHaveAttribute('data-deploy', 'done');
      expect(await violations(page)).toEqual([]);
      for (const [width, height] of [
        [1440, 900],
        [1024, 700],
      ] as const) {
        await page.setViewportSize({ width, height });
        const overflow = await page.locator('.top-bar').evaluate((top) => top.scrollWidth - top.clientWidth);
        expect(overflow).toBe(0);
        const place = bar(page).getByRole('button', { name: /^account/ });
        expect(await place.locator('.aws-place').evaluate((text) => text.scrollWidth - text.clientWidth)).toBe(0);
      }
      await bar(page)
        .getByRole('button', { name: /^account/ })
        .click();
      expect(await violations(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await bar(page).getByRole('button', { name: 'Update', exact: true }).click();
      await expect(page.getByRole('dialog')).toBeVisible();
      expect(await violations(page)).toEqual([]);
    },
  );
}

test('exports the template into the start folder, and replaces a file only when told to', async ({ page, server }) => {
  await openAws(page, server);
  const file = join(server.folder, `${STACK}.yaml`);
  await writeFile(file, 'mine');
  await bar(page).getByRole('button', { name: 'More about this deployment' }).click();
  await page.getByRole('menuitem', { name: 'Export the template' }).click();
  const dialog = page.getByRole('dialog', { name: 'Export the template' });
  await dialog.getByRole('checkbox', { name: /^Leave out/ }).check();
  await dialog.getByRole('button', { name: 'Export', exact: true }).click();
  await expect(dialog.getByText(`${STACK}.yaml exists already.`)).toBeVisible();
  expect(await readFile(file, 'utf8')).toBe('mine');
  await dialog.getByRole('button', { name: 'Replace the file' }).click();
  await expect(page.getByText(`The template was written to ${STACK}.yaml.`)).toBeVisible({ timeout: LONG_MS });
  expect(await readFile(file, 'utf8')).toContain('AWS::Kinesis::Stream');
});

test('read only looks and plans, and offers nothing that changes anything', async ({ page, server, emulator }) => {
  await plantStack(emulator, ORDERS);
  await openAws(page, server);
  await bar(page)
    .getByRole('button', { name: /^account/ })
    .click();
  await page.getByRole('checkbox', { name: /^Read only/ }).check();
  await page.keyboard.press('Escape');
  await expect(bar(page).getByText('read only', { exact: true })).toBeVisible();
  for (const name of ['Update', 'Destroy']) {
    await expect(bar(page).getByRole('button', { name, exact: true })).toBeDisabled();
  }
  await expect(bar(page).getByRole('button', { name: 'Plan', exact: true })).toBeEnabled();
  expect((await stacks(emulator)).map(({ StackStatus }) => StackStatus)).toEqual(['CREATE_COMPLETE']);
});
