import { describe, expect, it } from 'vitest';
import { components } from '#catalog/specs.ts';
import { setField, setValue, valueOf } from '#renderer/inspector/edits/set-value.ts';
import { chain } from '#test/unit/renderer/state/edits/edits-fixture.ts';

const path = 'nodes.kinesis-data-streams.config';

describe('a value set by its path', () => {
  it('changes that and nothing else', () => {
    const before = chain();
    const after = setValue(before, `${path}.shardCount`, 8);
    expect(valueOf(after, `${path}.shardCount`)).toBe(8);
    expect(after.edges).toBe(before.edges);
    expect(after.nodes[0]).toBe(before.nodes[0]);
  });

  it('is no step where it is that already, or leads nowhere', () => {
    const before = chain();
    expect(setValue(before, `${path}.shardCount`, 1)).toBe(before);
    expect(setValue(before, 'nodes.gone.config.shardCount', 1)).toBe(before);
  });

  it('takes settings along that no longer count', () => {
    const schema = components.get('kinesis-data-streams')?.declaration.config ?? {};
    const eight = setValue(chain(), `${path}.shardCount`, 8);
    const onDemand = setField(eight, path, schema, 'streamMode', 'ON_DEMAND');
    expect(valueOf(onDemand, path)).toMatchObject({ streamMode: 'ON_DEMAND', shardCount: 1 });
  });

  it('reaches quotas, whose names have a slash', () => {
    const after = setValue(chain(), 'account.quotas.lambda/concurrent-executions', 50);
    expect(after.account.quotas).toEqual({ 'lambda/concurrent-executions': 50 });
    expect(setValue(after, 'account.quotas.lambda/concurrent-executions', undefined).account.quotas).toEqual({});
  });
});
