/** What kind of answer a failed call of AWS was, for those who ask again. */
import { AwsError } from '#cloud/account/aws-error.ts';

/** An answer that was cut off arrives as one that cannot be read. */
const CUT_OFF = /Deserialization error|Unexpected end of|Unclosed|aborted|premature close/i;

/** Whether AWS was not reached, or said nothing that can be read, or asks for patience: the same question may be answered later. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof AwsError)) return false;
  return (
    ['aws/unreachable', 'aws/server-fault', 'aws/throttled'].includes(error.code) || CUT_OFF.test(error.awsMessage)
  );
}

/** Whether CloudFormation knows no change set or stack of that name. */
export function isAbsent(error: unknown): boolean {
  return (
    error instanceof AwsError &&
    (error.awsCode.startsWith('ChangeSetNotFound') || /does(n't| not) exist/.test(error.awsMessage))
  );
}
