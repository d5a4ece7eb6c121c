import { describe, expect, it } from 'vitest';
import { shortTitle } from '#drawing/short-title.ts';

describe('a short title', () => {
  it('leaves out whose service it is', () => {
    expect(shortTitle('Amazon Data Firehose')).toBe('Data Firehose');
    expect(shortTitle('AWS Lambda')).toBe('Lambda');
  });

  it('is the title itself elsewhere', () => {
    expect(shortTitle('Kinesis Data Streams')).toBe('Kinesis Data Streams');
  });
});
