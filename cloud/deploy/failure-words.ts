/** CloudFormation's reasons for a failure, in words, with what to do. The first row that matches wins. */
import type { StackFailure, StackStep } from '#schema/deployment-state.ts';

interface Row {
  readonly matches: RegExp;
  readonly text: string;
  readonly remedy: string;
}

const ROWS: readonly Row[] = [
  {
    matches: /already exists|AlreadyExists|ResourceConflict|already been taken/,
    text: 'something of this name exists already',
    remedy: 'delete the other one, or choose another stack name, from which names are made',
  },
  {
    matches: /UnreservedConcurrentExecution|unreserved.* below its minimum/i,
    text: 'the account would have fewer than 100 unreserved concurrent executions left',
    remedy: 'lower reservedConcurrentExecutions, or ask for a higher quota of concurrent executions',
  },
  {
    matches: /LimitExceeded|limit exceeded|exceed.*(quota|limit)|quota.*exceed|TooMany\w+Exception|maximum number/i,
    text: 'a quota of the account is used up',
    remedy: 'ask for a higher one in Service Quotas, or delete what is no longer used',
  },
  {
    matches:
      /InsufficientInstanceCapacity|insufficient capacity|does not have sufficient|not supported in (the|your) requested/i,
    text: 'AWS has no capacity of this kind at the moment in this Availability Zone or Region',
    remedy: 'try again later, or choose another instance type or Region',
  },
  {
    matches: /BucketNotEmpty|bucket you tried to delete is not empty/i,
    text: 'the bucket is not empty, and Caudal empties none by itself',
    remedy: 'empty it, or keep it with `--keep`, then destroy again',
  },
  {
    matches: /Throttl|Rate exceeded|TooManyRequests/i,
    text: 'AWS asked CloudFormation to call more slowly',
    remedy: 'try again in some minutes',
  },
  {
    matches: /\btimed out\b|did not stabilize|not stabilized|exceeded.*attempts/i,
    text: 'the resource was not ready in time',
    remedy: 'try again; if it stays so, look at the resource in the AWS console',
  },
  {
    matches: /KMS|kms:|key .*(disabled|pending deletion)/i,
    text: 'the encryption key cannot be used',
    remedy: 'let the role use the key, or choose another one',
  },
  {
    matches: /DependencyViolation|has a dependent object|resource .* in use|is in use/i,
    text: 'something else still uses the resource',
    remedy: 'delete what uses it, then destroy again',
  },
  {
    matches: /custom resource|Received response status \[FAILED\]|See the details in CloudWatch Log/i,
    text: 'the function behind a custom resource reported a failure',
    remedy: "look into that function's log group",
  },
  {
    matches:
      /Invalid|must be|not valid|ValidationError|Unknown value|Value .* (at|for)|unsupported|Unsupported|not supported|out of range/,
    text: 'AWS refused a setting',
    remedy: 'change the setting that AWS names',
  },
];

/** Action that a reason says is not allowed, and on what. */
function deniedAction(reason: string): { readonly action: string; readonly resource: string } | undefined {
  const found = /not authorized to perform:? ([\w-]+:\w+)(?: on resource: (\S+))?/.exec(reason);
  if (found?.[1] === undefined) return undefined;
  return { action: found[1], resource: (found[2] ?? '*').replace(/[.,;]$/, '') };
}

/** What a reason means, and what to do. */
export function failureWords(reason: string): { readonly text: string; readonly remedy: string } {
  const denied = deniedAction(reason);
  if (denied !== undefined) {
    return {
      text: `${denied.action} is not allowed to the role that deploys`,
      remedy: `add to its policy: ${JSON.stringify({ Effect: 'Allow', Action: denied.action, Resource: denied.resource })}`,
    };
  }
  const row = ROWS.find(({ matches }) => matches.test(reason));
  return (
    row ?? { text: 'AWS could not do it', remedy: 'see what AWS says about it, mend the document, then deploy again' }
  );
}

/** Steps that only stopped because another had failed. */
const STOPPED = /Resource (creation|update|deletion) cancell?ed/i;

/** The causes among the steps of an operation, first in time, each resource once. */
export function failuresOf(steps: readonly StackStep[]): StackFailure[] {
  const causes = new Map<string, StackFailure>();
  for (const { isStack, status, reason = '', logicalId, type, owner } of steps) {
    if (isStack || !status.endsWith('_FAILED') || STOPPED.test(reason) || causes.has(logicalId)) continue;
    causes.set(logicalId, {
      logicalId,
      type,
      ...(owner === undefined ? {} : { owner }),
      reason,
      ...failureWords(reason),
    });
  }
  return [...causes.values()];
}
