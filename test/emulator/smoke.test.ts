import { PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { listDeployments, listResources, readOwners } from '#cloud/deploy/stack-state.ts';
import { deployedMetrics } from '#cloud/observe/deployed-metrics.ts';
import { openDocument } from '#host/files/open.ts';
import { allowedAccount } from '#test/aws/guard.ts';
import { RECORDS, smokeTest } from '#test/aws/smoke.ts';
import { caudal } from '#test/harness/command-line.ts';
import { Stage } from './deployed.ts';
import { TEST_ACCOUNT } from './emulator.ts';

const stage = new Stage();
const SEEDED = new Map([
  ['clicks IncomingRecords', RECORDS],
  ['enrich Invocations', 12],
  ['orders NumberOfMessagesSent', RECORDS],
]);

beforeAll(() => {
  vi.stubEnv('AWS_ENDPOINT_URL', stage.emulator.endpoint);
});

function environment(more: Readonly<Record<string, string | undefined>> = {}) {
  return { AWS_ENDPOINT_URL: stage.emulator.endpoint, CAUDAL_TEST_AWS: TEST_ACCOUNT, ...more };
}

/** Puts into CloudWatch what AWS would have counted. */
async function seed(stackName: string, startedAt: string): Promise<void> {
  const { document } = await openDocument('test/aws/chain.caudal.json');
  const resources = await listResources(stage.account, stackName, await readOwners(stage.account, stackName));
  for (const { node, declaration, dimensions } of deployedMetrics(document, resources, stackName)) {
    const Value = SEEDED.get(`${node} ${declaration.name}`);
    if (Value === undefined) continue;
    const Dimensions = Object.entries(dimensions).map(([Name, value]) => ({ Name, Value: value }));
    await stage.account.clients.cloudWatch.send(
      new PutMetricDataCommand({
        Namespace: declaration.namespace,
        MetricData: [{ MetricName: declaration.name, Dimensions, Timestamp: new Date(startedAt), Value }],
      }),
    );
  }
}

describe('npm run test:aws, where the emulator stands for AWS', () => {
  it('takes every step: 1,000 records in, 1,000 counted, the expiry as stored, and nothing left', async () => {
    const account = await allowedAccount(environment());
    const lines: string[] = [];
    const failed = await smokeTest({ account, caudal, tell: (line) => lines.push(line), beforeObserving: seed });
    expect(failed, lines.join('\n')).toBe(0);
    const steps = lines.slice(1).map((line) => line.split(/\s+/).slice(0, 2).join(' '));
    expect(steps).toEqual(
      ['synth', 'plan', 'deploy', 'expiry', 'drift', 'drive', 'observe', 'destroy', 'leftovers'].map(
        (step) => `ok ${step}`,
      ),
    );
    expect(lines[0]).toContain('this shows that the steps work, and nothing about AWS');
    expect(lines.find((line) => line.includes('drive'))).toContain('1000 sent, 1000 counted at the queue');
    expect(lines.find((line) => line.includes('expiry'))).toMatch(
      /at\(20\d\d-[\d-]+T[\d:]+\): deleteStack of caudal-smoke-/,
    );
    expect(await listDeployments(stage.account)).toEqual([]);
    account.close();
  }, 180_000);

  it('takes everything away all the same where a step fails', async () => {
    const account = await allowedAccount(environment());
    const lines: string[] = [];
    const failed = await smokeTest({
      account,
      caudal: (...argv) =>
        argv[0] === 'drive' ? Promise.resolve({ code: 3, out: '', err: 'planted to fail' }) : caudal(...argv),
      tell: (line) => lines.push(line),
    });
    expect(failed).toBe(1);
    expect(lines.find((line) => line.startsWith('FAILED  drive'))).toContain('planted to fail');
    expect(lines.at(-1)).toMatch(/^ok +leftovers/);
    expect(await listDeployments(stage.account)).toEqual([]);
    account.close();
  }, 120_000);

  it('fails before anything is done for another account than the one that was named', async () => {
    const other = allowedAccount(environment({ CAUDAL_TEST_AWS: '123456789012' }));
    await expect(other).rejects.toThrow(
      'the credentials are those of the account ...0000, and CAUDAL_TEST_AWS allows ...9012 only; nothing was done',
    );
  });
});
