/**
 * A Lambda function with a role and a log group of its own. It runs the shared handler: code that spends the configured time,
 * fails and emits as configured. Runtimes without Node.js are deployed with Node.js, which a note says.
 */
import { Duration, Lazy, Names, RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Alias,
  Architecture,
  Code,
  Function as LambdaFunction,
  type IDestination,
  type IFunction,
  Runtime,
  RuntimeFamily,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type {
  Built,
  Compute,
  EdgeParts,
  Receiver,
  StackContext,
  StackFacet,
} from '#catalog/models/deployment/stack.ts';
import type { HandlerPlan } from '#schema/deployment.ts';
import type { Config } from './config.ts';

export const stack: StackFacet<Config> = { build };

/** Stands in for runtimes that cannot run the handler. */
const STAND_IN = 'nodejs22.x';
/** Memory of one vCPU, MB. https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html (read 2026-11-21) */
const ONE_VCPU_MB = 1769;

type Outputs = { -readonly [K in keyof HandlerPlan['outputs'][number]]: HandlerPlan['outputs'][number][K] };

function build(context: StackContext<Config>): Built {
  const { scope, node, config } = context;
  const outputs = new Map<string, Outputs>();
  const fn = createFunction(context, () => planOf(node.id, config, [...outputs.values()]));
  const target = targetOf(context, fn);
  let failures: Receiver | undefined;
  const compute: Compute = {
    role: fn.role!,
    fn: target,
    get failures() {
      return failures;
    },
    addTarget: (outputId, emit, next) => {
      const known = outputs.get(outputId);
      outputs.set(outputId, { emit, targets: [...(known?.targets ?? []), next] });
    },
  };
  const receiver: Receiver = {
    address: target.functionName,
    arn: target.functionArn,
    grantSend: (role) => role.addToPrincipalPolicy(invokeStatement(target)),
    allowService: (service, sourceArn) =>
      target.addPermission(`From${Names.uniqueResourceName(scope, { maxLength: 20 })}${service.split('.')[0]}`, {
        principal: new ServicePrincipal(service),
        sourceArn,
      }),
  };
  return {
    node,
    compute,
    receivers: { events: receiver, requests: receiver },
    connect: ({ target: end, edge }: EdgeParts) => {
      failures = end.receivers?.[edge.port];
      const destination = failures;
      if (destination === undefined) return;
      destination.grantSend(fn.role!);
      target.configureAsyncInvoke({
        onFailure: destinationAt(destination.arn),
        retryAttempts: config.maximumRetryAttempts,
        maxEventAge: Duration.seconds(config.maximumEventAgeInSeconds),
      });
    },
    finish: () => {
      if (failures !== undefined || !context.linkedPorts.includes('events')) return;
      target.configureAsyncInvoke({
        retryAttempts: config.maximumRetryAttempts,
        maxEventAge: Duration.seconds(config.maximumEventAgeInSeconds),
      });
    },
  };
}

function createFunction(
  { scope, config, handlerCode, note, linkedPorts: _ }: StackContext<Config>,
  plan: () => HandlerPlan,
): LambdaFunction {
  const logGroup = new LogGroup(scope, 'Logs', {
    retention: RetentionDays.ONE_WEEK,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const role = new Role(scope, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  role.addToPolicy(
    new PolicyStatement({
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logGroup.logGroupArn],
    }),
  );
  const isNode = config.runtime.startsWith('nodejs');
  if (!isNode) note(`Deployed with ${STAND_IN} instead of ${config.runtime}: cold starts will differ.`);
  if (config.packageType === 'Image') note('Deployed as a zip archive instead of an image: cold starts will differ.');
  return new LambdaFunction(scope, 'Function', {
    runtime: new Runtime(isNode ? config.runtime : STAND_IN, RuntimeFamily.NODEJS, { supportsInlineCode: true }),
    architecture: config.architecture === 'arm64' ? Architecture.ARM_64 : Architecture.X86_64,
    handler: 'index.handler',
    code: Code.fromInline(handlerCode),
    role,
    logGroup,
    memorySize: config.memorySize,
    timeout: Duration.seconds(config.timeoutSeconds),
    ephemeralStorageSize: Size.mebibytes(config.ephemeralStorageMB),
    ...(config.reservedConcurrentExecutions === undefined
      ? {}
      : { reservedConcurrentExecutions: config.reservedConcurrentExecutions }),
    environment: { CAUDAL_PLAN: Lazy.string({ produce: () => Stack.of(scope).toJsonString(plan()) }) },
  });
}

/** The version with provisioned concurrency, or the function itself. */
function targetOf({ scope, config }: StackContext<Config>, fn: LambdaFunction): IFunction {
  if (config.provisionedConcurrentExecutions === 0) return fn;
  return new Alias(scope, 'Live', {
    aliasName: 'live',
    version: fn.currentVersion,
    provisionedConcurrentExecutions: config.provisionedConcurrentExecutions,
  });
}

function invokeStatement(fn: IFunction): PolicyStatement {
  return new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [fn.functionArn] });
}

function destinationAt(arn: string): IDestination {
  return { bind: () => ({ destination: arn }) };
}

/** What the handler does: it waits, so that less memory does not slow it down by itself; its times are scaled here. */
function planOf(node: string, config: Config, outputs: readonly Outputs[]): HandlerPlan {
  const slowdown = 1 - config.cpuBoundRatio + config.cpuBoundRatio * Math.max(1, ONE_VCPU_MB / config.memorySize);
  return {
    node,
    work: {
      law: config.serviceTimeLaw,
      coefficientOfVariation: config.coefficientOfVariation ?? 0,
      perInvocationMs: config.perInvocationMs * slowdown,
      perRecordMs: config.perRecordMs * slowdown,
      errorRatio: config.errorRatio,
    },
    outputs,
  };
}
