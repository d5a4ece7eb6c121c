/** A failed call of AWS, in words with a remedy. Nothing of the SDK's own error is kept: it may hold signed headers. */
import { EnvironmentError } from '#schema/errors.ts';

/** What was asked of AWS when it failed. */
export interface AwsCall {
  /** Service as the SDK names it, such as `CloudFormation`. */
  readonly service: string;
  /** Operation, such as `CreateChangeSet`. */
  readonly action: string;
  readonly region: string;
  readonly profile?: string | undefined;
  /** Address that stands for AWS, from AWS_ENDPOINT_URL. */
  readonly endpoint?: string | undefined;
}

/** The one statement that would allow a call that AWS has denied. */
export interface MissingPermission {
  readonly action: string;
  readonly resource: string;
  /** Denied by a policy that says so: allowing the action elsewhere does not help. */
  readonly isExplicit: boolean;
}

export interface AwsErrorParts {
  /** Code of AWS, such as `ValidationError`; empty when no answer came. */
  readonly awsCode: string;
  /** What AWS said, with keys taken out. */
  readonly awsMessage: string;
  readonly missing?: MissingPermission | undefined;
}

export class AwsError extends EnvironmentError {
  readonly awsCode: string;
  readonly awsMessage: string;
  readonly missing: MissingPermission | undefined;

  constructor(code: string, message: string, { awsCode, awsMessage, missing }: AwsErrorParts) {
    super(code, message);
    this.name = 'AwsError';
    this.awsCode = awsCode;
    this.awsMessage = awsMessage;
    this.missing = missing;
  }
}

/** True where AWS answered with one of these codes. */
export function isAwsError(error: unknown, ...awsCodes: readonly string[]): error is AwsError {
  return error instanceof AwsError && awsCodes.includes(error.awsCode);
}
