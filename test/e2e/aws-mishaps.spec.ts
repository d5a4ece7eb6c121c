/** What goes wrong while a design is deployed, and what the window offers then, on an emulator of AWS that others wrote. */
import { expect, type Page } from '@playwright/test';
import { OWNERS_KEY } from '#cloud/deploy/owners.ts';
import type { Emulator } from '#test/emulator/emulator.ts';
import { failingResource, slowResource, stubbornResource } from '#test/emulator/planted-resources.ts';
import {
  answer,
  askDeploy,
  bar,
  changeQueue,
  deploy,
  LONG_MS,
  openAws,
  ORDERS,
  plantStack,
  question,
  queueAttribute,
  settled,
  STACK,
  stacks,
  test,
} from './aws-fixtures.ts';
import { card, FULL_ONLY } from './fixtures.ts';

async function stateOf(emulator: Emulator): Promise<string | undefined> {
  return (await stacks(emulator))[0]?.StackStatus;
}

test('says that AWS goes on when Caudal itself is lost, and follows again when it is back', async ({
  page,
  server,
  emulator,
  problems,
}) => {
  await plantStack(emulator, slowResource(ORDERS, 20));
  await openAws(page, server);
  await bar(page).getByRole('button', { name: 'Follow', exact: true }).click();
  await expect(bar(page).getByRole('button', { name: 'Stop following' })).toBeVisible();
  await server.kill();
  await expect(page.getByText(/AWS goes on with what it was told/)).toBeVisible();
  await server.restart();
  await expect(page.getByText('Caudal does not answer')).toHaveCount(0);
  await bar(page).getByRole('button', { name: 'Follow', exact: true }).click();
  await settled(page, `${STACK}: deployed`);
  await expect(card(page, 'orders')).toHaveAttribute('data-deploy', 'done');
  // The browser tells of each attempt to connect.
  problems.length = 0;
});

test('names the cause of a creation that AWS undid at its node, with what to do', async ({
  page,
  server,
  emulator,
}) => {
  const owners = { orders: ['Orders'], enrich: ['Planted', 'PlantedFunction', 'PlantedRole'] };
  await plantStack(
    emulator,
    failingResource({ ...ORDERS, Metadata: { [OWNERS_KEY]: owners } }, 'LimitExceeded: too many'),
  );
  await expect.poll(() => stateOf(emulator)).toBe('ROLLBACK_COMPLETE');
  await openAws(page, server);
  await expect(bar(page).getByRole('button', { name: 'Update', exact: true })).toBeDisabled();
  await page.getByRole('button', { name: 'Show what happened' }).click();
  await expect(card(page, 'enrich')).toHaveAttribute('data-deploy', 'failed');
  await expect(card(page, 'orders')).toHaveAttribute('data-deploy', 'undone');
  const cause = page.getByRole('listitem').filter({ hasText: 'AWS says: ' });
  await expect(cause).toContainText('A quota of the account is used up.');
  await expect(cause).toContainText('Ask for a higher one in Service Quotas');
  await cause.getByRole('button', { name: 'enrich' }).click();
  await expect(card(page, 'enrich')).toHaveClass(/card-selected/);
  await expect(page.getByRole('complementary', { name: 'Inspector' })).toContainText(
    'AWS says: LimitExceeded: too many',
  );
});

test('shows at the node what somebody changed outside Caudal', async ({ page, server, emulator }) => {
  await plantStack(emulator, ORDERS);
  await changeQueue(emulator, 'VisibilityTimeout', '99');
  await openAws(page, server);
  await bar(page).getByRole('button', { name: 'More about this deployment' }).click();
  await page.getByRole('menuitem', { name: 'Look for changes by hand' }).click();
  await expect(page.getByText(/VisibilityTimeout: 99 instead of 30/)).toBeVisible({ timeout: LONG_MS });
  await expect(card(page, 'orders')).toHaveAttribute('data-deploy', 'drifted');
  await expect(card(page, 'orders').getByText('changed by hand')).toBeVisible();
  await card(page, 'orders').click();
  const inspector = page.getByRole('complementary', { name: 'Inspector' });
  await inspector.getByRole('button', { name: 'Deployed' }).click();
  await expect(inspector).toContainText('VisibilityTimeout: 99 instead of 30');
});

test('a bucket that is kept is listed with its cost, and emptied only on a second answer', async ({
  page,
  server,
  emulator,
}) => {
  const lake = { Type: 'AWS::S3::Bucket', DeletionPolicy: 'Retain', Properties: { BucketName: 'the-lake' } };
  await plantStack(emulator, { ...ORDERS, Resources: { ...ORDERS.Resources, Lake: lake } });
  await openAws(page, server);
  await bar(page).getByRole('button', { name: 'Destroy', exact: true }).click();
  await answer(question(page, `Destroy ${STACK}?`), STACK, 'Destroy');
  const row = page.getByRole('row', { name: /the-lake/ });
  await expect(row).toContainText('nothing');
  await expect(row).toContainText('$0 (price of');
  await expect(row).toContainText(`caudal destroy ${STACK} --empty-bucket the-lake`);
  await page.getByRole('button', { name: 'Empty and delete the-lake' }).click();
  const dialog = question(page, 'Empty and delete a bucket?');
  await answer(dialog, STACK, 'Empty and delete');
  await expect(dialog.getByText(/^This is not the-lake/)).toBeVisible();
  await answer(dialog, 'the-lake', 'Empty and delete');
  await expect(page.getByText('Destroyed deployments have left nothing')).toBeVisible({ timeout: LONG_MS });
});

/** Types the name of the deployment into the question whether to destroy it. */
async function answerDestroy(page: Page): Promise<void> {
  await answer(question(page, `Destroy ${STACK}?`), STACK, 'Destroy');
}

// In full only: what the window asks for here is asked of AWS in test/emulator/ too.
test(
  'an update is refused while something is changed by hand, and made nevertheless when told to',
  FULL_ONLY,
  async ({ page, server, emulator }) => {
    await openAws(page, server);
    await deploy(page);
    await changeQueue(emulator, 'VisibilityTimeout', '99');
    await card(page, 'orders').click();
    const visibility = page.getByRole('textbox', { name: /Visibility timeout/ });
    await visibility.fill('77');
    await visibility.press('Enter');
    await answer(await askDeploy(page, 'Update'), STACK, 'Update');
    await expect(
      page.getByText(
        /outside Caudal: orders \(modified\).*deploy again and choose to write over it: what the update changes/,
      ),
    ).toBeVisible({
      timeout: LONG_MS,
    });
    expect(await queueAttribute(emulator, 'VisibilityTimeout')).toBe('99');
    await page.getByRole('button', { name: 'Write over it' }).click();
    await expect(page.getByRole('checkbox', { name: /Write over what was changed by hand/ })).toBeChecked();
    // What was chosen before is chosen still.
    await expect(page.getByRole('checkbox', { name: /Deploy the rest/ })).toBeChecked();
    await page.getByRole('button', { name: 'Show the plan' }).click();
    const dialog = question(page, `Update ${STACK}?`);
    await expect(dialog).toBeVisible({ timeout: LONG_MS });
    await answer(dialog, STACK, 'Update');
    await settled(page, `${STACK}: updated`);
    await expect(card(page, 'orders')).toHaveAttribute('data-deploy', 'done');
    expect(await queueAttribute(emulator, 'VisibilityTimeout')).toBe('77');
  },
);

test(
  'what AWS cannot delete is named with the cause, and left behind on a second answer',
  FULL_ONLY,
  async ({ page, server, emulator }) => {
    const owners = { orders: ['Orders'], enrich: ['Planted', 'PlantedFunction', 'PlantedRole'] };
    await plantStack(emulator, stubbornResource({ ...ORDERS, Metadata: { [OWNERS_KEY]: owners } }, 'still in use'));
    await expect.poll(() => stateOf(emulator), { timeout: LONG_MS }).toBe('CREATE_COMPLETE');
    await openAws(page, server);
    await bar(page).getByRole('button', { name: 'Destroy', exact: true }).click();
    await answerDestroy(page);
    await expect(page.getByText(/^walking-skeleton: the deletion stopped/).first()).toBeVisible({ timeout: LONG_MS });
    await expect(card(page, 'enrich')).toHaveAttribute('data-deploy', 'failed');
    await expect(page.getByRole('listitem').filter({ hasText: 'AWS says: ' }).first()).toContainText('still in use');
    await expect(
      page.getByText(/^What to do: .* leave what cannot be deleted behind, which is offered below\.$/),
    ).toBeVisible();
    expect(await stateOf(emulator)).toBe('DELETE_FAILED');
    await page.getByRole('button', { name: 'Destroy again and leave it behind' }).click();
    await answerDestroy(page);
    const left = page.getByRole('row', { name: /Planted/ });
    await expect(left).toContainText(STACK, { timeout: LONG_MS });
    await expect(left).toContainText('what it costs is not known here');
    expect(await stacks(emulator)).toEqual([]);
  },
);
