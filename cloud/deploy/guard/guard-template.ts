/**
 * The guard stack of a deployment, as a template: the role that the main stack is made with, a schedule that deletes the main
 * stack at its expiry even if this machine is off, a role that may do that and nothing else, and a private bucket for templates
 * that are too large to be sent. It is a stack of its own so that it outlives the deletion that it starts.
 */
import { InputError } from '#schema/errors.ts';
import { inPolicies, resourceTypes, roleStatements } from './service-role.ts';

/** Days that a staged template is kept; CloudFormation reads it once. */
const STAGED_DAYS = 7;
/** Longest name of a stack. https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html (read 2026-11-21) */
const LONGEST_NAME = 128;
const SUFFIX = '-guard';

/** Value of the parameter `ExpiresAt` without an expiry. */
export const noExpiry = 'never';

/** Keys of the guard stack's outputs. */
export const guardOutputs = { role: 'ServiceRole', bucket: 'StagingBucket' } as const;

/** Name of the guard stack. Throws an InputError when the stack's name leaves no room for it. */
export function guardName(stackName: string): string {
  if (stackName.length + SUFFIX.length <= LONGEST_NAME) return stackName + SUFFIX;
  const message = `is too long: with the ${SUFFIX} of its guard stack it would have more than ${LONGEST_NAME} characters`;
  throw new InputError([{ code: 'deploy/stack-name', path: '--stack-name', received: stackName, message }]);
}

/** `at()` of EventBridge Scheduler takes seconds, without a zone: UTC unless one is named. */
export function scheduleTime(expiresAt: string): string {
  return new Date(expiresAt).toISOString().slice(0, 19);
}

/** The guard's template for a main template. The same for the same types of resources: the expiry is a parameter. */
export function guardTemplate(
  stackName: string,
  mainTemplate: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return {
    Description: `Caudal: takes the stack ${stackName} away at its expiry; delete this one last`,
    Parameters: {
      ExpiresAt: {
        Type: 'String',
        Default: noExpiry,
        AllowedPattern: `${noExpiry}|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}`,
        Description: 'When the stack is deleted, in UTC',
      },
    },
    Conditions: { Expires: { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'ExpiresAt' }, noExpiry] }] } },
    Resources: {
      ServiceRole: serviceRole(stackName),
      ...servicePolicies(stackName, mainTemplate),
      DeletionRole: deletionRole(stackName),
      Deletion: deletion(stackName),
      Staging: staging(),
      StagingPolicy: stagingPolicy(),
    },
    Outputs: {
      [guardOutputs.role]: { Value: { 'Fn::GetAtt': ['ServiceRole', 'Arn'] } },
      [guardOutputs.bucket]: { Value: { Ref: 'Staging' } },
    },
  };
}

function serviceRole(stackName: string): unknown {
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      Description: `CloudFormation makes and deletes the stack ${stackName} with it`,
      AssumeRolePolicyDocument: trust('cloudformation.amazonaws.com'),
      Policies: [{ PolicyName: 'staged-template', PolicyDocument: policy([readStaged()]) }],
    },
  };
}

function servicePolicies(stackName: string, mainTemplate: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const policies = inPolicies(roleStatements(resourceTypes(mainTemplate), stackName));
  return Object.fromEntries(
    policies.map((statements, index) => [
      `ServicePolicy${index + 1}`,
      {
        Type: 'AWS::IAM::ManagedPolicy',
        Properties: {
          Description: `What the resources of the stack ${stackName} need, part ${index + 1} of ${policies.length}`,
          Roles: [{ Ref: 'ServiceRole' }],
          PolicyDocument: policy(statements),
        },
      },
    ]),
  );
}

function readStaged(): unknown {
  return { Effect: 'Allow', Action: ['s3:GetObject'], Resource: { 'Fn::Sub': '${Staging.Arn}/*' } };
}

/**
 * DeleteStack names no role, so CloudFormation goes on with the one that the stack was made with: whoever may operate on the
 * stack may use it, even without iam:PassRole.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html (read 2026-11-21)
 */
function deletionRole(stackName: string): unknown {
  const stack = {
    'Fn::Sub': `arn:\${AWS::Partition}:cloudformation:\${AWS::Region}:\${AWS::AccountId}:stack/${stackName}/*`,
  };
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      Description: `May delete the stack ${stackName}, and nothing else`,
      AssumeRolePolicyDocument: trust('scheduler.amazonaws.com', {
        StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
      }),
      Policies: [
        {
          PolicyName: 'delete-stack',
          PolicyDocument: policy([{ Effect: 'Allow', Action: ['cloudformation:DeleteStack'], Resource: stack }]),
        },
      ],
    },
  };
}

/**
 * Fires once. While the stack is being changed DeleteStack is refused, so it is tried again for a day. The schedule stays when it
 * has fired, and goes with the guard stack: CloudFormation has no ActionAfterCompletion, and a schedule that had removed itself
 * would make the next update of the guard fail.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html (read 2026-11-21)
 */
function deletion(stackName: string): unknown {
  return {
    Type: 'AWS::Scheduler::Schedule',
    Condition: 'Expires',
    Properties: {
      Description: `Deletes the stack ${stackName} when its time is over`,
      ScheduleExpression: { 'Fn::Sub': 'at(${ExpiresAt})' },
      ScheduleExpressionTimezone: 'UTC',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: { 'Fn::Sub': 'arn:${AWS::Partition}:scheduler:::aws-sdk:cloudformation:deleteStack' },
        RoleArn: { 'Fn::GetAtt': ['DeletionRole', 'Arn'] },
        Input: JSON.stringify({ StackName: stackName }),
        RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
      },
    },
  };
}

/** Emptied by its lifecycle; the guard stack is deleted by `caudal destroy`, which empties it first. */
function staging(): unknown {
  return {
    Type: 'AWS::S3::Bucket',
    DeletionPolicy: 'Delete',
    UpdateReplacePolicy: 'Delete',
    Properties: {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      LifecycleConfiguration: {
        Rules: [
          {
            Id: 'expire',
            Status: 'Enabled',
            ExpirationInDays: STAGED_DAYS,
            AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
          },
        ],
      },
    },
  };
}

/** Requests without TLS are refused. */
function stagingPolicy(): unknown {
  return {
    Type: 'AWS::S3::BucketPolicy',
    Properties: {
      Bucket: { Ref: 'Staging' },
      PolicyDocument: policy([
        {
          Effect: 'Deny',
          Principal: { AWS: '*' },
          Action: 's3:*',
          Resource: [{ 'Fn::GetAtt': ['Staging', 'Arn'] }, { 'Fn::Sub': '${Staging.Arn}/*' }],
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ]),
    },
  };
}

/** CloudFormation takes a role only from somebody who may pass it; the scheduler is held to this account. */
function trust(service: string, condition?: unknown): unknown {
  const statement = { Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' };
  return policy([condition === undefined ? statement : { ...statement, Condition: condition }]);
}

function policy(statements: readonly unknown[]): unknown {
  return { Version: '2012-10-17', Statement: statements };
}
