/** Why policies of a role name resources by pattern: said beside the role, in the words of the rule that asks. */
import { Validations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** Objects of a bucket have no names before they are written; APIs of a domain are paths below its ARN. */
export function explainPatterns(role: Construct, reason: string): void {
  Validations.of(role).acknowledge({ id: 'AwsSolutions-IAM5', reason });
}
