/** A window on an emulator of AWS: one for all tests of a worker, emptied before each. */
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import {
  GetQueueAttributesCommand,
  ListQueuesCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { expect, type Locator, type Page } from '@playwright/test';
import { OWNERS_KEY } from '#cloud/deploy/owners.ts';
import { type Emulator, startEmulator, TEST_ACCOUNT, TEST_REGION } from '#test/emulator/emulator.ts';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findMinistack } from '#tools/setup/ministack.mjs';
import { AppServer, card, test as base } from './fixtures.ts';

/** What the window suggests for the reference scenario. */
export const STACK = 'walking-skeleton';

/** Counted as skipped where the emulator cannot be had, and failed in continuous integration. */
const MISSING =
  findMinistack() === undefined ? 'SKIPPED: the AWS emulator is not installed; npm run emulator brings it' : undefined;
if (MISSING !== undefined && process.env['CI']) throw new Error(MISSING);
// oxlint-disable-next-line no-console
if (MISSING !== undefined) console.error(`\n${MISSING}. Nothing of the window over AWS was tested.\n`);

export interface WorkerFixtures {
  readonly emulator: Emulator;
}

const SIMULATED_SECONDS = 20;
/** For what makes a template, or waits for AWS. Milliseconds. */
export const LONG_MS = 120_000;

export interface Options {
  /** Whether the program finds credentials. */
  readonly hasCredentials: boolean;
  /** What the user's AWS settings say: `~/.aws/config`. */
  readonly awsConfig: string;
}

export const test = base.extend<Options, WorkerFixtures>({
  hasCredentials: [true, { option: true }],
  awsConfig: ['', { option: true }],
  emulator: [
    // Playwright wants the braces.
    // oxlint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const emulator = await startEmulator();
      await use(emulator);
      await emulator.stop();
    },
    { scope: 'worker' },
  ],
  server: async ({ emulator, hasCredentials, awsConfig }, use) => {
    await emulator.reset();
    const folder = await mkdtemp(join(tmpdir(), 'caudal-aws-'));
    await writeFile(join(folder, 'config'), awsConfig);
    const environment = {
      ...environmentOf(emulator.endpoint, hasCredentials),
      AWS_CONFIG_FILE: join(folder, 'config'),
      AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'),
    };
    const server = await AppServer.start(environment, SIMULATED_SECONDS);
    await use(server);
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  },
});
test.skip(MISSING !== undefined, 'the AWS emulator is not installed: npm run emulator brings it');
// The template is made in a process of its own, which takes its time on a busy machine.
test.setTimeout(240_000);

/** Nothing of the user's own account. */
const NO_CREDENTIALS: NodeJS.ProcessEnv = {
  AWS_ACCESS_KEY_ID: undefined,
  AWS_SECRET_ACCESS_KEY: undefined,
  AWS_SESSION_TOKEN: undefined,
  AWS_PROFILE: undefined,
  AWS_DEFAULT_REGION: undefined,
  AWS_EC2_METADATA_DISABLED: 'true',
};

/** An account that answers at an address, with credentials for it. */
export function withCredentials(endpoint: string): NodeJS.ProcessEnv {
  return environmentOf(endpoint, true);
}

function environmentOf(endpoint: string, hasCredentials: boolean): NodeJS.ProcessEnv {
  return {
    ...NO_CREDENTIALS,
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: TEST_REGION,
    ...(hasCredentials ? { AWS_ACCESS_KEY_ID: TEST_ACCOUNT, AWS_SECRET_ACCESS_KEY: 'not-a-secret' } : {}),
  };
}

/** Opens the window, flips the switch, and waits until AWS has said whose account it is. */
export async function openAws(page: Page, server: AppServer): Promise<void> {
  await flip(page, server);
  await expect(bar(page).getByRole('button', { name: /^account \(…0000\), us-east-1/ })).toBeVisible();
}

export async function flip(page: Page, server: AppServer): Promise<void> {
  await page.goto(server.url);
  await expect(card(page, 'clicks')).toBeVisible();
  await page.getByRole('button', { name: 'AWS', exact: true }).click();
  await expect(bar(page)).toBeVisible();
}

export function bar(page: Page): Locator {
  return page.getByRole('group', { name: 'AWS', exact: true });
}

/** The dialog that waits for an answer. */
export function question(page: Page, name: string): Locator {
  return page.getByRole('dialog', { name });
}

type Verb = 'Deploy' | 'Update';

/** Chooses the rest, as a consumer is no AWS resource, and waits for the plan that asks for the name. */
export async function askDeploy(page: Page, verb: Verb = 'Deploy'): Promise<Locator> {
  await bar(page).getByRole('button', { name: verb, exact: true }).click();
  await page.getByRole('checkbox', { name: /Deploy the rest/ }).check();
  await page.getByRole('button', { name: 'Show the plan' }).click();
  const dialog = question(page, `${verb} ${STACK}?`);
  await expect(dialog).toBeVisible({ timeout: LONG_MS });
  return dialog;
}

/** Types a name into the dialog that asks for it. */
export async function answer(dialog: Locator, name: string, button: string): Promise<void> {
  await dialog.getByRole('textbox').fill(name);
  await dialog.getByRole('button', { name: button, exact: true }).click();
}

export async function deploy(page: Page, verb: Verb = 'Deploy'): Promise<void> {
  await answer(await askDeploy(page, verb), STACK, verb);
  await settled(page, verb === 'Deploy' ? `${STACK}: deployed` : `${STACK}: updated`);
}

/** Waits until an operation has ended with these words, and the window has looked again. */
export async function settled(page: Page, words: string): Promise<void> {
  await expect(page.getByText(words, { exact: true }).first()).toBeVisible({ timeout: LONG_MS });
  await expect(bar(page).getByRole('button', { name: /^Stop/ })).toHaveCount(0);
}

/** A queue that is the design's `orders`. */
export const ORDERS = {
  Resources: { Orders: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 30 } } },
  Metadata: { [OWNERS_KEY]: { orders: ['Orders'] } },
};

/** Makes a stack as an earlier session of Caudal would have, of resources that the test chooses. */
export async function plantStack(emulator: Emulator, template: object): Promise<void> {
  await withStacks(emulator, async (client) => {
    await client.send(
      new CreateStackCommand({
        StackName: STACK,
        TemplateBody: JSON.stringify(template),
        Capabilities: ['CAPABILITY_IAM'],
        Tags: [
          { Key: 'caudal:document', Value: 'walking-skeleton' },
          { Key: 'caudal:version', Value: '0.0.0-test' },
        ],
      }),
    );
  });
}

/** Changes the newest queue by hand, as somebody at the console would. */
export async function changeQueue(emulator: Emulator, attribute: 'VisibilityTimeout', value: string): Promise<void> {
  await withQueue(emulator, async (client, QueueUrl) => {
    await client.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { [attribute]: value } }));
  });
}

/** An attribute of the newest queue. */
export async function queueAttribute(emulator: Emulator, name: 'VisibilityTimeout'): Promise<string | undefined> {
  return withQueue(emulator, async (client, QueueUrl) => {
    const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [name] }));
    return Attributes?.[name];
  });
}

async function withQueue<T>({ options }: Emulator, work: (client: SQSClient, url: string) => Promise<T>): Promise<T> {
  const client = new SQSClient({ ...options, useQueueUrlAsEndpoint: false });
  try {
    const { QueueUrls = [] } = await client.send(new ListQueuesCommand({}));
    return await work(client, QueueUrls.at(-1) ?? '');
  } finally {
    client.destroy();
  }
}

export async function stacks(emulator: Emulator): Promise<readonly Stack[]> {
  return withStacks(emulator, async (client) => (await client.send(new DescribeStacksCommand({}))).Stacks ?? []);
}

async function withStacks<T>({ options }: Emulator, work: (client: CloudFormationClient) => Promise<T>): Promise<T> {
  const client = new CloudFormationClient(options);
  try {
    return await work(client);
  } finally {
    client.destroy();
  }
}
