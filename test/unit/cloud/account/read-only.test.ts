import { describe, expect, it } from 'vitest';
import { isChanging, refuseChange } from '#cloud/account/read-only.ts';

describe('a session that may only look', () => {
  it.each(['DescribeStacks', 'ListAccountAliases', 'GetTemplate', 'GetMetricData', 'HeadBucket', 'DetectStackDrift'])(
    'may ask %s',
    (action) => expect(isChanging(action)).toBe(false),
  );

  it.each(['CreateChangeSet', 'DeleteStack', 'PutRecords', 'SendMessage', 'ExecuteChangeSet', 'Publish', 'PutObject'])(
    'fails at %s',
    (action) => expect(() => refuseChange('AnyService', action)).toThrow(`AnyService ${action} was not sent`),
  );
});
