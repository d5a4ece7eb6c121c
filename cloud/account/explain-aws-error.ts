/** Turns what the SDK throws into one sentence with a remedy, under a stable code. */
import { AwsError, type AwsCall, type AwsErrorParts } from './aws-error.ts';
import { missingPermission, policyStatement } from './missing-permission.ts';

/** The parts of an error of the SDK that sentences are made of. */
interface SdkError {
  readonly name: string;
  readonly message: string;
  /** Errno of Node, where the network failed. */
  readonly errno: string;
  readonly status: number | undefined;
  /** Time on AWS's clock, from the answer's header. */
  readonly date: string | undefined;
}

const EXPIRED = ['ExpiredToken', 'ExpiredTokenException', 'TokenRefreshRequired'];
const UNKNOWN_KEY = ['InvalidClientTokenId', 'UnrecognizedClientException', 'InvalidAccessKeyId', 'AuthFailure'];
const CLOCK = ['RequestTimeTooSkewed', 'RequestExpired', 'RequestInTheFuture'];
const SIGNATURE = ['SignatureDoesNotMatch', 'InvalidSignatureException'];
const DENIED = [
  'AccessDenied',
  'AccessDeniedException',
  'UnauthorizedOperation',
  'NotAuthorized',
  'AuthorizationError',
];
const REGION = ['PermanentRedirect', 'AuthorizationHeaderMalformed', 'IllegalLocationConstraintException'];
const THROTTLED = [
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'ProvisionedThroughputExceededException',
  'LimitExceededException',
  'SlowDown',
];
const NETWORK = [
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPIPE',
];

/** What `thrown` means to a user. `nowMs`: this machine's clock. */
export function explainAwsError(thrown: unknown, call: AwsCall, nowMs: number): AwsError {
  const error = partsOf(thrown);
  const [code, text] =
    aboutCredentials(error, call) ?? aboutTime(error, nowMs) ?? aboutRights(error, call) ?? aboutTheRest(error, call);
  const parts: AwsErrorParts = {
    awsCode: error.status === undefined && error.name === 'Error' ? '' : error.name,
    awsMessage: error.message,
    missing: code === 'aws/access-denied' ? missingPermission(error.message, call) : undefined,
  };
  return new AwsError(code, text, parts);
}

type Told = readonly [code: string, text: string];

function aboutCredentials({ name, message }: SdkError, call: AwsCall): Told | undefined {
  const profile = call.profile === undefined ? '' : ` --profile ${call.profile}`;
  const whose = call.profile === undefined ? '' : ` of the profile ${call.profile}`;
  if (/multi-?factor/i.test(message)) {
    return /no MFA code callback/i.test(message)
      ? [
          'aws/mfa-needed',
          `the credentials${whose} need a code from your MFA device, and there is no terminal to ask for it; run the command in one`,
        ]
      : [
          'aws/mfa-refused',
          `AWS did not take the MFA code: each code counts once and for 30 s; wait for the next and try again`,
        ];
  }
  if (/SSO|sso/.test(message) && /expired|invalid|not found|refresh|login/i.test(message)) {
    return [
      'aws/expired-credentials',
      `the single sign-on${whose} has ended; run aws sso login${profile}, then try again`,
    ];
  }
  if (EXPIRED.includes(name)) {
    return [
      'aws/expired-credentials',
      `the credentials${whose} have expired; get new ones (aws sso login${profile}, or assume the role again), then try again`,
    ];
  }
  if (name === 'CredentialsProviderError' || name === 'TokenProviderError') {
    return call.profile !== undefined
      ? [
          'aws/no-credentials',
          `no credentials were found for the profile ${call.profile}; check its name in ~/.aws/config and ~/.aws/credentials (aws configure list-profiles shows all)`,
        ]
      : [
          'aws/no-credentials',
          'no AWS credentials were found; run aws configure or aws sso login, set AWS_PROFILE, or name a profile with --profile',
        ];
  }
  if (UNKNOWN_KEY.includes(name)) {
    return [
      'aws/unknown-credentials',
      `AWS does not know the credentials${whose} in ${call.region}: the key was deleted or mistyped, or the Region is not enabled for the account`,
    ];
  }
  return undefined;
}

function aboutTime({ name, message, date }: SdkError, nowMs: number): Told | undefined {
  const isTime =
    CLOCK.includes(name) || /signature (expired|not yet current)|is now (earlier|later) than|time skew/i.test(message);
  if (!isTime) {
    return SIGNATURE.includes(name)
      ? [
          'aws/wrong-secret',
          'AWS could not check the signature: the secret access key does not belong to the key id; correct the credentials',
        ]
      : undefined;
  }
  const here = new Date(nowMs).toISOString();
  const there = date === undefined ? undefined : new Date(date);
  const isKnown = there !== undefined && !Number.isNaN(there.getTime());
  const apart = isKnown
    ? `; AWS says ${there.toISOString()}, ${Math.round(Math.abs(nowMs - there.getTime()) / 1000)} s apart`
    : '';
  return [
    'aws/clock-skew',
    `this machine's clock is wrong, so AWS refused the request: here it is ${here}${apart}; AWS allows 5 to 15 minutes. Set the clock, then try again`,
  ];
}

function aboutRights({ name, message, status }: SdkError, call: AwsCall): Told | undefined {
  if (!DENIED.includes(name) && !(status === 403 && /not authorized|access denied/i.test(message))) return undefined;
  const missing = missingPermission(message, call);
  const on = missing.resource === '*' ? '' : ` on ${missing.resource}`;
  const head = `AWS denied ${missing.action}${on}`;
  return missing.isExplicit
    ? [
        'aws/access-denied',
        `${head}: a policy denies it explicitly, which no other policy can allow; ask whoever keeps the policies of this account`,
      ]
    : ['aws/access-denied', `${head}; this policy statement would allow it: ${policyStatement(missing)}`];
}

function aboutTheRest({ name, message, errno, status }: SdkError, call: AwsCall): Told {
  const what = `${call.service} ${call.action}`;
  if (REGION.includes(name)) {
    return [
      'aws/wrong-region',
      `${what} was sent to ${call.region}, but what it names is in another Region: ${message}; name that one with --region`,
    ];
  }
  if (THROTTLED.includes(name) || status === 429) {
    return [
      'aws/throttled',
      `AWS throttled ${what} and went on doing so after several tries; wait a minute, then try again`,
    ];
  }
  if (NETWORK.includes(errno) || name === 'TimeoutError' || /socket hang up|network|connect/i.test(errno)) {
    return ['aws/unreachable', unreachable(errno || name, what, call)];
  }
  if (status !== undefined && status >= 500) {
    return [
      'aws/server-fault',
      `AWS failed on ${what} (${status} ${name}); that is no fault of yours: try again in a minute`,
    ];
  }
  if (call.endpoint !== undefined && (status === 404 || status === 501) && message.startsWith('Unknown')) {
    return [
      'aws/not-offered',
      `what stands for AWS at ${call.endpoint} does not offer ${what}; unset AWS_ENDPOINT_URL to ask AWS itself`,
    ];
  }
  return ['aws/refused', `AWS refused ${what}: ${message} (${name})`];
}

function unreachable(errno: string, what: string, { endpoint, region }: AwsCall): string {
  if (endpoint !== undefined) {
    return `nothing answered ${what} at ${endpoint} (${errno}), the address in AWS_ENDPOINT_URL; start what should listen there, or unset the variable`;
  }
  const cause =
    errno === 'ENOTFOUND'
      ? `there is no Region ${region}, or the network is down`
      : 'the network is down or a firewall is between';
  return `AWS did not answer ${what} in ${region} (${errno}): ${cause}. Nothing more was sent; check the connection, then try again`;
}

interface Thrown {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly Code?: unknown;
  readonly cause?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
}

function partsOf(thrown: unknown): SdkError {
  const error = (typeof thrown === 'object' && thrown !== null ? thrown : {}) as Thrown;
  const code = text(error.code) || text((error.cause as Thrown | undefined)?.code);
  const name = text(error.name) || 'Error';
  return {
    name: name === 'Error' || name === 'UnknownError' ? text(error.Code) || name : name,
    message: withoutKeys(text(error.message) || String(thrown)),
    errno: code || (/socket hang up/.test(text(error.message)) ? 'ECONNRESET' : ''),
    status: error.$metadata?.httpStatusCode,
    date: error.$response?.headers?.['date'],
  };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Takes out what looks like a key, and the canonical request that AWS returns with a wrong signature. */
function withoutKeys(message: string): string {
  return message
    .replace(/\s*The Canonical String[\s\S]*$/, '')
    .replaceAll(/\b(?:AKIA|ASIA)[A-Z0-9]{12,}\b/g, '(key)')
    .replaceAll(/\s+/g, ' ')
    .slice(0, 1000);
}
