/**
 * A Lambda function with a role and a log group of its own. It runs the shared handler: code that spends the configured time,
 * fails and emits as configured. Runtimes without Node.js are deployed with Node.js, which a note says.
 */
import { Duration, Fn, Lazy, RemovalPolicy, Size, Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Alias,
  Architecture,
  type CfnFunction,
  Code,
  Function as LambdaFunction,
  type IDestination,
  type IFunction,
  Runtime,
  RuntimeFamily,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { allowPatterns } from '#catalog/models/deployment/stack/roles.ts';
import { fitsEnvironment, Targets } from '#catalog/models/deployment/stack/targets.ts';
import type {
  Built,
  Compute,
  EdgeParts,
  Receiver,
  StackContext,
  StackFacet,
} from '#catalog/models/deployment/stack.ts';
import type { HandlerPlan, TransformShares } from '#schema/deployment.ts';
import type { Config } from './config.ts';

export const stack: StackFacet<Config> = { build };

/** Stands in for runtimes that cannot run the handler. */
const STAND_IN = 'nodejs22.x';
/** Memory of one vCPU, MB. https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html (read 2026-11-21) */
const ONE_VCPU_MB = 1769;

function build(context: StackContext<Config>): Built {
  const { node, config, linkedPorts } = context;
  const targets = new Targets();
  let shares: TransformShares | undefined;
  const plan = (): HandlerPlan => planOf(context, targets, shares);
  const { fn, role } = createFunction(context, plan);
  const target = targetOf(context, fn);
  let failures: Receiver | undefined;
  const compute: Compute = {
    role,
    fn: target,
    get failures() {
      return failures;
    },
    addTarget: (outputId, emit, next, way) => targets.add(outputId, emit, next, way),
    transform: (given) => {
      shares = given;
    },
  };
  const receiver = receiverOf(target);
  const asynchronously = {
    retryAttempts: config.maximumRetryAttempts,
    maxEventAge: Duration.seconds(config.maximumEventAgeInSeconds),
  };
  return {
    node,
    compute,
    receivers: { events: receiver, requests: receiver },
    connect: ({ target: end, edge }: EdgeParts) => {
      failures = end.receivers?.[edge.port];
      failures?.grantSend(role);
    },
    finish: () => {
      if (linkedPorts.includes('events')) {
        const failed = failures === undefined ? {} : { onFailure: destinationAt(failures.arn) };
        target.configureAsyncInvoke({ ...asynchronously, ...failed });
      }
      if (targets.needNetwork()) enterNetwork(context, fn, role, targets);
      if (!fitsEnvironment(plan())) putIntoCode(context, fn, plan());
    },
  };
}

function createFunction({ scope, config, handlerCode, note }: StackContext<Config>, plan: () => HandlerPlan) {
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
  const fn = new LambdaFunction(scope, 'Function', {
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
  Validations.of(fn).acknowledge({
    id: 'AwsSolutions-L1',
    reason: 'The runtime is the user’s choice; what is simulated and what is measured have to be the same.',
  });
  return { fn, role };
}

/** A plan that is too long for the environment stands before the code. */
function putIntoCode({ scope, handlerCode }: StackContext<Config>, fn: LambdaFunction, plan: HandlerPlan): void {
  const raw = fn.node.defaultChild as CfnFunction;
  raw.environment = undefined;
  // Names and numbers, and addresses: nothing in it ends the text.
  const text = Stack.of(scope).toJsonString(plan);
  raw.code = { zipFile: Fn.join('', ['process.env.CAUDAL_PLAN=`', text, '`;', handlerCode]) };
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

function receiverOf(target: IFunction): Receiver {
  return {
    address: target.functionName,
    arn: target.functionArn,
    way: { kind: 'endpoint', service: 'lambda' },
    grantSend: (role) =>
      role.addToPrincipalPolicy(
        new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [target.functionArn] }),
      ),
    allowService: (service, sourceArn, sender) =>
      target.addPermission(`From-${sender}`, { principal: new ServicePrincipal(service), sourceArn }),
  };
}

function destinationAt(arn: string): IDestination {
  return { bind: () => ({ destination: arn }) };
}

/** Into the private subnets, where a target is; the ways to its other targets are opened there. */
function enterNetwork(context: StackContext<Config>, fn: LambdaFunction, role: Role, targets: Targets): void {
  const { scope } = context;
  const network = context.network();
  const group = network.group(scope, 'Group', 'Function: nothing comes in');
  targets.admit(group);
  const raw = fn.node.defaultChild as CfnFunction;
  raw.vpcConfig = {
    subnetIds: network.privateSubnets().map(({ subnetId }) => subnetId),
    securityGroupIds: [group.securityGroupId],
  };
  // https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions (read 2026-11-21)
  const actions = [
    'ec2:CreateNetworkInterface',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DeleteNetworkInterface',
    'ec2:AssignPrivateIpAddresses',
    'ec2:UnassignPrivateIpAddresses',
  ];
  allowPatterns(
    role,
    { actions, resources: ['*'] },
    'Lambda makes network interfaces with this role; they have no names before, and AWS asks for all.',
  );
  const costs = targets.open(network);
  const priced =
    costs.length === 0
      ? ''
      : ` It reaches its other targets through ${costs.join(' and ')}, in us-east-1, which the simulated bill does not hold.`;
  context.note(
    `It runs in private subnets, as what it asks is there.${priced} Deleting the stack takes up to 20 minutes longer.`,
  );
}

/** What the handler does: it waits, so that less memory does not slow it down by itself; its times are scaled here. */
function planOf({ node, config }: StackContext<Config>, targets: Targets, transform?: TransformShares): HandlerPlan {
  const slowdown = 1 - config.cpuBoundRatio + config.cpuBoundRatio * Math.max(1, ONE_VCPU_MB / config.memorySize);
  return {
    node: node.id,
    work: {
      law: config.serviceTimeLaw,
      coefficientOfVariation: config.coefficientOfVariation ?? 0,
      perInvocationMs: config.perInvocationMs * slowdown,
      perRecordMs: config.perRecordMs * slowdown,
      errorRatio: config.errorRatio,
    },
    outputs: targets.outputs(),
    ...(transform === undefined ? {} : { transform }),
  };
}
