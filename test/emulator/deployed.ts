/** Deploys on the emulator the way the product does, from the template adapted where the emulator needs it. */
import {
  CreateChangeSetCommand,
  DescribeChangeSetCommand,
  type DescribeChangeSetCommandOutput,
} from '@aws-sdk/client-cloudformation';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, inject, vi } from 'vitest';
import { type AwsAccount, openAccount } from '#cloud/account/account.ts';
import { applyChangeSet, type ApplyRequest } from '#cloud/deploy/apply.ts';
import type { Clock } from '#cloud/deploy/clock.ts';
import { deploymentTags, type SynthResult } from '#schema/deployment.ts';
import type { FollowEvent, StackOutcome } from '#schema/deployment-state.ts';
import { adaptTemplate, type Rewrite, type Template } from './adapt-template.ts';
import { EXPIRES_AT } from './documents.ts';
import { type Emulator, startEmulator, TEST_ACCOUNT, TEST_REGION } from './emulator.ts';
import { DOCUMENT } from './names.ts';

/** Largest template that CloudFormation takes as it is, bytes. */
const SENT_BYTES = 51_200;
const STAGING = 'staged-templates';

/** A hundred times as fast: the emulator needs milliseconds where AWS needs minutes. */
export const fastClock: Clock = {
  nowMs: () => Date.now(),
  sleep: async (ms, signal) => {
    await sleep(ms / 100, undefined, { signal });
  },
};

export interface PlanOptions {
  readonly isUpdate?: boolean;
  readonly rewrites?: readonly Rewrite[] | undefined;
  readonly tags?: Readonly<Record<string, string>>;
}

/** An account on a server, as the product opens it, and what the plan would do with a template. */
export class Deployer {
  readonly account: AwsAccount;

  constructor(account: AwsAccount) {
    this.account = account;
  }

  /** Makes a change set of an adapted copy of the template. */
  async plan(
    stackName: string,
    template: Template,
    options: PlanOptions = {},
  ): Promise<DescribeChangeSetCommandOutput> {
    const tags = options.tags ?? {
      [deploymentTags.document]: DOCUMENT,
      [deploymentTags.version]: '0.0.0-test',
      [deploymentTags.expiry]: EXPIRES_AT,
    };
    const { Id } = await this.account.clients.cloudFormation.send(
      new CreateChangeSetCommand({
        StackName: stackName,
        ChangeSetName: `plan-${performance.now().toFixed(3).replace('.', '-')}`,
        ChangeSetType: options.isUpdate === true ? 'UPDATE' : 'CREATE',
        ...(await this.place(JSON.stringify(adaptTemplate(template, options.rewrites).template))),
        Capabilities: ['CAPABILITY_IAM'],
        Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      }),
    );
    for (;;) {
      const found = await this.account.clients.cloudFormation.send(new DescribeChangeSetCommand({ ChangeSetName: Id }));
      if (found.Status !== 'CREATE_PENDING' && found.Status !== 'CREATE_IN_PROGRESS') return found;
      await sleep(20);
    }
  }

  /** As the plan hands a template over: a large one by a bucket. */
  private async place(body: string): Promise<{ TemplateBody: string } | { TemplateURL: string }> {
    if (Buffer.byteLength(body) <= SENT_BYTES) return { TemplateBody: body };
    const { clients, endpoint } = this.account;
    await clients.s3.send(new CreateBucketCommand({ Bucket: STAGING }));
    await clients.s3.send(new PutObjectCommand({ Bucket: STAGING, Key: 'template.json', Body: body }));
    return { TemplateURL: `${endpoint}/${STAGING}/template.json` };
  }

  async apply(plan: DescribeChangeSetCommandOutput, options: Partial<ApplyRequest> = {}): Promise<StackOutcome> {
    return applyChangeSet({
      account: this.account,
      changeSetId: plan.ChangeSetId ?? '',
      clock: fastClock,
      ...options,
    });
  }

  /** Plans and applies. */
  async deploy(
    stackName: string,
    template: Template,
    { onEvent, ...options }: PlanOptions & { onEvent?: (event: FollowEvent) => void } = {},
  ): Promise<StackOutcome> {
    return this.apply(await this.plan(stackName, template, options), { onEvent });
  }
}

/** Opens the account that answers at an address: the emulator's own, or that of a proxy before it. */
export async function openTestAccount(endpoint: string, tries?: number): Promise<AwsAccount> {
  return openAccount({
    region: TEST_REGION,
    documentRegion: TEST_REGION,
    environment: { AWS_ENDPOINT_URL: endpoint },
    ...(tries === undefined ? {} : { tries }),
  });
}

/** A server of this file's own, emptied before each test, and an account on it. */
export class Stage {
  readonly skeleton: SynthResult = inject('skeleton');
  private server: Emulator | undefined;
  private user: Deployer | undefined;

  constructor(options: { readonly enforcesPermissions?: boolean } = {}) {
    beforeAll(async () => {
      // The provider chain of the product finds them where it would find a user's.
      vi.stubEnv('AWS_ACCESS_KEY_ID', TEST_ACCOUNT);
      vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'not-a-secret');
      vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
      this.server = await startEmulator(options);
      this.user = new Deployer(await openTestAccount(this.server.endpoint));
    });
    afterAll(async () => {
      this.user?.account.close();
      await this.server?.stop();
      vi.unstubAllEnvs();
    });
    beforeEach(() => this.emulator.reset());
  }

  get emulator(): Emulator {
    if (this.server === undefined) throw new Error('the emulator has not been started');
    return this.server;
  }

  get deployer(): Deployer {
    if (this.user === undefined) throw new Error('the emulator has not been started');
    return this.user;
  }

  get account(): AwsAccount {
    return this.deployer.account;
  }
}
