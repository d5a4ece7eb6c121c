import { CreateChangeSetCommand, DescribeChangeSetCommand } from '@aws-sdk/client-cloudformation';
import { describe, expect, it } from 'vitest';
import type { AwsAccount } from '#cloud/account/account.ts';
import { AwsError } from '#cloud/account/aws-error.ts';
import { createChangeSet } from '#cloud/deploy/change-set.ts';
import type { Clock } from '#cloud/deploy/clock.ts';

const request = { stackName: 'shop', name: 'one', isNew: true, template: { body: '{}' }, tags: {} };
const unknownRole = new AwsError('aws/refused', 'AWS refused', {
  awsCode: 'ValidationError',
  awsMessage: 'Role arn:aws:iam::111122223333:role/shop-guard-ServiceRole is invalid or cannot be assumed',
});

/** Answers of CloudFormation in their order; a failure is thrown. */
function accountOf(answers: readonly unknown[]): { account: AwsAccount; sent: unknown[] } {
  const left = [...answers];
  const sent: unknown[] = [];
  const send = async (command: unknown): Promise<unknown> => {
    sent.push(command);
    const answer = left.shift();
    if (answer instanceof Error) throw answer;
    return answer ?? {};
  };
  return { account: { clients: { cloudFormation: { send } } } as unknown as AwsAccount, sent };
}

/** A clock that does not wait, and counts what it would have waited. */
function countingClock(): Clock & { readonly waitedMs: () => number } {
  let ms = 0;
  return {
    nowMs: () => ms,
    sleep: async (span) => {
      ms += span;
    },
    waitedMs: () => ms,
  };
}

describe('createChangeSet', () => {
  it('waits until AWS has worked it out, and reads every page', async () => {
    const { account, sent } = accountOf([
      { Id: 'arn:set' },
      { Status: 'CREATE_IN_PROGRESS' },
      { Status: 'CREATE_COMPLETE', Changes: [{ Type: 'Resource' }], NextToken: 'two' },
      { Changes: [{ Type: 'Resource' }, { Type: 'Resource' }] },
    ]);
    const made = await createChangeSet(account, request, { clock: countingClock() });
    expect(made).toMatchObject({ id: 'arn:set' });
    expect(made?.changes).toHaveLength(3);
    expect(sent.at(-1)).toBeInstanceOf(DescribeChangeSetCommand);
  });

  it.each([
    "The submitted information didn't contain changes. Submit different information to create a change set.",
    'No updates are to be performed.',
  ])('gives none, and takes it away, where AWS says: %s', async (StatusReason) => {
    const { account, sent } = accountOf([{ Id: 'arn:set' }, { Status: 'FAILED', StatusReason }]);
    expect(await createChangeSet(account, request, { clock: countingClock() })).toBeUndefined();
    expect(sent).toHaveLength(3);
  });

  it('fails with the reason of AWS where it refuses the changes, and leaves nothing', async () => {
    const { account, sent } = accountOf([{ Id: 'arn:set' }, { Status: 'FAILED', StatusReason: 'Unresolved resource' }]);
    await expect(createChangeSet(account, request, { clock: countingClock() })).rejects.toMatchObject({
      code: 'deploy/change-set-refused',
      message: expect.stringContaining('Unresolved resource'),
    });
    expect(sent).toHaveLength(3);
  });

  it('asks again while AWS does not know the new role everywhere', async () => {
    const clock = countingClock();
    const { account, sent } = accountOf([unknownRole, unknownRole, { Id: 'arn:set' }, { Status: 'CREATE_COMPLETE' }]);
    expect(await createChangeSet(account, request, { clock })).toMatchObject({ changes: [] });
    expect(sent.filter((command) => command instanceof CreateChangeSetCommand)).toHaveLength(3);
    expect(clock.waitedMs()).toBe(6000);
  });

  it('fails when the role is never known', async () => {
    const { account } = accountOf(Array.from({ length: 20 }, () => unknownRole));
    await expect(createChangeSet(account, request, { clock: countingClock() })).rejects.toBe(unknownRole);
  });

  it('fails when AWS does not come to an end', async () => {
    const { account } = accountOf([
      { Id: 'arn:set' },
      ...Array.from({ length: 1000 }, () => ({ Status: 'CREATE_PENDING' })),
    ]);
    await expect(createChangeSet(account, request, { clock: countingClock() })).rejects.toMatchObject({
      code: 'deploy/no-end',
    });
  });
});
