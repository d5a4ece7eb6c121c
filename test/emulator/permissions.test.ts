import { CreateAccessKeyCommand, CreateUserCommand, IAMClient, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import { describe, expect, it, vi } from 'vitest';
import type { Resource, Template } from './adapt-template.ts';
import { Deployer, openTestAccount, Stage } from './deployed.ts';
import { resourceOf, withProperties } from './documents.ts';
import { everyClick } from './quick.ts';
import { entries, identities, sendAll, takeAll } from './pipeline.ts';

const stage = new Stage({ enforcesPermissions: true });
const { skeleton } = stage;
const policyId = resourceOf(skeleton, 'enrich', 'AWS::IAM::Policy');

interface Statement {
  readonly Action: string | readonly string[];
}

/** The function's policy without the statements that allow an action. */
function without(template: Template, action: string): Template {
  const policy: Resource | undefined = template.Resources?.[policyId];
  const document = policy?.Properties?.['PolicyDocument'] as { readonly Statement: readonly Statement[] };
  const Statement = document.Statement.filter(({ Action }) => ![Action].flat().includes(action));
  expect(Statement.length).toBe(document.Statement.length - 1);
  return withProperties(template, policyId, { PolicyDocument: { ...document, Statement } });
}

describe('with permissions enforced', () => {
  it('records pass through on the roles of the template alone', async () => {
    const { outputs } = await stage.deployer.deploy('skeleton', everyClick(skeleton.template));
    const ids = identities(200);
    await sendAll(stage.emulator.options, outputs['AtClicks'] ?? '', entries(ids));
    const taken = await takeAll(stage.emulator.options, outputs['AtOrders'] ?? '', ids.length);
    expect(taken.toSorted()).toEqual(ids.toSorted());
  });

  it('nothing passes when the role may not send: what was enforced is the role of the function', async () => {
    const { outputs } = await stage.deployer.deploy(
      'skeleton',
      without(everyClick(skeleton.template), 'sqs:SendMessage'),
    );
    await sendAll(stage.emulator.options, outputs['AtClicks'] ?? '', entries(identities(20)));
    expect(await takeAll(stage.emulator.options, outputs['AtOrders'] ?? '', 1, 6_000)).toEqual([]);
  });

  it('a user without a right is told which, with the line of policy that grants it', async () => {
    const iam = new IAMClient(stage.emulator.options);
    await iam.send(new CreateUserCommand({ UserName: 'reader' }));
    const PolicyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'cloudformation:Describe*', Resource: '*' }],
    });
    await iam.send(new PutUserPolicyCommand({ UserName: 'reader', PolicyName: 'read', PolicyDocument }));
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'reader' }));
    vi.stubEnv('AWS_ACCESS_KEY_ID', AccessKey?.AccessKeyId ?? '');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', AccessKey?.SecretAccessKey ?? '');
    const account = await openTestAccount(stage.emulator.endpoint);
    const refused = new Deployer(account).plan('skeleton', skeleton.template);
    await expect(refused).rejects.toMatchObject({
      code: 'aws/access-denied',
      message: expect.stringMatching(/"Action":"cloudformation:CreateChangeSet"/),
    });
    account.close();
    iam.destroy();
  });
});
