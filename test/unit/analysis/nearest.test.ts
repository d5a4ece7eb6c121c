import { describe, expect, it } from 'vitest';
import { didYouMean, nearest } from '#analysis/nearest.ts';

describe('nearest', () => {
  it('finds a name with a slip of the pen', () => {
    expect(nearest('shardCuont', ['shardCount', 'retention'])).toBe('shardCount');
    expect(nearest('lamda', ['lambda', 'sqs'])).toBe('lambda');
    expect(nearest('kinesis', ['kinesis-data-streams', 'sqs'])).toBe('kinesis-data-streams');
  });

  it('finds a name by its beginning in the plural', () => {
    expect(nearest('shards', ['retention', 'shardCount', 'shardLevel'])).toBe('shardCount');
    expect(nearest('ms', ['messages'])).toBeUndefined();
  });

  it('stays silent when nothing is near', () => {
    expect(nearest('xyz', ['shardCount', 'retention'])).toBeUndefined();
    expect(didYouMean(7, ['seven'])).toBe('');
  });
});
