/** The calls about AWS, from a window over a real socket to the host, against a server that answers as AWS does. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type FakeAws, queryError, queryReply, startFakeAws } from '#test/harness/fake-aws.ts';
import { hostError } from '#renderer/state/host-client.ts';
import { Harness } from '#test/integration/serve-harness.ts';

const skeleton = JSON.parse(await readFile('scenarios/walking-skeleton/scenario.caudal.json', 'utf8')) as unknown;

let harness: Harness;
let aws: FakeAws;

beforeEach(async () => {
  aws = await startFakeAws(({ action }) => {
    if (action === 'GetCallerIdentity') return queryReply(action, '<Account>111122223333</Account>');
    if (action === 'ListAccountAliases')
      return queryReply(action, '<AccountAliases><member>sandbox</member></AccountAliases>');
    if (action === 'DescribeStacks') return queryReply(action, '<Stacks></Stacks>');
    if (action === 'ListStacks') return queryReply(action, '<StackSummaries></StackSummaries>');
    return queryError(403, 'AccessDenied', `not allowed: ${action}`);
  });
  vi.stubEnv('AWS_ENDPOINT_URL', aws.endpoint);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'planted-secret');
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  vi.stubEnv('AWS_CONFIG_FILE', '/dev/null');
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/dev/null');
  harness = await Harness.start({}, skeleton);
});

afterEach(async () => {
  await harness.stop();
  await aws.stop();
  vi.unstubAllEnvs();
});

async function open() {
  const { client } = await harness.connect();
  const opened = await client.document.current({});
  if (opened.kind !== 'valid') throw new Error('the document is not valid');
  return { client, document: opened.id };
}

async function allOf<Event>(stream: Promise<AsyncIterable<Event>>): Promise<Event[]> {
  const events: Event[] = [];
  for await (const event of await stream) events.push(event);
  return events;
}

describe('the calls about AWS', () => {
  it('say what the environment sets, without a secret', async () => {
    const { client, document } = await open();
    const setting = await client.aws.setting({ document });
    expect(setting).toMatchObject({ profiles: [], region: 'eu-west-1', endpoint: aws.endpoint });
    expect(setting.suggestedStackName).toMatch(/^[A-Za-z][-A-Za-z0-9]*$/);
    expect(JSON.stringify(setting)).not.toContain('planted-secret');
  });

  it('show the account by its alias and last digits only, with what it holds', async () => {
    const { client } = await open();
    const events = await allOf(client.aws.overview({ place: {} }));
    expect(events.map(({ kind }) => kind)).toEqual(['started', 'done']);
    expect(events.at(-1)).toMatchObject({
      result: { account: { alias: 'sandbox', lastDigits: '3333' }, region: 'eu-west-1', deployments: [] },
    });
    expect(JSON.stringify(events)).not.toContain('111122223333');
  });

  it('fail where a window that only looks asks for a change, before AWS is asked anything', async () => {
    const { client, document } = await open();
    const place = { isReadOnly: true };
    const asked = [
      client.aws.deploy({ place, document, stackName: 'shop' }),
      client.aws.destroy({ place, stackName: 'shop' }),
      client.aws.destroyGuard({ place, stackName: 'shop' }),
      client.aws.emptyBucket({ place, stackName: 'shop', bucket: 'kept-bucket' }),
      client.aws.drive({ place, document, stackName: 'shop', seconds: 1 }),
    ];
    for (const stream of asked) {
      const error = await allOf<unknown>(stream as Promise<AsyncIterable<unknown>>).catch(hostError);
      expect(error).toMatchObject({ code: 'aws/read-only' });
    }
    expect(aws.calls).toEqual([]);
  });

  it('fail with every part that cannot be deployed, by its path', async () => {
    const { client, document } = await open();
    const error = await allOf(client.aws.plan({ place: {}, document, stackName: 'shop' })).catch(hostError);
    const { faults } = error as unknown as { readonly faults: readonly { readonly path: string }[] };
    expect(faults.map(({ path }) => path)).toContain('nodes.back-end');
  });

  it('write the template and the CDK project into the folder, and never over what is there', async () => {
    const { client, document } = await open();
    const asked = { document, stackName: 'shop', allowLeftOut: true } as const;
    expect(await client.aws.export({ ...asked, form: 'json', path: 'shop' })).toEqual({ path: 'shop.json' });
    const template = JSON.parse(await readFile(join(harness.folder, 'shop.json'), 'utf8')) as object;
    expect(template).toHaveProperty('Resources');
    const again = await client.aws.export({ ...asked, form: 'json', path: 'shop.json' }).catch(hostError);
    expect(again).toMatchObject({ faults: [{ code: 'file/exists' }] });
    await client.aws.export({ ...asked, form: 'project', path: 'app' });
    expect(await readFile(join(harness.folder, 'app', 'package.json'), 'utf8')).toContain('aws-cdk-lib');
    const outside = await client.aws.export({ ...asked, form: 'project', path: '../app' }).catch(hostError);
    expect(outside).toMatchObject({ faults: [{ code: 'file/outside-folder' }] });
  });
});
