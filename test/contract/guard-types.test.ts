/** The role that deployments are made with has permissions for every type of resource in any template. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { validateDocument } from '#analysis/validate.ts';
import { ROOT } from '#bin/build-state.mjs';
import * as catalog from '#catalog/specs.ts';
import { stacks } from '#catalog/stacks.ts';
import { resourceTypes, unknownTypes } from '#cloud/deploy/guard/service-role.ts';
import { templateText } from '#test/contract/deployments.ts';

const scenarios = readdirSync(join(ROOT, 'scenarios'), { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('scenario.caudal.json'),
);

function typesOf(scenario: string): readonly string[] {
  const written: unknown = JSON.parse(readFileSync(join(ROOT, 'scenarios', scenario), 'utf8'));
  const validated = validateDocument(written, catalog);
  if (!('document' in validated)) throw new Error(`${scenario}: ${JSON.stringify(validated.faults)}`);
  return resourceTypes(JSON.parse(templateText(validated.document)) as Record<string, unknown>);
}

describe('the service role of the guard stack', () => {
  it.each(scenarios)('knows every type of resource of %s', (scenario) => {
    expect(unknownTypes(typesOf(scenario))).toEqual([]);
  });

  it('has been shown a resource of every component that can be deployed', () => {
    expect(scenarios.length).toBeGreaterThanOrEqual(stacks.size);
  });
});
