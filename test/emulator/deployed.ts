/** Deploys documents on the emulator the way the product does, from the template adapted where the emulator needs it. */
import {
  CloudFormationClient,
  CreateChangeSetCommand,
  DescribeChangeSetCommand,
  type DescribeChangeSetCommandOutput,
} from '@aws-sdk/client-cloudformation';
import { S3Client } from '@aws-sdk/client-s3';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { validateDocument } from '#analysis/validate.ts';
import { ROOT } from '#bin/build-state.mjs';
import { components, connections } from '#catalog/specs.ts';
import type { Clock } from '#cloud/deploy/clock.ts';
import { synthesize } from '#cloud/deploy/synth.ts';
import { deploymentTags, type SynthResult } from '#schema/deployment.ts';
import type { CaudalDocument } from '#schema/document.ts';
import { adaptTemplate, type Template } from './adapt-template.ts';
import type { Emulator } from './emulator.ts';

export function readScenario(name: string, change: (raw: never) => void = () => {}): CaudalDocument {
  const raw: unknown = JSON.parse(readFileSync(`${ROOT}/scenarios/${name}/scenario.caudal.json`, 'utf8'));
  change(raw as never);
  const validated = validateDocument(raw, { components, connections });
  if (!('document' in validated)) throw new Error(JSON.stringify(validated));
  return validated.document;
}

/** The template that would be shipped. */
export async function synthesized(document: CaudalDocument, stackName: string): Promise<SynthResult> {
  return synthesize({ document, stackName, version: '0.0.0-test', expiresAt: '2026-12-01T00:00:00Z' });
}

/** A hundred times as fast: the emulator needs milliseconds where AWS needs minutes. */
export const fastClock: Clock = {
  nowMs: () => Date.now(),
  sleep: async (ms, signal) => {
    await sleep(ms / 100, undefined, { signal });
  },
};

export class Account {
  readonly cloudFormation: CloudFormationClient;
  readonly s3: S3Client;
  readonly region = 'us-east-1';

  constructor(options: Emulator['options']) {
    this.cloudFormation = new CloudFormationClient(options);
    this.s3 = new S3Client({ ...options, forcePathStyle: true });
  }

  /** Plans: a change set of an adapted copy of the template. */
  async plan(
    stackName: string,
    template: Template,
    { document = 'walking-skeleton', isUpdate = false } = {},
  ): Promise<DescribeChangeSetCommandOutput> {
    const { Id } = await this.cloudFormation.send(
      new CreateChangeSetCommand({
        StackName: stackName,
        ChangeSetName: `plan-${Date.now()}`,
        ChangeSetType: isUpdate ? 'UPDATE' : 'CREATE',
        TemplateBody: JSON.stringify(adaptTemplate(template).template),
        Capabilities: ['CAPABILITY_IAM'],
        Tags: [
          { Key: deploymentTags.document, Value: document },
          { Key: deploymentTags.version, Value: '0.0.0-test' },
          { Key: deploymentTags.expiry, Value: '2026-12-01T00:00:00Z' },
        ],
      }),
    );
    for (;;) {
      const found = await this.cloudFormation.send(new DescribeChangeSetCommand({ ChangeSetName: Id }));
      if (found.Status !== 'CREATE_PENDING' && found.Status !== 'CREATE_IN_PROGRESS') return found;
      await sleep(20);
    }
  }

  close(): void {
    this.cloudFormation.destroy();
    this.s3.destroy();
  }
}
