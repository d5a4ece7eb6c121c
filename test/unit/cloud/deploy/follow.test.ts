import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { describe, expect, it } from 'vitest';
import type { AwsAccount } from '#cloud/account/account.ts';
import { AwsError } from '#cloud/account/aws-error.ts';
import type { Clock } from '#cloud/deploy/clock.ts';
import { follow } from '#cloud/deploy/follow.ts';
import type { FollowEvent } from '#schema/deployment-state.ts';

const ID = 'arn:aws:cloudformation:eu-west-1:1:stack/demo/1';

interface Event {
  readonly id: string;
  readonly status: string;
  readonly logicalId?: string;
}

/** An account in which the stack has this status, and these events, newest first, at each look. */
function account(looks: readonly { readonly status: string; readonly events: readonly Event[] }[]): AwsAccount {
  let look = -1;
  const send = (command: unknown): unknown => {
    if (command instanceof DescribeStacksCommand)
      return { Stacks: [{ StackId: ID, StackStatus: looks[look]?.status }] };
    look = Math.min(look + 1, looks.length - 1);
    const StackEvents = looks[look]?.events.map(({ id, status, logicalId }) => ({
      EventId: id,
      StackId: ID,
      LogicalResourceId: logicalId ?? 'demo',
      PhysicalResourceId: logicalId ?? ID,
      ResourceStatus: status,
    }));
    return { StackEvents };
  };
  return { clients: { cloudFormation: { send: async (command: unknown) => send(command) } } } as unknown as AwsAccount;
}

function clockOf(waits: number[]): Clock {
  let nowMs = 0;
  return {
    nowMs: () => nowMs,
    sleep: async (ms) => {
      waits.push(ms);
      nowMs += ms;
    },
  };
}

const started: Event = { id: 's', status: 'UPDATE_IN_PROGRESS' };
const done: Event = { id: 'd', status: 'UPDATE_COMPLETE' };
const queue: Event = { id: 'q', status: 'UPDATE_COMPLETE', logicalId: 'Queue' };
const earlier: Event = { id: 'e', status: 'CREATE_COMPLETE' };

describe('follow', () => {
  it('does not take the status before the operation for its end', async () => {
    const looks = [
      { status: 'UPDATE_COMPLETE', events: [earlier] },
      { status: 'UPDATE_IN_PROGRESS', events: [queue, started, earlier] },
      { status: 'UPDATE_COMPLETE', events: [done, queue, started, earlier] },
    ];
    const events: FollowEvent[] = [];
    const { steps } = await follow({
      account: account(looks),
      stackId: ID,
      owners: new Map([['Queue', 'orders']]),
      after: 'e',
      onEvent: (event) => events.push(event),
      clock: clockOf([]),
    });
    expect(steps.map(({ id, owner }) => [id, owner])).toEqual([
      ['s', undefined],
      ['q', 'orders'],
      ['d', undefined],
    ]);
    expect(events).toHaveLength(3);
  });

  it('begins with the start of the last operation when it does not know where to', async () => {
    const looks = [{ status: 'UPDATE_COMPLETE', events: [done, queue, started, earlier] }];
    const { steps } = await follow({ account: account(looks), stackId: ID, owners: new Map(), clock: clockOf([]) });
    expect(steps.map(({ id }) => id)).toEqual(['s', 'q', 'd']);
  });

  it('ends at once for a stack that has ended and whose events are forgotten', async () => {
    const looks = [{ status: 'DELETE_COMPLETE', events: [] }];
    const { steps, stack } = await follow({
      account: account(looks),
      stackId: ID,
      owners: new Map(),
      clock: clockOf([]),
    });
    expect(steps).toEqual([]);
    expect(stack.StackStatus).toBe('DELETE_COMPLETE');
  });

  it('looks less often while nothing happens, and no longer than 5 s apart', async () => {
    const quiet = { status: 'UPDATE_IN_PROGRESS', events: [started, earlier] };
    const looks = [
      ...Array.from({ length: 12 }, () => quiet),
      { status: 'UPDATE_COMPLETE', events: [done, started, earlier] },
    ];
    const waits: number[] = [];
    await follow({ account: account(looks), stackId: ID, owners: new Map(), after: 'e', clock: clockOf(waits) });
    expect(waits[0]).toBe(1000);
    expect(waits.at(-1)).toBe(5000);
    expect(waits).toEqual(waits.toSorted((a, b) => a - b));
  });

  it('fails at once when AWS refuses to tell', async () => {
    const parts = { awsCode: 'AccessDenied', awsMessage: 'no', missing: undefined };
    const refusing = {
      clients: {
        cloudFormation: {
          send: async () => {
            throw new AwsError('aws/access-denied', 'AWS denied cloudformation:DescribeStackEvents', parts);
          },
        },
      },
    } as unknown as AwsAccount;
    const following = follow({ account: refusing, stackId: ID, owners: new Map(), clock: clockOf([]) });
    await expect(following).rejects.toThrow('DescribeStackEvents');
  });
});
