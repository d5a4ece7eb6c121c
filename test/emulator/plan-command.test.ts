import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ROOT } from '#bin/build-state.mjs';
import { caudal } from '#test/harness/command-line.ts';
import { Stage } from './deployed.ts';

const stage = new Stage();
const state = mkdtempSync(join(tmpdir(), 'caudal-plan-'));
const scenario = join(ROOT, 'scenarios/walking-skeleton/scenario.caudal.json');
const short = ['--set', 'run.horizonSeconds=60', '--set', 'run.preRollSeconds=0'];

beforeEach(() => {
  vi.stubEnv('AWS_ENDPOINT_URL', stage.emulator.endpoint);
  // Prices that somebody has read here would change the bill.
  vi.stubEnv('CAUDAL_STATE', state);
});

afterAll(() => rmSync(state, { recursive: true }));

describe('caudal plan', () => {
  it('prints what is left out, what would be added, what it costs, and changes nothing', async () => {
    const { code, out } = await caudal('plan', scenario, '--stack-name', 'shop', '--allow-left-out', ...short);
    expect(code).toBe(0);
    expect(out.startsWith('Left out\n  back-end (consumer-application)')).toBe(true);
    expect(out).toContain(`at ${stage.emulator.endpoint} and not at AWS`);
    expect(out).toMatch(/add +clicks +Kinesis::Stream/);
    expect(out).toMatch(/clicks +shard hours +21\.90 +AWS, 20\d\d-\d\d-\d\d/);
    const { Stacks } = await stage.account.clients.cloudFormation.send(new DescribeStacksCommand({}));
    expect(Stacks).toEqual([]);
  });

  it('fails with exit code 3 and the address where nothing answers', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:1');
    const { code, err } = await caudal('plan', scenario, '--stack-name', 'shop', '--allow-left-out', ...short);
    expect(code).toBe(3);
    expect(err).toContain('http://127.0.0.1:1 (ECONNREFUSED)');
  });
});
