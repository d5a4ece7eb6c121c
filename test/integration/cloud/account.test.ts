import { DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type AccountOptions, openAccount } from '#cloud/account/account.ts';
import { checkQuotas } from '#cloud/deploy/quota-check.ts';
import {
  type FakeAws,
  type FakeReply,
  jsonError,
  jsonReply,
  queryError,
  queryReply,
  startFakeAws,
} from '#test/harness/fake-aws.ts';

const IDENTITY = '<Arn>arn:aws:iam::111122223333:user/ana</Arn><UserId>u</UserId><Account>111122223333</Account>';

let folder: string;
let aws: FakeAws | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'caudal-account-'));
  // Nothing of the account of whoever runs the tests is read.
  for (const name of ['AWS_PROFILE', 'AWS_SESSION_TOKEN', 'AWS_REGION', 'AWS_DEFAULT_REGION'])
    vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'));
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'credentials'));
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAIOSFODNN7EXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'the-secret-itself');
});

afterEach(async () => {
  await aws?.stop();
  aws = undefined;
  rmSync(folder, { recursive: true });
  vi.unstubAllEnvs();
});

async function serve(reply: (action: string) => FakeReply | undefined): Promise<void> {
  aws = await startFakeAws(({ action }) => reply(action));
  vi.stubEnv('AWS_ENDPOINT_URL', aws.endpoint);
}

const open = (options: Partial<AccountOptions> = {}) =>
  openAccount({ documentRegion: 'us-east-1', tries: 1, ...options });

describe('an account', () => {
  it('is known by its alias and the last digits of its number', async () => {
    await serve((action) =>
      action === 'GetCallerIdentity'
        ? queryReply(action, IDENTITY)
        : queryReply(
            action,
            '<AccountAliases><member>team-sandbox</member></AccountAliases><IsTruncated>false</IsTruncated>',
          ),
    );
    const account = await open();
    expect(await account.identity()).toEqual({ alias: 'team-sandbox', lastDigits: '3333' });
    await account.identity();
    expect(aws?.calls).toHaveLength(2);
    account.close();
  });

  it('is known without an alias to whoever may not read it', async () => {
    await serve((action) =>
      action === 'GetCallerIdentity' ? queryReply(action, IDENTITY) : queryError(403, 'AccessDenied', 'Access Denied'),
    );
    const account = await open();
    expect(await account.identity()).toEqual({ alias: null, lastDigits: '3333' });
    account.close();
  });

  it('holds nothing of its credentials that could be printed', async () => {
    await serve((action) => queryError(403, 'SignatureDoesNotMatch', `no: AKIAIOSFODNN7EXAMPLE ${action}`));
    const account = await open();
    const failure = await account.identity().catch((error: unknown) => error as Error & { code: string });
    expect(failure).toMatchObject({ code: 'aws/wrong-secret' });
    expect(
      `${JSON.stringify(failure)}${String((failure as Error).stack)}${JSON.stringify(account.region)}`,
    ).not.toMatch(/AKIA|the-secret-itself/);
    account.close();
  });

  it.each([
    [
      'expired',
      queryError(403, 'ExpiredToken', 'The security token included in the request is expired'),
      'aws/expired-credentials',
    ],
    ['throttled', queryError(400, 'Throttling', 'Rate exceeded'), 'aws/throttled'],
    ['down', { status: 503, body: '' }, 'aws/server-fault'],
    ['cut off', undefined, 'aws/unreachable'],
    [
      'of another time',
      queryError(
        403,
        'RequestTimeTooSkewed',
        'The difference between the request time and the current time is too large.',
      ),
      'aws/clock-skew',
    ],
  ])('fails in words where AWS is %s', async (_, reply, code) => {
    await serve(() => reply);
    const account = await open();
    await expect(account.identity()).rejects.toMatchObject({ kind: 'environment', code });
    account.close();
  });

  it('tries a throttled call again', async () => {
    let calls = 0;
    await serve((action) => {
      calls++;
      return calls === 1 ? queryError(400, 'Throttling', 'Rate exceeded') : queryReply(action, IDENTITY);
    });
    const account = await open({ tries: 3 });
    expect(await account.identity()).toMatchObject({ lastDigits: '3333' });
    account.close();
  });

  it('fails with the way out where there are no credentials, and asks nothing', async () => {
    await serve(() => undefined);
    vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
    const account = await open();
    await expect(account.identity()).rejects.toMatchObject({ code: 'aws/no-credentials' });
    const named = await open({ profile: 'nobody' });
    await expect(named.identity()).rejects.toThrow('the profile nobody');
    expect(aws?.calls).toEqual([]);
  });

  it('asks for the code of an MFA device, and fails in words where nobody can be asked', async () => {
    writeFileSync(
      join(folder, 'config'),
      [
        '[profile base]',
        '[profile team]',
        'role_arn = arn:aws:iam::111122223333:role/deployer',
        'source_profile = base',
        'mfa_serial = arn:aws:iam::111122223333:mfa/ana',
      ].join('\n'),
    );
    writeFileSync(
      join(folder, 'credentials'),
      '[base]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = s\n',
    );
    await serve((action) =>
      action === 'AssumeRole'
        ? queryReply(
            action,
            '<Credentials><AccessKeyId>ASIA0</AccessKeyId><SecretAccessKey>t</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2999-01-01T00:00:00Z</Expiration></Credentials>',
          )
        : queryReply(action, IDENTITY),
    );
    const mute = await open({ profile: 'team' });
    await expect(mute.identity()).rejects.toMatchObject({ code: 'aws/mfa-needed' });
    const asked: string[] = [];
    const account = await open({
      profile: 'team',
      askMfaCode: async (serial) => {
        asked.push(serial);
        return '123456';
      },
    });
    expect(await account.identity()).toMatchObject({ lastDigits: '3333' });
    expect(asked).toEqual(['arn:aws:iam::111122223333:mfa/ana']);
    const assumed = aws?.calls.find(({ action }) => action === 'AssumeRole');
    expect(assumed?.input).toMatchObject({ TokenCode: '123456', RoleArn: 'arn:aws:iam::111122223333:role/deployer' });
  });

  it("fails, naming both, where the profile's Region is not the document's", async () => {
    writeFileSync(join(folder, 'config'), '[profile team]\nregion = eu-west-1\n');
    await expect(open({ profile: 'team' })).rejects.toThrow(
      'the document says us-east-1, your AWS settings say eu-west-1',
    );
    const account = await open({ profile: 'team', region: 'eu-west-1' });
    expect(account.region).toBe('eu-west-1');
  });

  it('fails for an endpoint that is no address', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', 'localhost');
    await expect(open()).rejects.toThrow('[aws/not-an-endpoint]');
  });

  it('that may only look sends no change', async () => {
    await serve((action) => queryReply(action, IDENTITY));
    const account = await open({ isReadOnly: true });
    expect(await account.identity()).toMatchObject({ lastDigits: '3333' });
    const sent = aws?.calls.length;
    await expect(
      account.clients.cloudFormation.send(new DeleteStackCommand({ StackName: 'shop' })),
    ).rejects.toMatchObject({
      code: 'aws/read-only',
    });
    expect(aws?.calls).toHaveLength(sent ?? 0);
    account.close();
  });
});

/** Replies made by hand: https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_GetServiceQuota.html (read 2026-11-21). */
describe('quotas of the account', () => {
  const limit = {
    unit: 'environments',
    refused: 0,
    waiting: 0,
    source: 'https://docs.aws.amazon.com/',
    raisable: true,
  };
  const lambda = {
    ...limit,
    id: 'lambda/concurrent-executions',
    node: null,
    name: 'concurrent executions',
    capacity: 1000,
    peakRatio: 0.05,
  };
  const inFlight = {
    ...limit,
    id: 'in-flight',
    node: 'orders',
    name: 'messages in flight',
    capacity: 120_000,
    peakRatio: 1,
    waiting: 7,
  };
  const own = {
    ...limit,
    id: 'workers',
    node: 'back',
    name: 'workers',
    capacity: 8,
    peakRatio: 1,
    source: 'config.workers',
  };
  const input = { limits: [lambda, inFlight, own], documentQuotas: {}, leftOut: new Set<string>() };

  it('are asked of Service Quotas: a new account has less than AWS documents', async () => {
    await serve((action) => {
      return action === 'GetServiceQuota'
        ? jsonReply({ Quota: { QuotaCode: 'L-B99A9384', QuotaName: 'Concurrent executions', Value: 10 } })
        : jsonReply({ Quotas: [] });
    });
    const account = await open();
    expect(await checkQuotas(account, input)).toMatchObject([
      { id: 'lambda/concurrent-executions', peak: 50, quota: 10, from: 'account', isExceeded: true },
      { id: 'in-flight', peak: 120_000, held: 7, quota: 120_000, from: 'default', isExceeded: true },
    ]);
    expect(aws?.calls[0]?.input).toEqual({ ServiceCode: 'lambda', QuotaCode: 'L-B99A9384' });
    account.close();
  });

  it('are as documented where Service Quotas does not answer, and as the document says where it says', async () => {
    await serve(() =>
      jsonError(400, 'AccessDeniedException', 'not authorized to perform: servicequotas:GetServiceQuota'),
    );
    const account = await open();
    const busy = { ...lambda, peakRatio: 0.9 };
    const quotas = { 'lambda/concurrent-executions': 1000 };
    expect(await checkQuotas(account, { ...input, limits: [busy] })).toMatchObject([
      { from: 'default', isExceeded: false },
    ]);
    expect(await checkQuotas(account, { ...input, limits: [busy], documentQuotas: quotas })).toMatchObject([
      { from: 'document', isExceeded: false },
    ]);
    account.close();
  });

  it('of what is left out are not looked at', async () => {
    await serve(() => jsonReply({ Quotas: [] }));
    const account = await open();
    expect(await checkQuotas(account, { ...input, limits: [inFlight], leftOut: new Set(['orders']) })).toEqual([]);
    account.close();
  });
});
