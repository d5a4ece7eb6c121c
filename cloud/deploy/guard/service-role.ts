/**
 * The role that CloudFormation takes to make the main stack: only what the types in its template need, only on names that begin
 * with the stack's.
 *
 * A role of its own, so that the deletion at expiry runs with rights of its own and not with those of a person who has left. It
 * belongs to the guard stack: CloudFormation needs it until the last resource of the main stack is gone.
 */
import { invariant } from '#schema/errors.ts';
import { typePermissions } from './type-permissions.ts';

/** Of a policy's text, without blanks. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html (read 2026-11-21): 6,144 */
const POLICY_CHARACTERS = 5800;

export interface Statement {
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

/**
 * Of a name that is too long CloudFormation keeps the beginning of the stack's. Assumption: at least 24 characters, as it does in
 * the names of IAM roles (64 characters: 24 of the stack, 24 of the logical id, 12 drawn).
 */
const KEPT_OF_NAME = 24;

/** How names of a stack's resources begin. */
export function namePrefix(stackName: string): string {
  return stackName.length < KEPT_OF_NAME ? `${stackName}-` : stackName.slice(0, KEPT_OF_NAME);
}

/** CloudFormation types of a template, each once, in order. */
export function resourceTypes(template: Readonly<Record<string, unknown>>): readonly string[] {
  const resources = (template['Resources'] ?? {}) as Readonly<Record<string, { readonly Type: string }>>;
  return [...new Set(Object.values(resources).map(({ Type }) => Type))].sort();
}

/** Types that the role has no permissions for: a deployment of them would fail half-way. */
export function unknownTypes(types: readonly string[]): readonly string[] {
  return types.filter((type) => typePermissions[type] === undefined);
}

/** Statements for the types, one for each ARN. Every type must be known. */
export function roleStatements(types: readonly string[], stackName: string): readonly Statement[] {
  const byArn = new Map<string, Set<string>>();
  for (const type of types) {
    const grants = typePermissions[type];
    invariant(grants !== undefined, `the service role knows no permissions for ${type}`);
    for (const { actions, on } of grants) {
      const held = byArn.get(on) ?? new Set();
      byArn.set(on, held);
      for (const action of actions) held.add(action);
    }
  }
  return [...byArn]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([on, actions]) => ({
      Effect: 'Allow',
      Action: [...actions].sort(),
      Resource: on === '*' ? '*' : { 'Fn::Sub': arn(on, stackName) },
      // What takes no resource is held to the Region, which global services do not know.
      ...(on === '*' ? { Condition: { StringEquals: { 'aws:RequestedRegion': { Ref: 'AWS::Region' } } } } : {}),
    }));
}

/** Statements in as few policies as hold them: all in one would be too long for the role of a large document. */
export function inPolicies(statements: readonly Statement[]): readonly (readonly Statement[])[] {
  const policies: Statement[][] = [];
  let characters = POLICY_CHARACTERS;
  for (const statement of statements) {
    const length = JSON.stringify(statement).length + 1;
    if (characters + length > POLICY_CHARACTERS) {
      policies.push([]);
      characters = 0;
    }
    policies.at(-1)?.push(statement);
    characters += length;
  }
  return policies;
}

function arn(on: string, stackName: string): string {
  const prefix = namePrefix(stackName);
  const filled = on
    .replaceAll('{stack}', on.startsWith('s3:') ? prefix.toLowerCase() : prefix)
    .replaceAll('{here}', '${AWS::Region}:${AWS::AccountId}')
    .replaceAll('{region}', '${AWS::Region}')
    .replaceAll('{account}', '${AWS::AccountId}');
  return `arn:\${AWS::Partition}:${filled}`;
}
