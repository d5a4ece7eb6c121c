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

  it('say of each billed quantity how it is measured, or why it is not', () => {
    const document = smallScenario(type);
    const template = templateText(document);
    const config = nodeOf(document, type)?.config ?? {};
    const seen = { hours: 1, sum: () => 0, total: () => 0 };
    for (const { id, measured } of components.get(type)?.usage ?? []) {
      if (typeof measured === 'string') {
        expect(measured.length, id).toBeGreaterThan(20);
        continue;
      }
      const quantity = measured.quantity(seen, config as never);
      if (quantity === undefined) expect(measured.unknown?.length, id).toBeGreaterThan(20);
      else expect(quantity, id).toBeGreaterThanOrEqual(0);
      for (const { dimensions = [], name } of measured.metrics ?? []) {
        expect(dimensions.length, name).toBeGreaterThan(0);
        for (const { from } of dimensions) expect(template, name).toContain(`"Type":"${from}"`);
      }
    }
  });

  it('compute billed quantities from metrics that are read', () => {
    const known = new Set(metrics.filter(({ dimensions }) => dimensions !== undefined).map(({ name }) => name));
    const asked: string[] = [];
    const count = (...names: readonly string[]): number => {
      asked.push(...names);
      return 1;
    };
    const seen = { hours: 1, sum: count, total: count };
    const config = nodeOf(smallScenario(type), type)?.config ?? {};
    for (const { measured } of components.get(type)?.usage ?? []) {
      if (typeof measured === 'string') continue;
      for (const { name } of measured.metrics ?? []) known.add(name);
      measured.quantity(seen, config as never);
      if (measured.by === 'settings') expect(asked).toEqual([]);
      expect(asked.filter((name) => !known.has(name))).toEqual([]);
      asked.length = 0;
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
