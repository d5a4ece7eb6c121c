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

/** Actions of one service, written without its prefix and apart by blanks, on one ARN. */
export function grant(service: string, on: string, names: string): Grant {
  return { actions: names.split(' ').map((name) => `${service}:${name}`), on };
}
