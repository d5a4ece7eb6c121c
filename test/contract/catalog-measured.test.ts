/** What is measured on AWS under a component's name can be found there: dimensions name resources that its stack has. */
import { describe, expect, it } from 'vitest';
import { components } from '#catalog/specs.ts';
import { stacks } from '#catalog/stacks.ts';
import { fieldMeta } from '#schema/field.ts';
import { templateText } from '#test/contract/deployments.ts';
import { nodeOf, smallScenario } from '#test/contract/small-scenarios.ts';

/** CloudWatch shows nothing of these without settings that are not deployed: request metrics of S3 are paid for by the metric. */
const UNMEASURED = new Set(['s3']);

describe.each([...stacks.keys()])('measurements of %s', (type) => {
  const metrics = components.get(type)?.metrics ?? [];

  it('are found by dimensions whose resources the stack of a node has', () => {
    const measured = metrics.filter(({ dimensions }) => dimensions !== undefined);
    expect(measured.length > 0).toBe(!UNMEASURED.has(type));
    if (measured.length === 0) return;
    const document = smallScenario(type);
    expect(nodeOf(document, type)).toBeDefined();
    const template = templateText(document);
    for (const { name, dimensions = [], derived } of measured) {
      expect(derived, name).not.toBe(true);
      for (const { from } of dimensions) {
        if (from !== 'account') expect(template, name).toContain(`"Type":"${from}"`);
      }
    }
  });

  it('show the settings that are fitted to them', () => {
    const shape = components.get(type)?.declaration.config.shape ?? {};
    for (const [name, field] of Object.entries(shape)) {
      for (const metric of fieldMeta(field as Parameters<typeof fieldMeta>[0])?.fittedTo ?? []) {
        expect(metrics.find((one) => one.name === metric)?.dimensions, `${name}: ${metric}`).toBeDefined();
      }
    }
  });
});
