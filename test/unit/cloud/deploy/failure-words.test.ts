import { describe, expect, it } from 'vitest';
import { failuresOf, failureWords } from '#cloud/deploy/failure-words.ts';
import type { StackStep } from '#schema/deployment-state.ts';

function step(part: Partial<StackStep>): StackStep {
  return {
    id: 'e1',
    at: '2026-11-21T12:00:00.000Z',
    logicalId: 'Queue',
    type: 'AWS::SQS::Queue',
    status: 'CREATE_FAILED',
    isStack: false,
    ...part,
  };
}

describe('failureWords', () => {
  it('names a right that is missing, with the policy statement that grants it', () => {
    const { text, remedy } = failureWords(
      'User: arn:aws:sts::1:assumed-role/deploy is not authorized to perform: sqs:CreateQueue on resource: arn:aws:sqs:eu-west-1:1:orders because no policy allows it',
    );
    expect(text).toBe('sqs:CreateQueue is not allowed to the role that deploys');
    expect(remedy).toContain(
      '{"Effect":"Allow","Action":"sqs:CreateQueue","Resource":"arn:aws:sqs:eu-west-1:1:orders"}',
    );
  });

  it.each([
    ['orders already exists in stack arn:aws:cloudformation:1', 'exists already'],
    ["decreases account's UnreservedConcurrentExecution below its minimum value of [100]", 'unreserved concurrent'],
    ['You have reached the limit: LimitExceeded', 'quota'],
    ['The requested Availability Zone: insufficient capacity', 'no capacity'],
    ['The bucket you tried to delete is not empty', 'not empty'],
    ['Rate exceeded (Service: Kinesis)', 'more slowly'],
    ['Exceeded attempts to wait: resource did not stabilize', 'not ready in time'],
    ['resource sg-1 has a dependent object', 'still uses'],
    ['Received response status [FAILED] from custom resource', 'custom resource'],
    [
      'Value 999999 for parameter VisibilityTimeout is invalid. Reason: Must be between 0 and 43200',
      'refused a setting',
    ],
    ['something never seen before', 'AWS could not do it'],
  ])('puts "%s" in words', (reason, words) => {
    const { text, remedy } = failureWords(reason);
    expect(text).toContain(words);
    expect(remedy.length).toBeGreaterThan(10);
  });
});

describe('failuresOf', () => {
  it('gives the causes first in time, once each, without what only stopped because of another', () => {
    const failures = failuresOf([
      step({ logicalId: 'Queue', owner: 'orders', reason: 'Invalid value' }),
      step({ logicalId: 'Stream', reason: 'Resource creation cancelled' }),
      step({ logicalId: 'Queue', reason: 'a second one' }),
      step({ logicalId: 'demo', isStack: true, reason: 'The following resources failed: [Queue]' }),
      step({ logicalId: 'Topic', status: 'CREATE_COMPLETE' }),
    ]);
    expect(failures).toHaveLength(1);
    expect(failures[0]).toMatchObject({ logicalId: 'Queue', owner: 'orders', reason: 'Invalid value' });
  });
});
