import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '#bin/build-state.mjs';
import { destroyStack } from '#cloud/deploy/destroy.ts';
import { detectDrift } from '#cloud/deploy/drift.ts';
import { cacheAt, REWRITES } from './adapt-template.ts';
import { type CacheServer, startCache } from './cache-server.ts';
import { fastClock, Stage } from './deployed.ts';
import { readScenario, synthesized } from './documents.ts';

const stage = new Stage();

/** Nothing of these is a resource of AWS. */
const SIMULATED_ONLY = ['components/custom-service', 'components/traffic-source'];

/** Every scenario there is, or one of them: each takes seconds for its template alone. */
const NAMES = process.env['CAUDAL_ALL_SCENARIOS']
  ? allScenarios().filter((name) => !SIMULATED_ONLY.includes(name))
  : ['components/sns'];

function allScenarios(): string[] {
  const folder = join(ROOT, 'scenarios');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => existsSync(join(folder, name, 'scenario.caudal.json')))
    .toSorted();
}

let cache: CacheServer;

beforeAll(async () => {
  cache = await startCache();
});
afterAll(() => cache.stop());

describe('the stack of a scenario', () => {
  it.each(NAMES)('is created and destroyed, and leaves nothing but buckets: %s', async (name) => {
    const { template } = await synthesized(readScenario(name), 'scenario');
    const outcome = await stage.deployer.deploy('scenario', template, { rewrites: [...REWRITES, cacheAt(cache.port)] });
    expect(outcome).toMatchObject({ kind: 'done', failures: [] });
    const { account } = stage;
    expect(await detectDrift({ account, stackId: outcome.stackId, clock: fastClock })).not.toMatchObject({
      kind: 'drifted',
    });
    const request = { account, stackName: 'scenario', confirmation: 'scenario', clock: fastClock };
    const destroyed = await destroyStack(request);
    expect(destroyed).toMatchObject({ kind: 'done', failures: [] });
    expect(destroyed.remaining.filter(({ type }) => type !== 'AWS::S3::Bucket')).toEqual([]);
    expect(destroyed.buckets).toHaveLength(destroyed.remaining.length);
  });

  it('fails with a sentence where nothing can be deployed', async () => {
    const refused = synthesized(readScenario('components/traffic-source'), 'scenario');
    await expect(refused).rejects.toThrow(/\[deploy\/nothing-to-deploy\]/);
  });
});
