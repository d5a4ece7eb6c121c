/**
 * An AWS account as Caudal reaches it: where credentials come from, in which Region, and every client of the SDK.
 *
 * Credentials come from AWS's default provider chain only. They stay inside the SDK: nothing here reads, keeps or prints them.
 */
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { EC2Client } from '@aws-sdk/client-ec2';
import { FirehoseClient } from '@aws-sdk/client-firehose';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { IAMClient, ListAccountAliasesCommand } from '@aws-sdk/client-iam';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { PricingClient } from '@aws-sdk/client-pricing';
import { S3Client } from '@aws-sdk/client-s3';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { fromNodeProviderChain } from '@aws-sdk/credential-providers';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { InputError } from '#schema/errors.ts';
import { AwsError } from './aws-error.ts';
import { explainAwsError } from './explain-aws-error.ts';
import { refuseChange } from './read-only.ts';
import { chooseRegion } from './region.ts';

/** The Price List answers in three Regions only. https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/using-price-list-query-api.html (read 2026-11-21) */
const PRICE_LIST_REGION = 'us-east-1';
const CONNECT_MS = 10_000;
const ANSWER_MS = 60_000;
/** Tries of one call, the first included, with growing pauses between. */
const TRIES = 5;

export interface AccountOptions {
  /** `--region`. */
  readonly region?: string | undefined;
  /** `account.region` of the document, where there is one. */
  readonly documentRegion?: string;
  /** `--profile`. */
  readonly profile?: string | undefined;
  /** Refuses every changing call before it is made. */
  readonly isReadOnly?: boolean;
  /** Asks the user for the code of an MFA device. Without it, a profile that needs one is refused. */
  readonly askMfaCode?: ((serial: string) => Promise<string>) | undefined;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Tries of one call; tests set 1. */
  readonly tries?: number;
}

/** Every client, made when first asked for. */
export interface AwsClients {
  readonly cloudFormation: CloudFormationClient;
  readonly cloudWatch: CloudWatchClient;
  readonly ec2: EC2Client;
  readonly firehose: FirehoseClient;
  readonly iam: IAMClient;
  readonly kinesis: KinesisClient;
  readonly pricing: PricingClient;
  readonly quotas: ServiceQuotasClient;
  readonly s3: S3Client;
  readonly sns: SNSClient;
  readonly sqs: SQSClient;
  readonly sts: STSClient;
}

/** Whose account it is, as shown: never the whole number, never a key. */
export interface AccountIdentity {
  readonly alias: string | null;
  /** Last four digits of the account number. */
  readonly lastDigits: string;
}

export interface AwsAccount {
  readonly region: string;
  readonly profile: string | undefined;
  /** From AWS_ENDPOINT_URL: something that stands for AWS, such as an emulator. */
  readonly endpoint: string | undefined;
  readonly isReadOnly: boolean;
  readonly clients: AwsClients;
  /** Asks STS and IAM once; a user without the right to read the alias is shown without one. */
  identity(): Promise<AccountIdentity>;
  close(): void;
}

/** Opens an account. Nothing is sent yet. Throws an InputError for a Region or an endpoint that cannot be meant. */
export async function openAccount(options: AccountOptions): Promise<AwsAccount> {
  const { environment = process.env, profile, isReadOnly = false } = options;
  const endpoint = endpointOf(environment['AWS_ENDPOINT_URL']);
  // The SDK is pinned: that its next year's versions need a newer Node is nothing a user can act on.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const region = chooseRegion({
    asked: options.region,
    document: options.documentRegion,
    configured: await configuredRegion(profile, environment),
  });
  const requestHandler = new NodeHttpHandler({
    connectionTimeout: CONNECT_MS,
    requestTimeout: ANSWER_MS,
    throwOnRequestTimeout: true,
  });
  const { askMfaCode } = options;
  const settings: ClientSettings = {
    region,
    ...(profile === undefined ? {} : { profile }),
    ...(endpoint === undefined ? {} : { endpoint }),
    maxAttempts: options.tries ?? TRIES,
    requestHandler,
    credentials: credentialsOf(profile, region, askMfaCode),
  };
  const clients = lazyClients(settings, { profile, endpoint, region, isReadOnly });
  let identity: Promise<AccountIdentity> | undefined;
  return {
    region,
    profile,
    endpoint,
    isReadOnly,
    clients,
    identity: () => (identity ??= readIdentity(clients)),
    close: () => requestHandler.destroy(),
  };
}

type Credentials = ReturnType<typeof fromNodeProviderChain>;
type AskMfaCode = NonNullable<AccountOptions['askMfaCode']>;

/** A code of an MFA device is asked once, not with every account that is opened: by who is asked, profile and Region. */
const chains = new WeakMap<AskMfaCode, Map<string, Credentials>>();

function credentialsOf(profile: string | undefined, region: string, askMfaCode: AskMfaCode | undefined): Credentials {
  const base = { ...(profile === undefined ? {} : { profile }), clientConfig: { region } };
  if (askMfaCode === undefined) return fromNodeProviderChain(base);
  const known = chains.get(askMfaCode) ?? new Map<string, Credentials>();
  const key = `${profile ?? ''} ${region}`;
  const chain = known.get(key) ?? fromNodeProviderChain({ ...base, mfaCodeProvider: askMfaCode });
  chains.set(askMfaCode, known.set(key, chain));
  return chain;
}

interface ClientSettings {
  readonly region: string;
  readonly profile?: string;
  readonly endpoint?: string;
  readonly maxAttempts: number;
  readonly requestHandler: NodeHttpHandler;
  readonly credentials: Credentials;
}

interface Watch {
  readonly profile: string | undefined;
  readonly endpoint: string | undefined;
  readonly region: string;
  readonly isReadOnly: boolean;
}

/** A client of the SDK. Their stacks differ in the types of their inputs only. */
interface SdkClient {
  readonly middlewareStack: unknown;
}

/** The part of a stack that watches calls; see `MiddlewareStack` of the SDK. */
interface CallStack {
  add(
    middleware: (next: Call, context: { readonly commandName?: string }) => Call,
    options: { readonly step: 'initialize'; readonly priority: 'high'; readonly name: string },
  ): void;
}

type Call = (input: unknown) => Promise<unknown>;

function lazyClients(settings: ClientSettings, watch: Watch): AwsClients {
  const made = new Map<string, unknown>();
  const once = <T extends SdkClient>(service: string, make: () => T): T => {
    const known = made.get(service) as T | undefined;
    if (known !== undefined) return known;
    const client = make();
    watchCalls(client, service, watch);
    made.set(service, client);
    return client;
  };
  return {
    get cloudFormation() {
      return once('CloudFormation', () => new CloudFormationClient(settings));
    },
    get cloudWatch() {
      return once('CloudWatch', () => new CloudWatchClient(settings));
    },
    get ec2() {
      return once('EC2', () => new EC2Client(settings));
    },
    get firehose() {
      return once('Firehose', () => new FirehoseClient(settings));
    },
    get iam() {
      return once('IAM', () => new IAMClient(settings));
    },
    get kinesis() {
      return once('Kinesis', () => new KinesisClient(settings));
    },
    get pricing() {
      return once('Pricing', () => new PricingClient({ ...settings, region: PRICE_LIST_REGION }));
    },
    get quotas() {
      return once('Service Quotas', () => new ServiceQuotasClient(settings));
    },
    get s3() {
      return once('S3', () => new S3Client({ ...settings, forcePathStyle: settings.endpoint !== undefined }));
    },
    get sns() {
      return once('SNS', () => new SNSClient(settings));
    },
    get sqs() {
      return once('SQS', () => new SQSClient(settings));
    },
    get sts() {
      return once('STS', () => new STSClient(settings));
    },
  };
}

/** Every call passes here: refused before it is sent where the session may only look, put in words where it fails. */
function watchCalls({ middlewareStack }: SdkClient, service: string, { isReadOnly, ...where }: Watch): void {
  (middlewareStack as CallStack).add(
    (next, { commandName = '' }) =>
      async (input) => {
        const action = commandName.replace(/Command$/, '');
        if (isReadOnly) refuseChange(service, action);
        try {
          return await next(input);
        } catch (error) {
          throw explainAwsError(error, { service, action, ...where }, Date.now());
        }
      },
    { step: 'initialize', priority: 'high', name: 'caudalWatch' },
  );
}

async function readIdentity({ sts, iam }: AwsClients): Promise<AccountIdentity> {
  const { Account = '' } = await sts.send(new GetCallerIdentityCommand({}));
  const aliases = await iam.send(new ListAccountAliasesCommand({})).catch((error: unknown) => {
    // Whoever may deploy need not be allowed to read the alias.
    if (error instanceof AwsError) return undefined;
    throw error;
  });
  return { alias: aliases?.AccountAliases?.[0] ?? null, lastDigits: Account.slice(-4) };
}

/** The Region in the user's AWS settings, where there is one. */
async function configuredRegion(
  profile: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  const named = environment['AWS_REGION'] || environment['AWS_DEFAULT_REGION'];
  if (named) return named;
  const client = new STSClient(profile === undefined ? {} : { profile });
  return await client.config.region().catch(() => undefined);
}

function endpointOf(value: string | undefined): string | undefined {
  if (value === undefined || value === '') return undefined;
  if (URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)) return value;
  const message = 'is not an address; write one such as http://127.0.0.1:4566, or unset the variable';
  throw new InputError([{ code: 'aws/not-an-endpoint', path: 'AWS_ENDPOINT_URL', received: value, message }]);
}
