/** One entry of the permissions of a resource type. */

export interface Grant {
  /** With the service's prefix, never a wildcard. */
  readonly actions: readonly string[];
  /**
   * ARN after `arn:partition:`, in which `{here}` stands for Region and account, `{stack}` for how the names of the stack's
   * resources begin; or `*`.
   */
  readonly on: string;
}

/** By CloudFormation type. */
export type TypePermissions = Readonly<Record<string, readonly Grant[]>>;

/** Actions of one service on one ARN: `sqs: CreateQueue DeleteQueue`. */
export function grant(on: string, text: string): Grant {
  const [service = '', names = ''] = text.split(': ');
  return { actions: names.split(' ').map((name) => `${service}:${name}`), on };
}

/** Services that work on a role of their own make it when an account uses them for the first time. */
export const serviceLinked: Grant = grant('iam::{account}:role/aws-service-role/*', 'iam: CreateServiceLinkedRole');
