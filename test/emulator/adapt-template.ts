/**
 * Rewrites of a copy of a template for the emulator, which lacks some resource types and denies some of what AWS allows. The
 * template that is shipped is never changed. docs/aws.md lists the same rows; a test compares the two.
 */

export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string | readonly string[];
}

export interface Template {
  readonly Resources?: Readonly<Record<string, Resource>>;
  readonly [section: string]: unknown;
}

/** One thing that the emulator does otherwise than AWS, and what the copy says instead. */
export interface Rewrite {
  readonly id: string;
  /** What the emulator lacks. */
  readonly lacks: string;
  /** What the copy has instead. */
  readonly instead: string;
  /** The resource in the copy, null to leave it out, undefined where the row does not apply. */
  readonly rewrite: (resource: Resource, logicalId: string) => Resource | null | undefined;
  /** Stands for `Fn::GetAtt` of a resource that was left out. */
  readonly attribute?: (resource: Resource, name: string) => unknown;
}

/** Firehose delivers what it would index into the bucket for failed documents, below this prefix. */
export const INDEXED_PREFIX = 'indexed/';

function toBucket({ Properties, ...resource }: Resource): Resource {
  const { AmazonopensearchserviceDestinationConfiguration: destination, ...others } = Properties ?? {};
  const { S3Configuration, ProcessingConfiguration, RoleARN } = destination as Readonly<Record<string, unknown>>;
  const { BucketARN } = S3Configuration as Readonly<Record<string, unknown>>;
  const bucket = { BucketARN, RoleARN, ProcessingConfiguration, Prefix: INDEXED_PREFIX };
  return { ...resource, Properties: { ...others, ExtendedS3DestinationConfiguration: bucket } };
}

/** Only for a template with a cache: another server stands where the cache's address would lead. */
export function cacheAt(port: number): Rewrite {
  return {
    id: 'elasticache-data-plane',
    lacks: 'a cache behind the address of an ElastiCache replication group (the group itself is made and deleted)',
    instead:
      'functions are told the address of a redis-server on loopback (it comes with the emulator on Linux x86-64 with Python 3.11 or 3.12; elsewhere an installed one, else a stand-in), without TLS',
    rewrite: (resource) => {
      if (resource.Type !== 'AWS::Lambda::Function') return undefined;
      const text = JSON.stringify(resource);
      if (!text.includes('rediss://')) return undefined;
      const told = text
        .replaceAll('rediss://', 'redis://')
        .replace(/\{"Fn::GetAtt":\["\w+","PrimaryEndPoint.Address"\]\}/g, '"127.0.0.1"')
        .replace(/\{"Fn::GetAtt":\["\w+","PrimaryEndPoint.Port"\]\}/g, `"${port}"`);
      return JSON.parse(told) as Resource;
    },
  };
}

/** Only for a guard stack whose expiry is to be seen: the function `DeletingFunction` is planted beside it. */
export const expiryByFunction: Rewrite = {
  id: 'scheduler-universal-target',
  lacks:
    'running universal targets of EventBridge Scheduler (aws-sdk:cloudformation:deleteStack): stored, never executed',
  instead: 'the schedule calls a function that makes the same call with the same input',
  rewrite: (resource) => {
    const { Type, Properties } = resource;
    if (Type !== 'AWS::Scheduler::Schedule') return undefined;
    const target = Properties?.['Target'] as Readonly<Record<string, unknown>>;
    const Arn = { 'Fn::GetAtt': ['DeletingFunction', 'Arn'] };
    return { ...resource, Properties: { ...Properties, Target: { ...target, Arn } } };
  },
};

interface Statement {
  readonly Action?: string | readonly string[];
  readonly [key: string]: unknown;
}

export const REWRITES: readonly Rewrite[] = [
  {
    id: 'kinesis-stream-consumer',
    lacks: 'the type AWS::Kinesis::StreamConsumer (enhanced fan-out)',
    instead: 'the mapping reads the stream itself, as a shared consumer',
    rewrite: ({ Type }) => (Type === 'AWS::Kinesis::StreamConsumer' ? null : undefined),
    attribute: ({ Properties }) => Properties?.['StreamARN'],
  },
  {
    id: 'sqs-send-message-batch',
    lacks: 'that sqs:SendMessage covers SendMessageBatch: with permissions enforced it asks for sqs:SendMessageBatch',
    instead: 'policies that allow sqs:SendMessage allow sqs:SendMessageBatch beside it',
    rewrite: (resource) => withAction(resource, 'sqs:SendMessage', 'sqs:SendMessageBatch'),
  },
  {
    id: 'sqs-delete-message-batch',
    lacks:
      'that sqs:DeleteMessage covers DeleteMessageBatch: with permissions enforced it asks for sqs:DeleteMessageBatch',
    instead: 'policies that allow sqs:DeleteMessage allow sqs:DeleteMessageBatch beside it',
    rewrite: (resource) => withAction(resource, 'sqs:DeleteMessage', 'sqs:DeleteMessageBatch'),
  },
  {
    id: 'secure-transport',
    lacks: 'TLS: with permissions enforced, policies that refuse requests without it refuse every request',
    instead: 'those statements are left out, and a policy that holds no others with them',
    rewrite: withoutTlsRule,
  },
  {
    id: 'firehose-opensearch',
    lacks: 'delivery of Firehose to OpenSearch Service (the domain is made, nothing answers behind it)',
    instead: 'the delivery stream writes to the bucket for failed documents, under indexed/',
    rewrite: (resource) =>
      resource.Properties?.['AmazonopensearchserviceDestinationConfiguration'] === undefined
        ? undefined
        : toBucket(resource),
  },
];

/** A policy with another action beside the one that AWS takes for both; undefined where the policy does not have it. */
function withAction(resource: Resource, covered: string, added: string): Resource | undefined {
  const { Type, Properties } = resource;
  if (Type !== 'AWS::IAM::Policy') return undefined;
  const document = Properties?.['PolicyDocument'] as { readonly Statement: readonly Statement[] };
  let isChanged = false;
  const statements = document.Statement.map((statement) => {
    const actions = [statement.Action ?? []].flat();
    if (!actions.includes(covered) || actions.includes(added)) return statement;
    isChanged = true;
    return { ...statement, Action: [...actions, added] };
  });
  if (!isChanged) return undefined;
  return { ...resource, Properties: { ...Properties, PolicyDocument: { ...document, Statement: statements } } };
}

/** A resource policy without its statements about TLS; null where nothing is left of it. */
function withoutTlsRule(resource: Resource): Resource | null | undefined {
  const { Properties } = resource;
  const document = Properties?.['PolicyDocument'] as { readonly Statement?: readonly Statement[] } | undefined;
  const statements = document?.Statement ?? [];
  const kept = statements.filter((statement) => !JSON.stringify(statement).includes('aws:SecureTransport'));
  if (kept.length === statements.length) return undefined;
  if (kept.length === 0) return null;
  return { ...resource, Properties: { ...Properties, PolicyDocument: { ...document, Statement: kept } } };
}

export interface Adapted {
  readonly template: Template;
  /** What was rewritten: `row: logical id`. */
  readonly applied: readonly string[];
}

const told = new Set<string>();

/** Prints a rewrite, once. */
function tell(line: string): void {
  if (told.has(line)) return;
  told.add(line);
  console.log(`    adapted for the emulator: ${line}`);
}

/** A copy for the emulator. Prints each rewrite. */
export function adaptTemplate(template: Template, rewrites: readonly Rewrite[] = REWRITES): Adapted {
  const resources = new Map(Object.entries(template.Resources ?? {}));
  const absent = new Map<string, { readonly resource: Resource; readonly row: Rewrite }>();
  const applied: string[] = [];
  for (const row of rewrites) {
    for (const [logicalId, resource] of resources) {
      const rewritten = row.rewrite(resource, logicalId);
      if (rewritten === undefined) continue;
      applied.push(`${row.id}: ${logicalId}`);
      if (rewritten !== null) {
        resources.set(logicalId, rewritten);
        continue;
      }
      absent.set(logicalId, { resource, row });
      resources.delete(logicalId);
    }
  }
  for (const line of applied) tell(line);
  const copy = { ...template, Resources: Object.fromEntries(resources) };
  return { template: replaceReferences(copy, absent) as Template, applied };
}

/** Leaves out what points to a resource that is absent, or puts in what stands for it. */
function replaceReferences(
  value: unknown,
  absent: ReadonlyMap<string, { readonly resource: Resource; readonly row: Rewrite }>,
): unknown {
  if (Array.isArray(value)) return value.map((one) => replaceReferences(one, absent));
  if (typeof value !== 'object' || value === null) return value;
  const attribute = (value as { readonly 'Fn::GetAtt'?: readonly [string, string] })['Fn::GetAtt'];
  const found = attribute === undefined ? undefined : absent.get(attribute[0]);
  if (attribute !== undefined && found !== undefined) return found.row.attribute?.(found.resource, attribute[1]);
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === 'DependsOn' ? withoutAbsent(inner, absent) : replaceReferences(inner, absent),
    ]),
  );
}

function withoutAbsent(dependsOn: unknown, absent: ReadonlyMap<string, unknown>): unknown {
  return [dependsOn].flat().filter((id) => !absent.has(id as string));
}
