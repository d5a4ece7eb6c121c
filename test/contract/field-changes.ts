/**
 * Where a field does not show in the small scenario as it stands: what else has to be so that it does. By owner and field.
 * `settings` are applied to both runs, `values` are tried in place of values near the default. PLACE stands for the config of the
 * owner in the scenario.
 */
import { cacheStages } from '#test/contract/stages-of-caches.ts';
import { subscriptionExceptions, topicStages } from '#test/contract/stages-of-topics.ts';
import { caller, edge, json, node, pipeline, type Stage } from '#test/contract/stage.ts';

const recordErrors = (target: string, ratio: number, seconds = 30): string =>
  `faults=${json([{ id: 'f', kind: 'errorRate', per: 'record', ratio, node: target, startSeconds: 0, durationSeconds: seconds }])}`;

const asynchronous = pipeline(
  5,
  [node('function', 'lambda', { errorRatio: 0.5 })],
  [edge('source', 'records', 'function', 'events')],
);
const calledFunction = pipeline(
  5,
  [node('function', 'lambda'), caller],
  [edge('source', 'records', 'caller', 'events'), edge('caller', 'on', 'function', 'events')],
);
const calledQueue = pipeline(
  5,
  [node('queue', 'sqs'), caller],
  [edge('source', 'records', 'caller', 'events'), edge('caller', 'on', 'queue', 'messages')],
);
const calledApplication = pipeline(
  5,
  [node('application', 'consumer-application'), caller],
  [edge('source', 'records', 'caller', 'events'), edge('caller', 'on', 'application', 'deliveries')],
);
const readBucket = pipeline(
  5,
  [node('bucket', 's3'), node('reader', 'lambda', {}, [{ id: 'get', port: 'calls' }])],
  [edge('source', 'records', 'reader', 'events'), { ...edge('reader', 'get', 'bucket', 'reads'), kind: 'call' }],
);
/** Records that are sent twice in two sizes, and again when their batch is repeated. */
const twoSizes = [
  ...pipeline(
    50,
    [
      node('stream', 'kinesis-data-streams'),
      node('function', 'lambda', {}, [
        { id: 'plain', emit: { batchSize: 10 } },
        { id: 'large', emit: { batchSize: 10, sizeFactor: 2 } },
      ]),
      node('queue', 'sqs', { fifoQueue: true }),
    ],
    [
      edge('source', 'records', 'stream', 'records'),
      edge('stream', 'consumers', 'function', 'kinesis'),
      edge('function', 'plain', 'queue', 'messages'),
      edge('function', 'large', 'queue', 'messages'),
    ],
  ),
  recordErrors('function', 0.02),
];

const lossOfTask = (node: string, capacityRatio: number): string =>
  `faults=${json([{ id: 'f', kind: 'throttling', capacityRatio, node, startSeconds: 5, durationSeconds: 10 }])}`;
/** A container application called `api` in other roles than that of its small scenario. */
const calledService = [
  ...pipeline(
    5,
    [node('api', 'ecs-service'), caller],
    [edge('source', 'records', 'caller', 'events'), edge('caller', 'on', 'api', 'requests')],
  ),
  'workloads.load.node="source"',
];
const readingService = [
  ...pipeline(
    50,
    [node('stream', 'kinesis-data-streams', { shardCount: 2 }), node('api', 'ecs-service')],
    [edge('source', 'records', 'stream', 'records'), edge('stream', 'consumers', 'api', 'stream')],
  ),
  'workloads.load.node="source"',
];
const workingService = [
  ...pipeline(
    5,
    [node('queue', 'sqs'), node('api', 'ecs-service')],
    [edge('source', 'records', 'queue', 'messages'), edge('queue', 'consumers', 'api', 'queue')],
  ),
  'workloads.load.node="source"',
];
const scaled = (
  config: object,
  steps: readonly (readonly [atSeconds: number, recordsPerSecond: number])[],
): string[] => [
  `PLACE=${json({ autoScaling: 'ECSServiceAverageCPUUtilization', ...config })}`,
  `workloads.load.arrivals=${json({ kind: 'steps', steps: steps.map(([atSeconds, recordsPerSecond]) => ({ atSeconds, recordsPerSecond })) })}`,
];
const scalingOut = scaled({ desiredCount: 1, meanServiceTimeMs: 1000, concurrency: 20 }, [[0, 4]]);
const scalingIn = scaled({ desiredCount: 8, meanServiceTimeMs: 1000 }, [
  [0, 5],
  [960, 1],
]);

const hotOnDemand = ['workloads.load.arrivals.recordsPerSecond=300', 'workloads.load.recordSize.bytes=2500'];
const reshard = [
  'PLACE.reshardTargetShardCount=4',
  'PLACE.reshardAtMinutes=0.1',
  'PLACE.reshardBaseSeconds=5',
  'PLACE.reshardSecondsPerStep=5',
];
const sparse = [
  'workloads.load.arrivals.recordsPerSecond=0.7',
  'PLACE.idleTimeoutMinSeconds=1',
  'PLACE.idleTimeoutMaxSeconds=2',
];
const largeObjects = ['workloads.load.recordSize.bytes=8000000', 'workloads.load.arrivals.recordsPerSecond=1'];
const bucketOut = `faults=${json([{ id: 'f', kind: 'outage', node: 'bucket', startSeconds: 0, durationSeconds: 40 }])}`;
const parquet = 'PLACE={"bufferSizeMebibytes":64,"bufferIntervalSeconds":15,"formatConversion":"parquet"}';
const partitionedStream = 'PLACE={"bufferSizeMebibytes":64,"bufferIntervalSeconds":10,"dynamicPartitioning":true}';
const oneADay = ['workloads.load.arrivals.recordsPerSecond=0.0001'];
const busyWorker = (rate: number, perInvocationMs: number): string[] => [
  `workloads.load.arrivals.recordsPerSecond=${rate}`,
  `nodes.worker.config.perInvocationMs=${perInvocationMs}`,
];

export const stages: Readonly<Record<string, Stage>> = {
  ...cacheStages,
  ...topicStages,
  'custom-service.serviceTimeQuantiles': {
    settings: ['PLACE={"servers":3,"queueLimit":5}'],
    values: [
      [
        { p: 0, valueMs: 5 },
        { p: 1, valueMs: 90 },
      ],
    ],
  },
  'kinesis-data-streams.streamMode': { settings: ['PLACE={}'], values: ['ON_DEMAND'] },
  'kinesis-data-streams.maxRecordSizeInKiB': {
    settings: ['workloads.load.recordSize.bytes=1500000', 'workloads.load.arrivals.recordsPerSecond=0.5'],
    values: [10_240],
  },
  'kinesis-data-streams.onDemandAdvantage': { settings: ['PLACE={}'], values: [true] },
  'kinesis-data-streams.warmThroughputMiBps': { settings: ['PLACE={}'], values: [20] },
  'kinesis-data-streams.advantageCommitmentMiBps': { settings: ['PLACE={}'], values: [5] },
  'kinesis-data-streams.reshardAtMinutes': { settings: reshard, values: [0.3], horizonSeconds: 60 },
  'kinesis-data-streams.reshardTargetShardCount': { settings: reshard, values: [3], horizonSeconds: 60 },
  'kinesis-data-streams.reshardBaseSeconds': { settings: reshard, values: [10], horizonSeconds: 60 },
  'kinesis-data-streams.reshardSecondsPerStep': { settings: reshard, values: [10], horizonSeconds: 60 },
  'kinesis-data-streams.onDemandSplitKBPerSecond': {
    settings: ['PLACE={"onDemandScalingSeconds":5}', ...hotOnDemand],
    values: [1000],
    horizonSeconds: 60,
  },
  'kinesis-data-streams.onDemandScalingSeconds': {
    settings: ['PLACE={"onDemandScalingSeconds":20}', ...hotOnDemand],
    values: [5],
    horizonSeconds: 150,
  },
  'kinesis-data-streams.fanOutPropagationDelayMs': { settings: ['nodes.reader.config.retrieval="fanOut"'] },
  'ecs-service.cpu': { settings: ['PLACE.memoryMiB=2048'], values: ['512'] },
  'ecs-service.startUpMinSeconds': {
    settings: [lossOfTask('api', 0.5), 'PLACE.startUpMinSeconds=1', 'PLACE.startUpMaxSeconds=9'],
    values: [5],
  },
  'ecs-service.startUpMaxSeconds': {
    settings: [lossOfTask('api', 0.5), 'PLACE.startUpMinSeconds=1', 'PLACE.startUpMaxSeconds=9'],
    values: [5],
  },
  'ecs-service.stopTimeoutSeconds': {
    settings: scaled(
      { meanServiceTimeMs: 60_000, cpuBoundRatio: 0.001, concurrency: 1000, serviceTimeLaw: 'deterministic' },
      [[0, 1]],
    ),
    values: [90],
    horizonSeconds: 1000,
  },
  'ecs-service.answers': { settings: calledService, values: ['accepted'] },
  'ecs-service.answerLatencyMs': { settings: calledService },
  'ecs-service.maxAttempts': { settings: [...readingService, recordErrors('api', 0.05)], values: [3] },
  'ecs-service.autoScaling': {
    settings: [...scalingOut.slice(1), 'PLACE={"desiredCount":1,"meanServiceTimeMs":1000,"concurrency":20}'],
    values: ['ECSServiceAverageCPUUtilization'],
    horizonSeconds: 300,
  },
  'ecs-service.targetValue': { settings: scalingOut, values: [35], horizonSeconds: 300 },
  'ecs-service.minCapacity': { settings: scalingIn, values: [6], horizonSeconds: 1000 },
  'ecs-service.maxCapacity': { settings: [...scalingOut, 'PLACE.targetValue=20'], values: [2], horizonSeconds: 300 },
  'ecs-service.scaleOutCooldownSeconds': { settings: scalingOut, values: [0], horizonSeconds: 400 },
  'ecs-service.scaleInCooldownSeconds': { settings: scalingIn, values: [0], horizonSeconds: 1150 },
  'ecs-service.disableScaleIn': { settings: scalingIn, values: [true], horizonSeconds: 1000 },
  'ecs-service.lowAlarmRatio': { settings: scalingIn, values: [0.1], horizonSeconds: 1000 },
  'ecs-service.retrieval': { settings: readingService },
  'ecs-service.idleTimeBetweenReadsMs': { settings: readingService },
  'ecs-service.maxRecords': { settings: [...readingService, 'PLACE.retrieval="polling"'], values: [10] },
  'ecs-service.checkpointIntervalSeconds': { settings: readingService, values: [0] },
  'ecs-service.failoverTimeMs': { settings: [...readingService, lossOfTask('api', 0.5)], values: [3000] },
  'ecs-service.taskBackoffTimeMs': {
    settings: [...readingService, recordErrors('api', 0.05), 'PLACE.maxAttempts=5'],
  },
  'ecs-service.messagesPerReceive': { settings: [...workingService, 'PLACE.meanServiceTimeMs=20000'], values: [1] },
  'ecs-service.waitTimeSeconds': { settings: workingService, values: [0] },
  'opensearch.instanceType': { values: ['m6g.xlarge.search'] },
  'opensearch.volumeType': { values: ['gp2'] },
  'opensearch.dedicatedMasterCount': { values: [3] },
  'opensearch.dedicatedMasterType': { settings: ['PLACE.dedicatedMasterCount=3'], values: ['r6g.large.search'] },
  'opensearch.documentIds': {
    settings: [
      `faults=${json([{ id: 'f', kind: 'duplicates', ratio: 0.1, node: 'search', startSeconds: 0, durationSeconds: 30 }])}`,
    ],
    values: ['fromRecord'],
  },
  'opensearch.indexRotation': { values: ['none'] },
  'opensearch.searchedIndexes': { values: [3] },
  'opensearch.bulkLatencyMs': { values: [500] },
  'consumer-application.dashboardUsers': { scenario: 'opensearch' },
  'consumer-application.panelsPerDashboard': { scenario: 'opensearch' },
  'consumer-application.dashboardRefreshSeconds': { scenario: 'opensearch' },
  'lambda.timeoutSeconds': { settings: ['PLACE.perInvocationMs=4000'], values: [1] },
  'lambda.failureEffect': { settings: [recordErrors('function', 0.02)] },
  'lambda.idleTimeoutMinSeconds': { settings: sparse, values: [2] },
  'lambda.idleTimeoutMaxSeconds': { settings: sparse, values: [900] },
  'lambda.environmentLifetimeSeconds': {
    settings: ['PLACE.environmentLifetimeSeconds=60', 'workloads.load.arrivals.recordsPerSecond=20'],
    values: [10_800],
    horizonSeconds: 240,
  },
  'lambda.maximumRetryAttempts': { settings: asynchronous, horizonSeconds: 150 },
  'lambda.maximumEventAgeInSeconds': { settings: asynchronous, values: [60], horizonSeconds: 200 },
  'lambda.asyncInvokeLatencyMs': { settings: calledFunction },
  'sqs.contentBasedDeduplication': { settings: twoSizes },
  'sqs.fifoThroughputLimit': {
    settings: [
      ...pipeline(
        500,
        [
          node('queue', 'sqs', { fifoQueue: true, deduplicationScope: 'messageGroup' }),
          node('reader', 'consumer-application'),
        ],
        [edge('source', 'records', 'queue', 'messages'), edge('queue', 'consumers', 'reader', 'queue')],
      ),
    ],
    values: ['perMessageGroupId'],
  },
  'sqs.visibilityTimeoutSeconds': { values: [15], horizonSeconds: 90 },
  'sqs.messageRetentionPeriodSeconds': {
    settings: [
      'faults=[{"id":"f","kind":"throttling","capacityRatio":0,"node":"worker","startSeconds":0,"durationSeconds":500}]',
    ],
    values: [60],
    horizonSeconds: 120,
  },
  'sqs.maximumMessageSizeBytes': { settings: ['workloads.load.recordSize.bytes=2000'], values: [1024] },
  'sqs.receiveMessageWaitTimeSeconds': { scenario: 'consumer-application', values: [0] },
  'sqs.maxReceiveCount': {
    settings: ['nodes.worker.config.errorRatio=0.9', 'PLACE.visibilityTimeoutSeconds=10'],
    values: [1],
    horizonSeconds: 90,
  },
  'sqs.sendLatencyMs': { settings: calledQueue },
  'data-firehose.retryDurationSeconds': {
    settings: [
      ...pipeline(
        20,
        [node('delivery', 'data-firehose', { bufferIntervalSeconds: 5 }), node('domain', 'opensearch')],
        [edge('source', 'records', 'delivery', 'records'), edge('delivery', 'opensearch', 'domain', 'documents')],
      ),
      `faults=${json([{ id: 'f', kind: 'outage', node: 'domain', startSeconds: 0, durationSeconds: 40 }])}`,
    ],
    values: [0],
  },
  'data-firehose.deliveryRetryBaseSeconds': { settings: [bucketOut], horizonSeconds: 60 },
  'data-firehose.deliveryRetryMaxSeconds': {
    settings: [bucketOut, 'PLACE.deliveryRetryBaseSeconds=4'],
    values: [4],
    horizonSeconds: 60,
  },
  'data-firehose.backupBufferSizeMebibytes': {
    settings: ['PLACE.transformFailedRatio=1'],
    values: [1],
    horizonSeconds: 60,
  },
  'data-firehose.backupBufferIntervalSeconds': { values: [60], horizonSeconds: 120 },
  'data-firehose.transformRetries': { settings: ['nodes.transform.config.errorRatio=0.7'], values: [0] },
  'data-firehose.transformRetryWaitSeconds': { settings: ['nodes.transform.config.errorRatio=0.7'] },
  'data-firehose.formatConversion': { settings: ['PLACE={"bufferSizeMebibytes":64}'], values: ['parquet'] },
  'data-firehose.convertedSizeRatio': { settings: [parquet] },
  'data-firehose.conversionFailedRatio': { settings: [parquet] },
  'data-firehose.dynamicPartitioning': { settings: ['PLACE={"bufferSizeMebibytes":64,"bufferIntervalSeconds":10}'] },
  'data-firehose.partitionValues': { settings: [partitionedStream], values: [7] },
  'data-firehose.activePartitionsQuota': { settings: [partitionedStream], values: [10] },
  'data-firehose.partitionKeyMissingRatio': { settings: [partitionedStream] },
  'data-firehose.recordsPerSecondQuota': { values: [150] },
  'data-firehose.requestsPerSecondQuota': { values: [1] },
  'data-firehose.mebibytesPerSecondQuota': { values: [0.1] },
  'data-firehose.quotaGrows': {
    settings: ['PLACE.recordsPerSecondQuota=150'],
    values: [false],
    horizonSeconds: 400,
  },
  'data-firehose.quotaDoublingMinutes': {
    settings: ['PLACE.recordsPerSecondQuota=150', 'PLACE.quotaDoublingMinutes=0.1'],
    values: [0.2],
  },
  'data-firehose.directPutLanes': { values: [3] },
  's3.transitionDays': { settings: [...largeObjects, 'PLACE.billedMonth=12'], values: [30] },
  's3.transitionStorageClass': {
    settings: [...largeObjects, 'PLACE.transitionDays=30', 'PLACE.billedMonth=12'],
    values: ['ONEZONE_IA'],
  },
  's3.archiveDays': { settings: [...largeObjects, 'PLACE.billedMonth=12'], values: [30] },
  's3.archiveStorageClass': {
    settings: [...largeObjects, 'PLACE.archiveDays=30', 'PLACE.billedMonth=12'],
    values: ['GLACIER'],
  },
  's3.expirationDays': { settings: ['PLACE.billedMonth=12', ...oneADay], values: [1], horizonSeconds: 300_000 },
  's3.keyPrefixCount': {
    settings: ['workloads.load.arrivals.recordsPerSecond=5000', 'PLACE.initialPartitions=2'],
    values: [2],
    horizonSeconds: 5,
  },
  's3.initialPartitions': {
    settings: ['workloads.load.arrivals.recordsPerSecond=5000', 'PLACE.keyPrefixCount=2'],
    values: [2],
    horizonSeconds: 5,
  },
  's3.partitionDoublingMinutes': {
    settings: [
      'workloads.load.arrivals.recordsPerSecond=5000',
      'PLACE.keyPrefixCount=2',
      'PLACE.partitionDoublingMinutes=0.1',
    ],
    values: [0.2],
    horizonSeconds: 15,
  },
  's3.readKibibytes': { settings: readBucket },
  's3.downloadMegabytesPerSecond': { settings: readBucket },
  's3.multipartPartMebibytes': { settings: largeObjects, values: [5] },
  'consumer-application.receiveWait': { settings: ['nodes.queue.config.receiveMessageWaitTimeSeconds=0'] },
  'consumer-application.retrieval': { scenario: 'kinesis-data-streams' },
  'consumer-application.pollingIntervalMs': { scenario: 'kinesis-data-streams' },
  'consumer-application.maxRecords': { scenario: 'kinesis-data-streams', values: [10] },
  'consumer-application.maxAttempts': {
    scenario: 'kinesis-data-streams',
    settings: [recordErrors('reader', 0.01)],
    values: [1],
  },
  'consumer-application.deliveryLatencyMs': { settings: calledApplication },
  'kinesis-data-streams--lambda.maximumRetryAttempts': {
    settings: ['nodes.function.config.errorRatio=0.6'],
    values: [0],
  },
  'kinesis-data-streams--lambda.maximumRecordAgeInSeconds': {
    settings: ['nodes.function.config.errorRatio=1', 'workloads.load.arrivals.recordsPerSecond=30'],
    values: [60],
    horizonSeconds: 150,
  },
  'kinesis-data-streams--lambda.bisectBatchOnFunctionError': { settings: ['nodes.function.config.errorRatio=0.3'] },
  'kinesis-data-streams--lambda.reportBatchItemFailures': { settings: [recordErrors('function', 0.02)] },
  'kinesis-data-streams--lambda.retryBaseMs': { settings: ['nodes.function.config.errorRatio=0.3'] },
  'kinesis-data-streams--lambda.retryMaxMs': { settings: ['nodes.function.config.errorRatio=0.6'], values: [500] },
  'sqs--lambda.reportBatchItemFailures': {
    settings: [recordErrors('worker', 0.1, 90), 'nodes.queue.config.visibilityTimeoutSeconds=10'],
    horizonSeconds: 60,
  },
  'sqs--lambda.maximumPollers': { settings: busyWorker(100, 5000), values: [2] },
  'sqs--lambda.idleConcurrency': {
    settings: [
      ...busyWorker(0, 2000).slice(1),
      `workloads.load.arrivals=${json({
        kind: 'steps',
        steps: [
          { atSeconds: 0, recordsPerSecond: 50 },
          { atSeconds: 10, recordsPerSecond: 0 },
          { atSeconds: 100, recordsPerSecond: 200 },
        ],
      })}`,
    ],
    values: [50],
    horizonSeconds: 120,
  },
  'sqs--lambda.scaleUpPerMinute': { settings: busyWorker(200, 3000), values: [10] },
  'sqs--lambda.provisionedScaleUpPerMinute': { settings: busyWorker(200, 5000), values: [60] },
  'sqs--lambda.errorSlowdownRatio': {
    settings: [...busyWorker(200, 3000), 'nodes.worker.config.errorRatio=0.5'],
    values: [1],
  },
  'sqs--lambda.retryBaseMs': {
    settings: [...busyWorker(60, 500), 'nodes.worker.config.reservedConcurrentExecutions=1'],
    values: [5000],
  },
  'sqs--lambda.retryMaxMs': {
    settings: [...busyWorker(60, 500), 'nodes.worker.config.reservedConcurrentExecutions=1'],
    values: [500],
  },
};

/** Fields that cannot show in a run, each with the reason. */
export const exceptions: Readonly<Record<string, string>> = {
  ...subscriptionExceptions,
  'sqs.deduplicationScope':
    'a copy keeps the group of its original, so both scopes find the same copies; messageGroup only admits the high throughput limit',
};
