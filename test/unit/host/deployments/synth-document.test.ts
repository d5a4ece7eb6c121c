import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { checkedStackName, suggestedStackName, templateText } from '#host/deployments/synth-document.ts';
import { documentSchema } from '#schema/document.ts';

const named = (name: string) => documentSchema.parse({ schemaVersion: 1, name, nodes: [] });

describe('the name of a stack', () => {
  it.each([
    ['walking-skeleton', 'walking-skeleton'],
    ['Tienda de María: café', 'Tienda-de-Maria-cafe'],
    ['2026 plan', 'plan'],
    ['流', 'caudal'],
    ['x'.repeat(200), 'x'.repeat(100)],
  ])('of the document %s is %s', (name, stackName) => {
    expect(suggestedStackName(named(name))).toBe(stackName);
    expect(checkedStackName(stackName)).toBe(stackName);
  });

  it.each(['', '1st', 'a_b', 'a'.repeat(129)])('fails for %s', (name) => {
    expect(() => checkedStackName(name)).toThrow('[deploy/stack-name]');
  });
});

describe('templateText', () => {
  const template = { Resources: { Q: { Type: 'AWS::SQS::Queue', Properties: { Name: 'yes', Text: 'a\nb: "c"' } } } };
  const synth = { template, resources: {}, leftOut: [], notes: [], accessPoints: [] };

  it('says the same in JSON and in YAML', () => {
    expect(JSON.parse(templateText(synth, 'json'))).toEqual(template);
    expect(parse(templateText(synth, 'yaml'))).toEqual(template);
  });
});
