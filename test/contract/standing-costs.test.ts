/** What a deletion may leave is known by its cost: every type of resource in any template. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { validateDocument } from '#analysis/validate.ts';
import { ROOT } from '#bin/build-state.mjs';
import * as catalog from '#catalog/specs.ts';
import { withStandingCost } from '#cloud/deploy/standing-cost.ts';
import { templateText } from '#test/contract/deployments.ts';

const scenarios = readdirSync(join(ROOT, 'scenarios'), { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('scenario.caudal.json'),
);

describe('what a deletion may leave', () => {
  it.each(scenarios)('is known by its cost for every resource of %s', (scenario) => {
    const written: unknown = JSON.parse(readFileSync(join(ROOT, 'scenarios', scenario), 'utf8'));
    const validated = validateDocument(written, catalog);
    if (!('document' in validated)) throw new Error(JSON.stringify(validated.faults));
    const template = JSON.parse(templateText(validated.document)) as {
      readonly Resources?: Readonly<Record<string, { readonly Type: string }>>;
    };
    const left = Object.entries(template.Resources ?? {}).map(([logicalId, { Type }]) => ({
      logicalId,
      physicalId: logicalId,
      type: Type,
      why: 'failed' as const,
    }));
    const unknown = withStandingCost(left, template, 'us-east-1').filter(({ costs = '' }) =>
      /not known|no price/.test(costs),
    );
    expect(unknown.map(({ type }) => type)).toEqual([]);
  });

  it('has been shown scenarios', () => {
    expect(scenarios.length).toBeGreaterThan(10);
  });
});
