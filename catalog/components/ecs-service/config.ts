/** Settings of an Amazon ECS service on Fargate, and the model of the program that runs in its tasks. */
import { z } from 'zod';
import type { CheckContext, CheckFinding, ComponentDeclaration, Port } from '#schema/component.ts';
import { type Affected, field, type Source } from '#schema/field.ts';
import { type ProtocolId, pushProtocols } from '#schema/protocols.ts';

const read = '2026-11-21';
const guide = 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/';
const taskSizes = { url: `${guide}fargate-tasks-services.html`, read } as const;
const taskParameters = { url: `${guide}task_definition_parameters.html`, read } as const;
const quotas = { url: 'https://docs.aws.amazon.com/general/latest/gr/ecs-service.html', read } as const;
const autoScaling = { url: `${guide}service-autoscaling-targettracking.html`, read } as const;
const cooldowns = {
  url: 'https://docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html',
  read,
} as const;
const kclConfiguration = {
  url: 'https://docs.aws.amazon.com/streams/latest/dev/kcl-configuration.html',
  read,
} as const;
const getRecords = {
  url: 'https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetRecords.html',
  read,
} as const;
const receiveMessage = {
  url: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html',
  read,
} as const;

const skippedRecords = 'https://docs.aws.amazon.com/streams/latest/dev/troubleshooting-consumers.html';

const behavior = ['behavior'] as const;
const behaviorAndStack = ['behavior', 'stack'] as const;
const all = ['behavior', 'price', 'stack'] as const;

/** A setting that is the user's to make. */
const choice = (label: string, unit: string, help: string, affects: readonly Affected[]) =>
  ({ label, unit, help, kind: 'choice', affects }) as const;

/** A setting of AWS's, with its default and range. */
const documented = (label: string, unit: string, help: string, source: Source, affects: readonly Affected[]) =>
  ({ label, unit, help, kind: 'documented', source, affects }) as const;

/** Bytes of one GetRecords answer at most: 10 MiB. API_GetRecords.html (read 2026-11-21). */
export const largestReadBytes = 10_485_760;

/** Fargate task launches of an account and Region: 100 at once, then 20 a second. developerguide/throttling.html (read 2026-11-21). */
export const launchBurst = 100;
export const launchesPerSecond = 20;
/** Tasks that the scheduler starts for one service a minute. general/latest/gr/ecs-service.html (read 2026-11-21). */
export const serviceLaunchesPerMinute = 500;

/** Memory in MiB that goes with each CPU size: from, to, step. developerguide/fargate-tasks-services.html (read 2026-11-21). */
const memorySteps: Readonly<Record<string, readonly [from: number, to: number, step: number]>> = {
  '256': [512, 2048, 512],
  '512': [1024, 4096, 1024],
  '1024': [2048, 8192, 1024],
  '2048': [4096, 16_384, 1024],
  '4096': [8192, 30_720, 1024],
  '8192': [16_384, 61_440, 4096],
  '16384': [32_768, 122_880, 8192],
};

const startUp = {
  unit: 's',
  kind: 'guess',
  affects: behavior,
  advanced: true,
  source: { ...taskSizes, note: 'Assumption: AWS gives no figure' },
} as const;

const task = {
  cpu: field(
    z.enum(['256', '512', '1024', '2048', '4096', '8192', '16384']).default('1024'),
    documented('Task CPU', 'CPU units', 'CPU units of one task: 1,024 are one vCPU.', taskSizes, all),
  ),
  memoryMiB: field(
    z.int().min(512).max(122_880).default(2048),
    documented('Task memory', 'MiB', 'Memory of one task; the CPU size decides which there are.', taskSizes, [
      'price',
      'stack',
    ]),
  ),
  cpuArchitecture: field(
    z.enum(['X86_64', 'ARM64']).default('X86_64'),
    choice('Architecture', '', 'ARM64 costs a fifth less; service times are taken to be the same.', ['price', 'stack']),
  ),
  ephemeralStorageGiB: field(z.int().min(20).max(200).default(20), {
    label: 'Ephemeral storage',
    unit: 'GiB',
    help: 'Disk of one task; what is above 20 GiB is billed while the task runs.',
    kind: 'documented',
    source: taskParameters,
    affects: ['price', 'stack'],
  }),
  desiredCount: field(z.int().min(1).max(5000).default(2), {
    label: 'Desired tasks',
    unit: 'tasks',
    help: 'Tasks that the service keeps running, and that run when the simulation begins; auto scaling changes it.',
    kind: 'documented',
    source: { ...quotas, note: 'at most 5,000 tasks in a service' },
    affects: all,
  }),
  startUpMinSeconds: field(z.number().min(0).max(3600).default(30), {
    ...startUp,
    label: 'Shortest start-up',
    help: 'From the launch of a task until it takes work: network interface, image pull, start of the program. Drawn uniformly up to the longest.',
  }),
  startUpMaxSeconds: field(z.number().min(0).max(3600).default(90), {
    ...startUp,
    label: 'Longest start-up',
    help: 'See the shortest start-up.',
  }),
  stopTimeoutSeconds: field(z.int().min(2).max(120).default(30), {
    ...documented(
      'Stop timeout',
      's',
      'How long a task that is told to stop (SIGTERM) may finish its work before it is killed.',
      taskParameters,
      behaviorAndStack,
    ),
    advanced: true,
  }),
};

const work = {
  concurrency: field(
    z.int().min(1).max(10_000).default(10),
    choice(
      'Concurrency of a task',
      'requests',
      'Requests, or messages of each linked queue, that one task works on at the same time. A stream has one worker per shard instead.',
      behaviorAndStack,
    ),
  ),
  serviceTimeLaw: field(
    z.enum(['exponential', 'deterministic', 'lognormal', 'gamma', 'hyperexponential']).default('exponential'),
    choice('Service time law', '', 'Distribution of the time a task works on one record.', behaviorAndStack),
  ),
  meanServiceTimeMs: field(
    z.number().min(0.001).max(43_200_000).default(10),
    choice(
      'Mean service time',
      'ms',
      'Mean time a task works on one record, alone on a whole vCPU; calls that its outputs make for streams and queues come on top.',
      behaviorAndStack,
    ),
  ),
  coefficientOfVariation: field(z.number().min(0).max(50).default(1), {
    label: 'Coefficient of variation',
    unit: '',
    help: 'Standard deviation over mean of the service time; a hyperexponential law needs at least 1.',
    kind: 'choice',
    affects: behaviorAndStack,
    when: { serviceTimeLaw: ['lognormal', 'gamma', 'hyperexponential'] },
  }),
  cpuBoundRatio: field(
    z.number().min(0).max(1).default(0.5),
    choice(
      'CPU-bound share',
      '',
      'Share of the service time that needs the processor; the rest is waiting. It grows when the works of a task need more than its vCPU.',
      behavior,
    ),
  ),
  queueLimit: field(
    z.int().min(0).max(100_000_000).optional(),
    choice(
      'Queue limit',
      'requests',
      'Requests that may wait for a task, all together; what finds the places full is refused. No limit when left empty.',
      behavior,
    ),
  ),
  answers: field(
    z.enum(['accepted', 'processed']).default('processed'),
    choice(
      'Answer to a request',
      '',
      'When the caller has its answer: as soon as the request is taken, or when it has been worked on.',
      behavior,
    ),
  ),
  answerLatencyMs: field(z.number().min(0).max(60_000).default(5), {
    label: 'Round trip',
    unit: 'ms',
    help: 'Network and load balancer time of one request. Assumption: a service in the same Region.',
    kind: 'guess',
    affects: behavior,
    advanced: true,
  }),
  maxAttempts: field(z.int().min(1).max(10_000).default(1), {
    label: 'Attempts per stream record',
    unit: 'attempts',
    help: 'A stream record that fails this often is skipped: lost. The client library skips what an exception left undone. A queue message goes back to its queue instead.',
    kind: 'documented',
    source: { url: skippedRecords, read, note: 'records are skipped when processRecords throws' },
    affects: behaviorAndStack,
  }),
};

const whenScaled = { autoScaling: ['ECSServiceAverageCPUUtilization', 'ALBRequestCountPerTarget'] } as const;

const scaling = {
  autoScaling: field(
    z.enum(['none', 'ECSServiceAverageCPUUtilization', 'ALBRequestCountPerTarget']).default('none'),
    choice(
      'Auto scaling',
      '',
      'Target tracking on the mean CPU utilisation of the tasks, or on the requests per task and minute.',
      behaviorAndStack,
    ),
  ),
  targetValue: field(z.number().min(0.1).max(1e9).default(70), {
    ...choice(
      'Target value',
      '% or requests/min',
      'Value that the metric is kept at: percent of CPU, or requests per task and minute.',
      behaviorAndStack,
    ),
    when: whenScaled,
  }),
  minCapacity: field(z.int().min(0).max(5000).default(1), {
    ...choice(
      'Fewest tasks',
      'tasks',
      'Auto scaling never goes below. A service without tasks has no metric and is not scaled out again.',
      behaviorAndStack,
    ),
    when: whenScaled,
  }),
  maxCapacity: field(z.int().min(1).max(5000).default(10), {
    ...choice('Most tasks', 'tasks', 'Auto scaling never goes above.', behaviorAndStack),
    when: whenScaled,
  }),
  scaleOutCooldownSeconds: field(z.int().min(0).max(86_400).default(300), {
    ...documented(
      'Scale-out cooldown',
      's',
      'Time after scaling out in which what was added counts towards the next step out.',
      cooldowns,
      behaviorAndStack,
    ),
    when: whenScaled,
  }),
  scaleInCooldownSeconds: field(z.int().min(0).max(86_400).default(300), {
    ...documented(
      'Scale-in cooldown',
      's',
      'Time after scaling in before the next step in.',
      cooldowns,
      behaviorAndStack,
    ),
    when: whenScaled,
  }),
  disableScaleIn: field(z.boolean().default(false), {
    ...documented('Never scale in', '', 'The policy adds tasks and never takes any away.', cooldowns, behaviorAndStack),
    when: whenScaled,
  }),
  lowAlarmRatio: field(z.number().min(0.01).max(1).default(0.9), {
    label: 'Low alarm',
    unit: 'of the target',
    help: 'Share of the target below which a minute counts towards scaling in.',
    kind: 'guess',
    source: { ...autoScaling, note: 'Assumption: the alarms that the policy makes show 90 %' },
    affects: behavior,
    when: whenScaled,
    advanced: true,
  }),
};

const stream = {
  retrieval: field(
    z.enum(['fanOut', 'polling']).default('fanOut'),
    documented(
      'Stream retrieval',
      '',
      'Enhanced fan-out, the default of the Kinesis Client Library, or shared throughput by GetRecords.',
      kclConfiguration,
      behavior,
    ),
  ),
  idleTimeBetweenReadsMs: field(z.int().min(200).max(600_000).default(1500), {
    ...documented(
      'Idle time between reads',
      'ms',
      'Wait from the answer to one GetRecords of a shard until the next call (idleTimeBetweenReadsInMillis of KCL 3).',
      kclConfiguration,
      behaviorAndStack,
    ),
    when: { retrieval: 'polling' },
  }),
  maxRecords: field(
    z.int().min(1).max(10_000).default(10_000),
    documented('Records per read', 'records', 'Most records of one read.', getRecords, behaviorAndStack),
  ),
  checkpointIntervalSeconds: field(z.number().min(0).max(86_400).default(60), {
    label: 'Checkpoint interval',
    unit: 's',
    help: 'Age of a checkpoint after which a batch ends with a new one; 0 after every batch. After the loss of a task everything since the checkpoint is worked on again.',
    kind: 'guess',
    source: { ...kclConfiguration, note: 'Assumption: the application decides; one minute is common in examples' },
    affects: behavior,
  }),
  failoverTimeMs: field(
    z.int().min(1000).max(3_600_000).default(10_000),
    documented(
      'Fail-over time',
      'ms',
      'A lease that was not renewed for so long is taken by another task (failoverTimeMillis); holders renew every third of it.',
      kclConfiguration,
      behavior,
    ),
  ),
  taskBackoffTimeMs: field(z.int().min(1).max(600_000).default(500), {
    ...documented(
      'Wait after a failure',
      'ms',
      'Wait before a failed stream record is tried again (taskBackoffTimeMillis).',
      kclConfiguration,
      behaviorAndStack,
    ),
    advanced: true,
  }),
};

const queue = {
  messagesPerReceive: field(z.int().min(1).max(10).default(10), {
    label: 'Messages per receive',
    unit: 'messages',
    help: 'MaxNumberOfMessages of a ReceiveMessage call.',
    kind: 'documented',
    source: { ...receiveMessage, note: 'range 1 to 10; AWS defaults to 1, worked examples use 10' },
    affects: behaviorAndStack,
  }),
  waitTimeSeconds: field(
    z.int().min(0).max(20).default(20),
    documented(
      'Long-poll wait',
      's',
      'WaitTimeSeconds of each ReceiveMessage call; 0 polls short.',
      receiveMessage,
      behaviorAndStack,
    ),
  ),
};

export const config = z.strictObject({ ...task, ...work, ...scaling, ...stream, ...queue });

export type Config = z.infer<typeof config>;

const entry = (id: string, label: string, protocol: ProtocolId, entity: string, max: number): Port => ({
  id,
  label,
  entity,
  max,
  direction: 'in',
  kind: 'data',
  protocols: [protocol],
  min: 0,
});

export const declaration: ComponentDeclaration = {
  type: 'ecs-service',
  title: 'Amazon ECS service on Fargate',
  category: 'Processing',
  summary:
    'A container application: serves requests, creates records of its own, or reads streams and queues; scales its tasks.',
  config,
  ports: [
    entry('requests', 'Requests', 'service-request', 'request', 1000),
    entry('stream', 'Stream', 'kinesis-get-records', 'record', 100),
    entry('queue', 'Queue', 'sqs-receive', 'message', 100),
    {
      id: 'output',
      label: 'Output',
      direction: 'out',
      kind: 'data',
      protocols: pushProtocols,
      entity: 'record',
      min: 0,
      max: 30,
      emits: true,
      load: true,
    },
  ],
  face: { kind: 'squares', fill: 'RunningTaskCount' },
  calibrated: 'none: the service time is the user’s to give; launches, scaling and leases follow the documentation',
  absent: { client: 'requests come through a load balancer, which is not deployed' },
  drawio: 'shape=mxgraph.aws4.fargate',
  awsIcon: 'architecture-service/AWSFargate',
  check,
};

function check({ config: raw }: CheckContext): readonly CheckFinding[] {
  const settings = raw as Config;
  const findings: CheckFinding[] = [];
  const refuse = (code: string, path: keyof Config, params: CheckFinding['params']): void => {
    findings.push({ code, path: `config.${path}`, received: settings[path], params });
  };
  const { cpu, memoryMiB, serviceTimeLaw, coefficientOfVariation, startUpMinSeconds, startUpMaxSeconds } = settings;
  const [from, to, step] = memorySteps[cpu] ?? [0, 0, 1];
  // The smallest size has 512, 1,024 and 2,048 MiB, and nothing between the last two.
  if (memoryMiB < from || memoryMiB > to || (memoryMiB - from) % step !== 0 || memoryMiB === 1536) {
    refuse('ecs-service/memory-size', 'memoryMiB', { memoryMiB, cpu, from, to, step });
  }
  if (serviceTimeLaw === 'hyperexponential' && coefficientOfVariation < 1) {
    refuse('ecs-service/hyperexponential-variation', 'coefficientOfVariation', { value: coefficientOfVariation });
  }
  if (startUpMinSeconds > startUpMaxSeconds) {
    refuse('ecs-service/start-up-reversed', 'startUpMinSeconds', { from: startUpMinSeconds, to: startUpMaxSeconds });
  }
  if (settings.autoScaling === 'none') return findings;
  const { minCapacity, maxCapacity, desiredCount } = settings;
  if (minCapacity > maxCapacity) refuse('ecs-service/capacity-reversed', 'minCapacity', { minCapacity, maxCapacity });
  else if (desiredCount < minCapacity || desiredCount > maxCapacity) {
    refuse('ecs-service/desired-outside-capacity', 'desiredCount', { desiredCount, minCapacity, maxCapacity });
  }
  return findings;
}
