/** The CDK in its child process: the same template as in this one, nothing of the user's account given to it, errors brought back. */
import { describe, expect, it } from 'vitest';
import { DeploymentApp } from '#cloud/deploy/app.ts';
import { synthesize } from '#cloud/deploy/synth.ts';
import { smallScenario } from '#test/contract/small-scenarios.ts';

const request = { document: smallScenario('sns'), stackName: 'caudal-test', version: '0.0.0-test' };

describe('the CDK child', () => {
  it('makes the template that this process makes, twice alike', async () => {
    const first = await synthesize(request);
    expect(first).toEqual(new DeploymentApp(request).synthesize());
    expect(JSON.stringify((await synthesize(request)).template)).toBe(JSON.stringify(first.template));
  });

  it('fails with what was wrong when the request is', async () => {
    await expect(synthesize({ ...request, stackName: 'not a name' })).rejects.toThrow(/letters, digits and hyphens/);
  });

  it('makes the same template whatever it has made before', async () => {
    await synthesize({ ...request, document: smallScenario('sqs') });
    expect((await synthesize(request)).template).toEqual(new DeploymentApp(request).synthesize().template);
  });
});
