/** Statements whose resources are named by patterns, each pattern with the reason why it has to be one. */
import { Stack, Validations } from 'aws-cdk-lib';
import { type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';

interface Statement {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/** Objects of a bucket have no names before they are written; the calls of a domain are paths below its ARN. */
export function allowPatterns(role: IRole, { actions, resources }: Statement, reason: string): void {
  role.addToPrincipalPolicy(new PolicyStatement({ actions: [...actions], resources: [...resources] }));
  for (const resource of resources) {
    const pattern = flat(Stack.of(role).resolve(resource));
    if (pattern.includes('*')) {
      Validations.of(role).acknowledge({ id: `AwsSolutions-IAM5[Resource::${pattern}]`, reason });
    }
  }
}

/** An ARN in the words of the rule: references in angle brackets. */
function flat(value: unknown): string {
  if (typeof value === 'string') return value;
  const reference = value as {
    readonly Ref?: string;
    readonly 'Fn::GetAtt'?: readonly [string, string];
    readonly 'Fn::Join'?: readonly [string, readonly unknown[]];
  };
  if (reference.Ref !== undefined) return `<${reference.Ref}>`;
  if (reference['Fn::GetAtt'] !== undefined) return `<${reference['Fn::GetAtt'].join('.')}>`;
  const [between, parts] = reference['Fn::Join'] ?? ['', []];
  return parts.map(flat).join(between);
}
