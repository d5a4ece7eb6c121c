/** A setting that claims to change the deployed resource does so, and no other setting does. */
import { describe, expect, it } from 'vitest';
import { schemaNode, unwrapped } from '#analysis/schema-walk.ts';
import { components, connections } from '#catalog/specs.ts';
import { connectionStacks, stacks } from '#catalog/stacks.ts';
import type { ComponentSpec, ConnectionSpec } from '#schema/component.ts';
import { fieldMeta, whenHolds } from '#schema/field.ts';
import { templateText } from '#test/contract/deployments.ts';
import { connectionScenario, edgeOf, nodeOf, smallScenario, tryScenario } from '#test/contract/small-scenarios.ts';
import { edge, node, pipeline } from '#test/contract/stage.ts';
import { valuesNear } from '#test/property/random-document.ts';

interface Owner {
  readonly name: string;
  readonly spec: ComponentSpec | ConnectionSpec;
  readonly scenario: string;
}

/** Where the small scenario does not show a setting. PLACE stands for the config of the owner, `values` for those to try. */
interface Stage {
  readonly settings?: readonly string[];
  readonly values?: readonly unknown[];
}

const toSearch = pipeline(
  5,
  [node('delivery', 'data-firehose'), node('search', 'opensearch'), node('bucket', 's3')],
  [
    edge('source', 'records', 'delivery', 'records'),
    edge('delivery', 'opensearch', 'search', 'documents'),
    edge('delivery', 'failed', 'bucket', 'failures'),
  ],
);
const fromSource = 'workloads.load.node="source"';
const queueReader = [
  ...pipeline(
    5,
    [node('queue', 'sqs'), node('worker', 'ecs-service')],
    [edge('source', 'records', 'queue', 'messages'), edge('queue', 'consumers', 'worker', 'queue')],
  ),
  fromSource,
];
const streamReader = [
  ...pipeline(
    5,
    [node('stream', 'kinesis-data-streams'), node('worker', 'ecs-service')],
    [edge('source', 'records', 'stream', 'records'), edge('stream', 'consumers', 'worker', 'stream')],
  ),
  fromSource,
];
const withDeadLetters = pipeline(
  5,
  [node('queue', 'sqs'), node('dead', 'sqs')],
  [edge('source', 'records', 'queue', 'messages'), edge('queue', 'dead-letter', 'dead', 'dead-letters')],
);
/** The function must be invoked by something that is deployed. */
const published = pipeline(
  5,
  [node('topic', 'sns'), node('function', 'lambda')],
  [edge('source', 'records', 'topic', 'messages'), edge('topic', 'subscriptions', 'function', 'events')],
);
const cpu = ['PLACE.autoScaling="ECSServiceAverageCPUUtilization"'];

const stages: Readonly<Record<string, Stage>> = {
  'kinesis-data-streams.streamMode': { settings: ['PLACE={}'] },
  'kinesis-data-streams--lambda.maximumRetryAttempts': { values: [4, 9] },
  'kinesis-data-streams--lambda.maximumRecordAgeInSeconds': { values: [60, 3600] },
  'sns--sqs.filterPolicyScope': { settings: ['PLACE.filterPassRatio=0.5'] },
  'data-firehose.retryDurationSeconds': { settings: toSearch },
  'data-firehose.backupBufferSizeMebibytes': { settings: toSearch },
  'data-firehose.backupBufferIntervalSeconds': { settings: toSearch },
  'data-firehose.formatConversion': {
    settings: ['PLACE.compressionFormat="UNCOMPRESSED"', 'PLACE.bufferSizeMebibytes=128'],
  },
  'data-firehose.dynamicPartitioning': { settings: ['PLACE.bufferSizeMebibytes=64'] },
  'data-firehose.partitionValues': { settings: ['PLACE.bufferSizeMebibytes=64'] },
  'opensearch.indexRotation': { settings: toSearch },
  'opensearch.documentIds': { settings: toSearch },
  'opensearch.dedicatedMasterCount': { values: [3, 5] },
  'opensearch.dedicatedMasterType': { settings: ['PLACE.dedicatedMasterCount=3'] },
  'lambda.maximumRetryAttempts': { settings: published },
  'lambda.maximumEventAgeInSeconds': { settings: published },
  'sqs.maxReceiveCount': { settings: withDeadLetters },
  'sqs.fifoThroughputLimit': { settings: ['PLACE.fifoQueue=true', 'PLACE.deduplicationScope="messageGroup"'] },
  'elasticache.deployment': { settings: ['PLACE={}'] },
  's3.transitionStorageClass': { settings: ['PLACE.transitionDays=30'] },
  's3.transitionDays': { values: [30, 60] },
  's3.archiveStorageClass': { settings: ['PLACE.archiveDays=100'] },
  's3.archiveDays': { values: [100] },
  's3.expirationDays': { values: [400] },
  'ecs-service.cpu': { settings: ['PLACE.memoryMiB=2048'] },
  'ecs-service.memoryMiB': { values: [1024, 4096] },
  'ecs-service.autoScaling': { settings: queueReader },
  'ecs-service.targetValue': { settings: [...queueReader, ...cpu] },
  'ecs-service.minCapacity': { settings: [...queueReader, ...cpu] },
  'ecs-service.maxCapacity': { settings: [...queueReader, ...cpu] },
  'ecs-service.scaleOutCooldownSeconds': { settings: [...queueReader, ...cpu] },
  'ecs-service.scaleInCooldownSeconds': { settings: [...queueReader, ...cpu] },
  'ecs-service.disableScaleIn': { settings: [...queueReader, ...cpu] },
  'ecs-service.desiredCount': { settings: queueReader },
  'ecs-service.concurrency': { settings: queueReader, values: [20, 100] },
  'ecs-service.messagesPerReceive': { settings: queueReader },
  'ecs-service.waitTimeSeconds': { settings: queueReader },
  'ecs-service.maxRecords': { settings: streamReader },
  'ecs-service.taskBackoffTimeMs': { settings: streamReader },
  'ecs-service.maxAttempts': { settings: streamReader },
  'ecs-service.idleTimeBetweenReadsMs': { settings: streamReader },
};

/** Settings of the owner in which alternatives can be chosen. */
const plain: Readonly<Record<string, string>> = {
  'data-firehose': 'PLACE={"bufferSizeMebibytes":64}',
  elasticache: 'PLACE={}',
  'kinesis-data-streams': 'PLACE={}',
};

const owners: Owner[] = [
  ...[...components].filter(([name]) => stacks.has(name)).map(([name, spec]) => ({ name, spec, scenario: name })),
  ...[...connections]
    .filter(([name]) => connectionStacks.has(name))
    .map(([name, spec]) => {
      const { from, to, port } = spec.declaration;
      return { name, spec, scenario: connectionScenario(from, to, port) };
    }),
];

/** Path of the owner's config in its scenario. */
function placeOf({ name, spec: { declaration }, scenario }: Owner, settings: readonly string[]): string {
  const document = smallScenario(scenario, settings);
  if ('ports' in declaration) return `nodes.${nodeOf(document, name).id}.config`;
  return `edges.${edgeOf(document, declaration.from, declaration.to, declaration.port)!.id}.config`;
}

/** Settings that make `when` hold. */
function conditions({ spec }: Owner, place: string, field: string): string[] {
  const { config: schema } = spec.declaration;
  const config = schema.parse({}) as Record<string, unknown>;
  const settings: string[] = [];
  const require = (name: string): void => {
    for (const [other, wanted] of Object.entries(fieldMeta(schema.shape[name] as never)?.when ?? {})) {
      require(other);
      if (whenHolds({ [other]: wanted }, config)) continue;
      config[other] = Array.isArray(wanted) ? wanted[0] : wanted;
      settings.push(`${place}.${other}=${JSON.stringify(config[other])}`);
    }
  };
  require(field);
  return settings;
}

/** Templates before, and with each value that the document may have. */
function tried(owner: Owner, field: string, most: number): { readonly values: string[]; readonly changed: boolean } {
  const stage = stages[`${owner.name}.${field}`] ?? {};
  const scene = (stage.settings ?? []).filter((setting) => !setting.startsWith('PLACE'));
  const place = placeOf(owner, scene);
  const own = (stage.settings ?? [])
    .filter((setting) => setting.startsWith('PLACE'))
    .map((setting) => setting.replace('PLACE', place));
  const wanted = conditions(owner, place, field);
  const reset = wanted.length > 0 ? [plain[owner.name] ?? ''].filter((setting) => setting !== '') : [];
  const settings = [...scene, ...reset.map((setting) => setting.replace('PLACE', place)), ...own, ...wanted];
  const base = tryScenario(owner.scenario, settings);
  if (typeof base === 'string') throw new Error(`the stage of ${owner.name}.${field} is refused: ${base}`);
  const schema = owner.spec.declaration.config.shape[field] as object;
  const { config } = [...base.nodes, ...base.edges].find(({ id }) => place.split('.')[1] === id)!;
  const before = templateText(base);
  const values: string[] = [];
  for (const value of stage.values ?? valuesNear(unwrapped(schemaNode(schema)), config[field])) {
    const document = tryScenario(owner.scenario, [...settings, `${place}.${field}=${JSON.stringify(value)}`]);
    if (typeof document === 'string' || value === config[field]) continue;
    values.push(JSON.stringify(value));
    if (templateText(document) !== before) return { values, changed: true };
    if (values.length >= most) break;
  }
  return { values, changed: false };
}

const fields = owners.flatMap((owner) =>
  Object.entries(owner.spec.declaration.config.shape).map(([field, schema]) => ({
    owner,
    field,
    name: `${owner.name}.${field}`,
    claimed: fieldMeta(schema as never)?.affects.includes('stack') === true,
  })),
);

describe('a changed setting', () => {
  it.each(fields.filter(({ claimed }) => claimed))('$name changes the template', ({ owner, field }) => {
    const { values, changed } = tried(owner, field, Number.POSITIVE_INFINITY);
    expect(changed, `tried ${values.join(', ') || 'nothing: no other value was valid'}`).toBe(true);
  });

  it.each(fields.filter(({ claimed }) => !claimed))('$name leaves the template as it is', ({ owner, field }) => {
    expect(tried(owner, field, 2).changed).toBe(false);
  });

  it('has a stage only where a setting claims to change the template', () => {
    const claiming = fields.filter(({ claimed }) => claimed).map(({ name }) => name);
    for (const name of Object.keys(stages)) expect(claiming).toContain(name);
  });
});

describe('a stack', () => {
  it('stands behind every connection that is a resource of its own or tells code about its target', () => {
    for (const name of connectionStacks.keys()) expect([...connections.keys()]).toContain(name);
    for (const name of stacks.keys()) expect([...components.keys()]).toContain(name);
  });

  it.each([...stacks.keys()])('of %s is the same for the same document', (name) => {
    expect(templateText(smallScenario(name))).toBe(templateText(smallScenario(name)));
  });
});
