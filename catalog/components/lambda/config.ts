/** Settings of a Lambda function, and the model of the handler that runs in it. */
import { z } from 'zod';
import type { CheckContext, CheckFinding, ComponentDeclaration, QuotaClaim } from '#schema/component.ts';
import { field, type Source } from '#schema/field.ts';
import { pushProtocols } from '#schema/protocols.ts';

const read = '2026-11-21';
const quotas = { url: 'https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html', read } as const;
const runtimeEnvironment = {
  url: 'https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html',
  read,
} as const;
const concurrency = { url: 'https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html', read } as const;
const asyncErrors = {
  url: 'https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html',
  read,
} as const;
const measuredColdStarts = {
  url: 'https://github.com/maxday/lambda-perf',
  read,
  note: 'mean Init Duration: data/2025 (Python 3.12, Node.js 20, Java 17, .NET 8, Go; 130 to 300 cold starts each, x86_64 and arm64) and data/last.json of 2026-08-22 (the other runtimes; 10 each, x86_64)',
} as const;

const behavior = ['behavior'] as const;
const all = ['behavior', 'price', 'stack'] as const;

/** What fields that AWS does not document have in common. */
const guessed = (page: Source, note: string) =>
  ({ kind: 'guess', source: { ...page, note }, affects: behavior, advanced: true }) as const;

/** Runtimes with measured cold starts. */
export const runtimes = [
  'python3.12',
  'python3.13',
  'nodejs20.x',
  'nodejs22.x',
  'nodejs24.x',
  'java17',
  'java21',
  'java25',
  'dotnet8',
  'dotnet10',
  'ruby3.3',
  'provided.al2023',
] as const;

const settings = {
  runtime: field(z.enum(runtimes).default('nodejs22.x'), {
    label: 'Runtime',
    unit: '',
    help: 'Language runtime; decides the cold start unless one is given below. provided.al2023 stands for Rust, Go and C++.',
    kind: 'choice',
    affects: all,
  }),
  packageType: field(z.enum(['Zip', 'Image']).default('Zip'), {
    label: 'Package type',
    unit: '',
    help: 'Zip archive or container image; images start more slowly.',
    kind: 'choice',
    affects: behavior,
  }),
  architecture: field(z.enum(['x86_64', 'arm64']).default('x86_64'), {
    label: 'Architecture',
    unit: '',
    help: 'Instruction set; arm64 costs a fifth less for each GB-second and starts most runtimes sooner. The same service times are used for both.',
    kind: 'choice',
    affects: all,
  }),
  memorySize: field(z.int().min(128).max(10_240).default(128), {
    label: 'Memory',
    unit: 'MB',
    help: 'Memory of one environment, 128 to 10,240 MB; CPU comes in proportion, one vCPU at 1,769 MB.',
    kind: 'documented',
    source: quotas,
    affects: all,
  }),
  timeoutSeconds: field(z.int().min(1).max(900).default(3), {
    label: 'Timeout',
    unit: 's',
    help: 'An invocation that runs longer, 1 to 900 s, is cut off and fails; its environment starts again from init.',
    kind: 'documented',
    source: quotas,
    affects: ['behavior', 'stack'],
  }),
  ephemeralStorageMB: field(z.int().min(512).max(10_240).default(512), {
    label: 'Ephemeral storage',
    unit: 'MB',
    help: 'Size of /tmp, 512 to 10,240 MB; what is above 512 MB is billed while the function runs.',
    kind: 'documented',
    source: quotas,
    affects: ['price', 'stack'],
  }),
  reservedConcurrentExecutions: field(z.int().min(0).max(100_000).optional(), {
    label: 'Reserved concurrency',
    unit: 'environments',
    help: 'The function never runs more invocations at once, and no other function can take these. Empty: it shares the unreserved pool of the account.',
    kind: 'documented',
    source: concurrency,
    affects: ['behavior', 'stack'],
  }),
  provisionedConcurrentExecutions: field(z.int().min(0).max(100_000).default(0), {
    label: 'Provisioned concurrency',
    unit: 'environments',
    help: 'Environments kept initialised, billed by the hour; load above them uses environments created on demand.',
    kind: 'documented',
    source: concurrency,
    affects: all,
  }),
};

const handler = {
  serviceTimeLaw: field(
    z.enum(['deterministic', 'exponential', 'lognormal', 'gamma', 'hyperexponential']).default('lognormal'),
    {
      label: 'Service time law',
      unit: '',
      help: 'Distribution of the handler’s own time around its mean; calls that its outputs make come on top.',
      kind: 'choice',
      affects: all,
    },
  ),
  coefficientOfVariation: field(z.number().min(0).max(50).default(0.5), {
    label: 'Coefficient of variation',
    unit: '',
    help: 'Standard deviation over mean of the handler’s time; a hyperexponential law needs at least 1.',
    kind: 'choice',
    affects: all,
    when: { serviceTimeLaw: ['lognormal', 'gamma', 'hyperexponential'] },
  }),
  perInvocationMs: field(z.number().min(0).max(900_000).default(20), {
    label: 'Time per invocation',
    unit: 'ms',
    help: 'Mean time of an invocation before its first record, at 1,769 MB (one vCPU).',
    kind: 'choice',
    fittedTo: ['Duration'],
    affects: all,
  }),
  perRecordMs: field(z.number().min(0).max(900_000).default(1), {
    label: 'Time per record',
    unit: 'ms',
    help: 'Mean further time for each record of the batch, at 1,769 MB (one vCPU).',
    kind: 'choice',
    fittedTo: ['Duration'],
    affects: all,
  }),
  cpuBoundRatio: field(z.number().min(0).max(1).default(0.5), {
    label: 'CPU-bound share',
    unit: '',
    help: 'Share of the handler’s time that grows as memory falls below 1,769 MB, as 1/memory; the rest is waiting. More memory than one vCPU does not speed up one thread.',
    kind: 'choice',
    affects: all,
  }),
  errorRatio: field(z.number().min(0).max(1).default(0), {
    label: 'Error share',
    unit: '',
    help: 'Share of invocations that end in an error of the handler.',
    kind: 'choice',
    fittedTo: ['Errors'],
    affects: ['behavior', 'stack'],
  }),
  failureEffect: field(z.enum(['precedingRecords', 'none']).default('precedingRecords'), {
    label: 'Effect of a failed batch',
    unit: '',
    help: 'Which records have taken effect when a record fails: those before it (they are sent again with the retry, as duplicates) or none (one transaction). An error of the whole invocation or a timeout has no effect.',
    kind: 'guess',
    source: {
      url: runtimeEnvironment.url,
      read,
      note: 'Assumption: depends on the code; a loop over the records is taken',
    },
    affects: behavior,
  }),
  logBytesPerInvocation: field(z.int().min(0).max(10_000_000).default(300), {
    label: 'Log bytes per invocation',
    unit: 'B',
    help: 'Bytes written to CloudWatch Logs by one invocation: the START, END and REPORT lines and what the code prints.',
    kind: 'guess',
    source: {
      url: 'https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html',
      read,
      note: 'Assumption: length of the three lines as printed there; a quiet function',
    },
    affects: ['price'],
  }),
};

const environments = {
  coldStartMs: field(z.number().min(0).max(900_000).optional(), {
    label: 'Init duration',
    unit: 'ms',
    help: 'Time of the init phase of a new environment. Empty: measured for a minimal function of this runtime, memory and package; SDK imports add to it.',
    kind: 'measured',
    source: measuredColdStarts,
    affects: ['behavior', 'price'],
  }),
  coldStartVariation: field(z.number().min(0).max(10).optional(), {
    label: 'Variation of the init duration',
    unit: 'ratio',
    help: 'Standard deviation over mean of the init phase, lognormal; 0 for a constant. Empty: as measured, 0.14 for a zip archive and 0.31 for an image; a constant where the init duration is given.',
    kind: 'measured',
    source: measuredColdStarts,
    affects: behavior,
    advanced: true,
  }),
  sandboxStartMinMs: field(z.number().min(0).max(60_000).default(100), {
    label: 'Shortest sandbox start',
    unit: 'ms',
    help: 'Time before init in which the environment is made and the code fetched; drawn uniformly up to the longest. Not billed.',
    ...guessed(measuredColdStarts, 'Assumption: not part of the measured Init Duration'),
  }),
  sandboxStartMaxMs: field(z.number().min(0).max(60_000).default(200), {
    label: 'Longest sandbox start',
    unit: 'ms',
    help: 'See the shortest sandbox start.',
    ...guessed(measuredColdStarts, 'Assumption: not part of the measured Init Duration'),
  }),
  idleTimeoutMinSeconds: field(z.number().min(1).max(86_400).default(300), {
    label: 'Shortest keep-alive',
    unit: 's',
    help: 'How long an idle environment is kept, drawn uniformly for each idle period up to the longest.',
    ...guessed(runtimeEnvironment, 'Assumption: AWS does not document when idle environments go'),
  }),
  idleTimeoutMaxSeconds: field(z.number().min(1).max(86_400).default(900), {
    label: 'Longest keep-alive',
    unit: 's',
    help: 'See the shortest keep-alive.',
    ...guessed(runtimeEnvironment, 'Assumption: AWS does not document when idle environments go'),
  }),
  environmentLifetimeSeconds: field(z.number().min(60).max(604_800).default(10_800), {
    label: 'Environment lifetime',
    unit: 's',
    help: 'Mean age at which an environment is recycled even under constant traffic; drawn between half and one and a half times.',
    ...guessed(runtimeEnvironment, 'Assumption: the page says every few hours'),
  }),
  concurrencyScalingPer10Seconds: field(z.int().min(1).max(100_000).default(1000), {
    label: 'Concurrency scaling',
    unit: 'environments per 10 s',
    help: 'Environments a function may add in 10 s; refilled continuously, not saved up.',
    kind: 'documented',
    source: { url: 'https://docs.aws.amazon.com/lambda/latest/dg/scaling-behavior.html', read },
    affects: behavior,
    advanced: true,
  }),
  requestsPerConcurrency: field(z.int().min(1).max(1000).default(10), {
    label: 'Requests per second and environment',
    unit: '1/s',
    help: 'Synchronous requests per second allowed for each unit of concurrency. Assumption: one second’s worth may come at once.',
    kind: 'documented',
    source: quotas,
    affects: behavior,
    advanced: true,
  }),
};

const asynchronous = {
  maximumRetryAttempts: field(z.int().min(0).max(2).default(2), {
    label: 'Asynchronous retries',
    unit: 'attempts',
    help: 'Retries of an event after an error of the function, 0 to 2: 1 minute, then 2 minutes later.',
    kind: 'documented',
    source: asyncErrors,
    affects: ['behavior', 'stack'],
  }),
  maximumEventAgeInSeconds: field(z.int().min(60).max(21_600).default(21_600), {
    label: 'Maximum event age',
    unit: 's',
    help: 'How long an asynchronous event is kept while it is throttled or waits for a retry, 60 to 21,600 s.',
    kind: 'documented',
    source: asyncErrors,
    affects: ['behavior', 'stack'],
  }),
  asyncInvokeLatencyMs: field(z.number().min(0).max(60_000).default(20), {
    label: 'Latency of an asynchronous invoke',
    unit: 'ms',
    help: 'Time until the caller has the answer that its event was accepted.',
    kind: 'guess',
    source: { ...asyncErrors, note: 'Assumption: no figure is published' },
    affects: behavior,
    advanced: true,
  }),
};

export const config = z.strictObject({ ...settings, ...handler, ...environments, ...asynchronous });

export type Config = z.infer<typeof config>;

/** Concurrent executions of an account and Region; new accounts have less. */
export const accountConcurrency = { id: 'lambda/concurrent-executions', byDefault: 1000, source: quotas } as const;
/** Concurrency that cannot be reserved, so that functions without a reservation still run. */
export const leastUnreserved = 100;

export const declaration: ComponentDeclaration = {
  type: 'lambda',
  title: 'AWS Lambda',
  category: 'Processing',
  summary: 'A function that runs for batches of a stream or a queue, or for single events, and scales by itself.',
  config,
  ports: [
    {
      id: 'kinesis',
      label: 'Kinesis event source',
      direction: 'in',
      kind: 'data',
      protocols: ['kinesis-get-records'],
      entity: 'record',
      min: 0,
      max: 100,
    },
    {
      id: 'sqs',
      label: 'SQS event source',
      direction: 'in',
      kind: 'data',
      protocols: ['sqs-receive'],
      entity: 'message',
      min: 0,
      max: 100,
    },
    {
      id: 'events',
      label: 'Asynchronous events',
      direction: 'in',
      kind: 'data',
      protocols: ['lambda-invoke'],
      entity: 'event',
      min: 0,
      max: 100,
    },
    {
      id: 'requests',
      label: 'Synchronous requests',
      direction: 'in',
      kind: 'call',
      protocols: ['lambda-request'],
      entity: 'request',
      min: 0,
      max: 100,
    },
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
    },
    {
      id: 'calls',
      label: 'Calls',
      direction: 'out',
      kind: 'call',
      protocols: ['cache-command', 's3-get'],
      entity: 'request',
      min: 0,
      max: 10,
      emits: true,
    },
    {
      id: 'on-failure',
      label: 'On failure',
      direction: 'out',
      kind: 'data',
      protocols: ['sqs-send'],
      entity: 'event',
      min: 0,
      max: 1,
      onFailure: true,
    },
  ],
  face: { kind: 'squares', fill: 'ConcurrentExecutions' },
  calibrated: 'none: cold starts are measured for minimal functions, everything else follows the documentation',
  absent: {},
  drawio: 'shape=mxgraph.aws4.lambda_function',
  awsIcon: 'architecture-service/AWSLambda',
  quotas: [accountConcurrency.id],
  claims,
  check,
};

/** A reservation, or else provisioned concurrency, is taken out of what the functions of the account share. */
function claims(config: Readonly<Record<string, unknown>>): readonly QuotaClaim[] {
  const { reservedConcurrentExecutions: reserved, provisionedConcurrentExecutions: provisioned } = config as Config;
  const field = reserved === undefined ? 'provisionedConcurrentExecutions' : 'reservedConcurrentExecutions';
  const { id: quota, byDefault } = accountConcurrency;
  return [{ quota, amount: reserved ?? provisioned, keep: leastUnreserved, byDefault, path: `config.${field}` }];
}

function check({ config: raw }: CheckContext): readonly CheckFinding[] {
  const { serviceTimeLaw, coefficientOfVariation, ...other } = raw as Config;
  const findings: CheckFinding[] = [];
  const refuse = (code: string, path: string, received: unknown, params: CheckFinding['params']): void => {
    findings.push({ code: `lambda/${code}`, path: `config.${path}`, received, params });
  };
  if (serviceTimeLaw === 'hyperexponential' && coefficientOfVariation < 1) {
    refuse('hyperexponential-variation', 'coefficientOfVariation', coefficientOfVariation, {
      value: coefficientOfVariation,
    });
  }
  const { reservedConcurrentExecutions: reserved, provisionedConcurrentExecutions: provisioned } = other;
  if (reserved !== undefined && provisioned > reserved) {
    refuse('provisioned-above-reserved', 'provisionedConcurrentExecutions', provisioned, { provisioned, reserved });
  }
  for (const [low, high] of [
    ['sandboxStartMinMs', 'sandboxStartMaxMs'],
    ['idleTimeoutMinSeconds', 'idleTimeoutMaxSeconds'],
  ] as const) {
    if (other[low] > other[high])
      refuse('range-reversed', low, other[low], { low, high, from: other[low], to: other[high] });
  }
  return findings;
}
