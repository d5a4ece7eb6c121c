import { describe, expect, it } from 'vitest';
import { applySettings, parseAssignment, setPath } from '#analysis/set-path.ts';
import { design } from './fixture-catalog.ts';

describe('setPath', () => {
  it('changes a value by the id of its node and leaves the input as it was', () => {
    const before = design();
    const { root, faults } = applySettings(before, ['nodes.clicks.config.shardCount=8']);
    expect(faults).toEqual([]);
    expect((root as { nodes: { config: unknown }[] }).nodes[1]?.config).toEqual({ shardCount: 8 });
    expect(before).toEqual(design());
  });

  it('makes the objects on the way that the file leaves out', () => {
    const { root } = applySettings(design(), ['nodes.shop.config.deep.er=1', 'account.timeZone=Europe/Madrid']);
    expect((root as { nodes: { config?: unknown }[] }).nodes[3]?.config).toEqual({ deep: { er: 1 } });
    expect(root).toMatchObject({ account: { timeZone: 'Europe/Madrid' } });
  });

  it('takes JSON values, and text for the rest', () => {
    expect(parseAssignment('a=8')).toEqual({ path: 'a', value: 8 });
    expect(parseAssignment('a=[1,2]')).toEqual({ path: 'a', value: [1, 2] });
    expect(parseAssignment('a="8"')).toEqual({ path: 'a', value: '8' });
    expect(parseAssignment('a=b=c')).toEqual({ path: 'a', value: 'b=c' });
    expect(parseAssignment('a=')).toEqual({ path: 'a', value: '' });
  });

  it('keeps the dots of a quota id', () => {
    const { root } = applySettings({}, ['account.quotas.lambda/concurrent.executions=5']);
    expect(root).toEqual({ account: { quotas: { 'lambda/concurrent.executions': 5 } } });
  });

  it('addresses items without an id by their index', () => {
    const before = { nodes: [{ id: 'a', steps: [{ at: 1 }, { at: 2 }] }] };
    expect(setPath(before, 'nodes.a.steps.1.at', 9)).toEqual({
      root: { nodes: [{ id: 'a', steps: [{ at: 1 }, { at: 9 }] }] },
    });
  });

  it('fails for an id that does not exist and suggests one', () => {
    const { faults } = applySettings(design(), ['nodes.click.config.shardCount=8', 'nodes.1.config.shardCount=8']);
    expect(faults).toMatchObject([
      { code: 'set/unknown-id', path: 'nodes.click.config.shardCount', allowed: 'app, clicks, enrich, shop' },
      { code: 'set/unknown-id', path: 'nodes.1.config.shardCount' },
    ]);
    expect(faults[0]?.message).toContain('did you mean `clicks`');
  });

  it('fails for a path through a single value, for an empty part and for a text that assigns nothing', () => {
    const { faults } = applySettings(design(), ['name.first=x', 'nodes..config=1', 'nodes.clicks']);
    expect(faults.map(({ code }) => code).sort()).toEqual([
      'set/not-a-path',
      'set/not-an-assignment',
      'set/not-an-object',
    ]);
  });

  it('fails for __proto__ and takes the names of inherited members for ordinary ones', () => {
    const { faults } = applySettings(design(), ['__proto__.polluted=1', 'nodes.app.config.__proto__.x=1']);
    expect(faults.map(({ code }) => code)).toEqual(['set/not-a-path', 'set/not-a-path']);
    const { root } = applySettings(design(), ['nodes.app.config.constructor.prototype.x=1']);
    expect((root as { nodes: { config: unknown }[] }).nodes[0]?.config).toEqual({
      constructor: { prototype: { x: 1 } },
    });
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it('takes a value that is nested beyond reason for text', () => {
    const deep = `${'['.repeat(1000)}${']'.repeat(1000)}`;
    expect(parseAssignment(`a=${deep}`)).toEqual({ path: 'a', value: deep });
    expect(parseAssignment('a=[[1]]')).toEqual({ path: 'a', value: [[1]] });
  });
});
