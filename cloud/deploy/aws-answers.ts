/** What kind of answer a failed call of AWS was. Reads both what the SDK throws and what was put in words already. */

const NETWORK_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
]);

interface Failed {
  /** AWS's code, such as `ValidationError`. */
  readonly name: string;
  readonly message: string;
  /** Errno of Node, or our own code. */
  readonly code: string;
  readonly httpStatus: number | undefined;
}

function read(error: unknown): Failed {
  const { name, message, code, awsCode, awsMessage, $metadata } = (error ?? {}) as Readonly<
    Record<'name' | 'message' | 'code' | 'awsCode' | 'awsMessage', string | undefined>
  > & { readonly $metadata?: { readonly httpStatusCode?: number } };
  return {
    name: awsCode ?? name ?? '',
    message: awsMessage ?? message ?? String(error),
    code: code ?? '',
    httpStatus: $metadata?.httpStatusCode,
  };
}

/** Whether AWS was not reached, or said nothing that can be read: the same question may be answered later. */
export function isUnreachable(error: unknown): boolean {
  const { name, message, code, httpStatus } = read(error);
  if (NETWORK_CODES.has(code) || ['aws/unreachable', 'aws/server-fault'].includes(code)) return true;
  if (name === 'TimeoutError' || /socket hang up|premature close|aborted/i.test(message)) return true;
  // An answer that was cut off arrives as one that cannot be parsed.
  if (/Deserialization error|Unexpected end of|Unclosed/i.test(message)) return true;
  return httpStatus !== undefined && httpStatus >= 500;
}

/** Whether AWS asks to call more slowly. */
export function isThrottled(error: unknown): boolean {
  const { name, message, code, httpStatus } = read(error);
  if (code === 'aws/throttled' || httpStatus === 429) return true;
  return /Throttl|TooManyRequests|RequestLimitExceeded/.test(name) || message.startsWith('Rate exceeded');
}

/** Whether CloudFormation knows no stack or change set of that name. */
export function isAbsent(error: unknown): boolean {
  const { name, message } = read(error);
  return name.startsWith('ChangeSetNotFound') || /does not exist|doesn't exist/.test(message);
}

/** AWS's code of the failure, such as `InvalidChangeSetStatus`. */
export function awsCodeOf(error: unknown): string {
  return read(error).name;
}

/** What AWS said. */
export function awsMessageOf(error: unknown): string {
  return read(error).message;
}
