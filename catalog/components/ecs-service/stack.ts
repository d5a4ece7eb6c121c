/**
 * An ECS service on Fargate. Its tasks run AWS's public Node.js image, which brings the SDK, with the shared handler as the program:
 * it polls the queues and streams that are linked. They stand in public subnets, as the image comes from outside; nothing is let in.
 */
import { Duration, Lazy, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import {
  AwsLogDriver,
  Cluster,
  ContainerImage,
  ContainerInsights,
  CpuArchitecture,
  FargateService,
  FargateTaskDefinition,
  OperatingSystemFamily,
} from 'aws-cdk-lib/aws-ecs';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Targets } from '#catalog/models/deployment/stack/targets.ts';
import type { Built, EdgeParts, StackContext, StackFacet } from '#catalog/models/deployment/stack.ts';
import type { HandlerInput, HandlerPlan } from '#schema/deployment.ts';
import type { Config } from './config.ts';

export const stack: StackFacet<Config> = { build };

/** https://docs.aws.amazon.com/lambda/latest/dg/nodejs-image.html (read 2026-11-21) */
const IMAGE = 'public.ecr.aws/lambda/nodejs:22';
/** Where that image has the SDK. */
const MODULES = '/var/runtime/node_modules';
const NO_LIMIT = 1_000_000;

function build(context: StackContext<Config>): Built {
  const { node, config, linkedPorts } = context;
  const targets = new Targets();
  const inputs: HandlerInput[] = [];
  const task = defineTask(context, () => planOf(node.id, config, targets, inputs));
  const isStreamReader = linkedPorts.includes('stream');
  const service = createService(context, task, tasksOf(context));
  if (isStreamReader) sayHowStreamsAreRead(context);
  return {
    node,
    compute: {
      role: task.taskRole as Role,
      addTarget: (outputId, emit, target, way) => targets.add(outputId, emit, target, way),
    },
    closed: { requests: 'requests come through a load balancer, which is not deployed' },
    accept: ({ source, edge, protocol }: EdgeParts) => {
      const end = source.sources?.[edge.output];
      if (end === undefined) return;
      end.grantRead(task.taskRole);
      inputs.push(inputOf(config, protocol, end.address));
    },
    finish: () => {
      for (const group of service.connections.securityGroups) targets.admit(group);
    },
  };
}

/** What runs: nothing where `drive` sends in its place, one task where it reads a stream, as leases are not deployed. */
function tasksOf({ config, linkedPorts, hasWorkload, note }: StackContext<Config>): number {
  const polls = linkedPorts.includes('stream') || linkedPorts.includes('queue');
  if (hasWorkload) note('Its workload is sent by drive, straight to what its outputs are linked to.');
  if (!polls) {
    note(
      'It polls nothing when deployed, so that the service is made without a running task: set its desired count to run some.',
    );
    return 0;
  }
  return linkedPorts.includes('stream') ? 1 : config.desiredCount;
}

function sayHowStreamsAreRead({ config, note }: StackContext<Config>): void {
  const fanOut = config.retrieval === 'fanOut' ? ' by GetRecords instead of enhanced fan-out' : '';
  note(
    `One task reads the stream${fanOut}, from its oldest record: leases and checkpoints in DynamoDB are not deployed. A task that is replaced starts from there again, and auto scaling is off.`,
  );
}

function defineTask({ scope, config, handlerCode }: StackContext<Config>, plan: () => HandlerPlan) {
  const task = new FargateTaskDefinition(scope, 'Task', {
    cpu: Number(config.cpu),
    memoryLimitMiB: config.memoryMiB,
    // 20 GiB come with a task, and may not be asked for.
    ...(config.ephemeralStorageGiB > 20 ? { ephemeralStorageGiB: config.ephemeralStorageGiB } : {}),
    runtimePlatform: {
      cpuArchitecture: config.cpuArchitecture === 'ARM64' ? CpuArchitecture.ARM64 : CpuArchitecture.X86_64,
      operatingSystemFamily: OperatingSystemFamily.LINUX,
    },
    taskRole: new Role(scope, 'TaskRole', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') }),
    executionRole: new Role(scope, 'StartRole', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') }),
  });
  const logGroup = new LogGroup(scope, 'Logs', {
    retention: RetentionDays.ONE_WEEK,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  task.addContainer('Program', {
    image: ContainerImage.fromRegistry(IMAGE),
    entryPoint: ['node', '-e'],
    command: [handlerCode],
    environment: {
      CAUDAL_PLAN: Lazy.string({ produce: () => Stack.of(scope).toJsonString(plan()) }),
      NODE_PATH: MODULES,
    },
    logging: new AwsLogDriver({ streamPrefix: 'task', logGroup }),
    readonlyRootFilesystem: true,
    user: '1000',
    stopTimeout: Duration.seconds(config.stopTimeoutSeconds),
  });
  Validations.of(task).acknowledge({
    id: 'AwsSolutions-ECS2',
    reason: 'The environment holds the settings of the document and no secrets.',
  });
  return task;
}

function createService(
  { scope, config, network, linkedPorts, note }: StackContext<Config>,
  taskDefinition: FargateTaskDefinition,
  tasks: number,
): FargateService {
  const net = network();
  const cluster = new Cluster(scope, 'Cluster', { vpc: net.vpc, containerInsightsV2: ContainerInsights.DISABLED });
  Validations.of(cluster).acknowledge({
    id: 'AwsSolutions-ECS4',
    reason: 'Container Insights are billed for each metric; the metrics of the service itself are what is compared.',
  });
  const isAlone = linkedPorts.includes('stream');
  const service = new FargateService(scope, 'Service', {
    cluster,
    taskDefinition,
    desiredCount: tasks,
    assignPublicIp: true,
    vpcSubnets: { subnets: [...net.publicSubnets()] },
    securityGroups: [net.group(scope, 'Group', 'Tasks: nothing comes in')],
    // Two readers of one stream would work on every record twice.
    minHealthyPercent: isAlone ? 0 : 100,
    maxHealthyPercent: isAlone ? 100 : 200,
    circuitBreaker: { rollback: false },
  });
  if (tasks > 0) {
    note(
      `Its tasks have public addresses, to fetch their image, at ${net.publicAddress()}, in us-east-1; nothing is let in.`,
    );
    if (!isAlone) scale(service, config, note);
  }
  return service;
}

function scale(service: FargateService, config: Config, note: (text: string) => void): void {
  if (config.autoScaling === 'none') return;
  const count = service.autoScaleTaskCount({ minCapacity: config.minCapacity, maxCapacity: config.maxCapacity });
  if (config.autoScaling !== 'ECSServiceAverageCPUUtilization') {
    note('Requests per task are counted by a load balancer, which is not deployed: its number of tasks stays.');
    return;
  }
  count.scaleOnCpuUtilization('Cpu', {
    targetUtilizationPercent: config.targetValue,
    scaleOutCooldown: Duration.seconds(config.scaleOutCooldownSeconds),
    scaleInCooldown: Duration.seconds(config.scaleInCooldownSeconds),
    disableScaleIn: config.disableScaleIn,
  });
}

function inputOf(config: Config, protocol: HandlerInput['protocol'], address: string): HandlerInput {
  return {
    protocol,
    address,
    maxEntries:
      protocol === 'sqs-receive' ? Math.min(config.messagesPerReceive, config.concurrency) : config.maxRecords,
    waitSeconds: config.waitTimeSeconds,
    idleMs: config.idleTimeBetweenReadsMs ?? 1000,
    readers: Math.ceil(config.concurrency / config.messagesPerReceive),
    maxAttempts: Math.min(config.maxAttempts, NO_LIMIT),
    backoffMs: config.taskBackoffTimeMs,
  };
}

/** A task works on its messages side by side, so that the time of a record is that of one of them. */
function planOf(node: string, config: Config, targets: Targets, inputs: readonly HandlerInput[]): HandlerPlan {
  return {
    node,
    work: {
      law: config.serviceTimeLaw,
      coefficientOfVariation: config.coefficientOfVariation ?? 1,
      perInvocationMs: 0,
      perRecordMs: config.meanServiceTimeMs,
      errorRatio: 0,
    },
    outputs: targets.outputs(),
    inputs,
  };
}
