/** Deploys on the emulator the way the product does, from the template adapted where the emulator needs it. */
import {
  CloudFormationClient,
  CreateChangeSetCommand,
  DescribeChangeSetCommand,
  type DescribeChangeSetCommandOutput,
} from '@aws-sdk/client-cloudformation';
import { S3Client } from '@aws-sdk/client-s3';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, inject } from 'vitest';
import { applyChangeSet, type ApplyRequest } from '#cloud/deploy/apply.ts';
import type { Clock } from '#cloud/deploy/clock.ts';
import { deploymentTags, type SynthResult } from '#schema/deployment.ts';
import type { FollowEvent, StackOutcome } from '#schema/deployment-state.ts';
import { adaptTemplate, type Template } from './adapt-template.ts';
import { EXPIRES_AT } from './documents.ts';
import { type ClientOptions, type Emulator, startEmulator } from './emulator.ts';
import { DOCUMENT } from './names.ts';

/** A hundred times as fast: the emulator needs milliseconds where AWS needs minutes. */
export const fastClock: Clock = {
  nowMs: () => Date.now(),
  sleep: async (ms, signal) => {
    await sleep(ms / 100, undefined, { signal });
  },
};

export interface PlanOptions {
  readonly isUpdate?: boolean;
  readonly tags?: Readonly<Record<string, string>>;
}

/** Clients of one account, and what the plan would do. */
export class Account {
  readonly options: ClientOptions;
  readonly client: CloudFormationClient;
  readonly s3: S3Client;
  readonly region = 'us-east-1';

  constructor(options: ClientOptions) {
    this.options = options;
    this.client = new CloudFormationClient(options);
    this.s3 = new S3Client({ ...options, forcePathStyle: true });
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
    const { Id } = await this.client.send(
      new CreateChangeSetCommand({
        StackName: stackName,
        ChangeSetName: `plan-${performance.now().toFixed(3).replace('.', '-')}`,
        ChangeSetType: options.isUpdate === true ? 'UPDATE' : 'CREATE',
        TemplateBody: JSON.stringify(adaptTemplate(template).template),
        Capabilities: ['CAPABILITY_IAM'],
        Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      }),
    );
    for (;;) {
      const found = await this.client.send(new DescribeChangeSetCommand({ ChangeSetName: Id }));
      if (found.Status !== 'CREATE_PENDING' && found.Status !== 'CREATE_IN_PROGRESS') return found;
      await sleep(20);
    }
  }

  async apply(plan: DescribeChangeSetCommandOutput, options: Partial<ApplyRequest> = {}): Promise<StackOutcome> {
    return applyChangeSet({
      client: this.client,
      changeSetId: plan.ChangeSetId ?? '',
      document: DOCUMENT,
      clock: fastClock,
      ...options,
    });
  }

  /** Plans and applies. */
  async deploy(
    stackName: string,
    template: Template,
    { isUpdate = false, onEvent }: { isUpdate?: boolean; onEvent?: (event: FollowEvent) => void } = {},
  ): Promise<StackOutcome> {
    return this.apply(await this.plan(stackName, template, { isUpdate }), { onEvent });
  }

  close(): void {
    this.client.destroy();
    this.s3.destroy();
  }
}

/** A server of this file's own, emptied before each test, and an account on it. */
export class Stage {
  readonly skeleton: SynthResult = inject('skeleton');
  private server: Emulator | undefined;
  private user: Account | undefined;

  constructor(options: { readonly enforcesPermissions?: boolean } = {}) {
    beforeAll(async () => {
      this.server = await startEmulator(options);
      this.user = new Account(this.server.options);
    });
    afterAll(async () => {
      this.user?.close();
      await this.server?.stop();
    });
    beforeEach(() => this.emulator.reset());
  }

  get emulator(): Emulator {
    if (this.server === undefined) throw new Error('the emulator has not been started');
    return this.server;
  }

  get account(): Account {
    if (this.user === undefined) throw new Error('the emulator has not been started');
    return this.user;
  }
}
