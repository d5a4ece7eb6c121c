/** The stack that is driven or observed: found by its name, and refused where it is not what the document says. */
import type { AwsAccount } from '#cloud/account/account.ts';
import { explainAwsError } from '#cloud/account/explain-aws-error.ts';
import type { ClientSettings } from '#catalog/clients.ts';
import type { DeployedParts } from '#schema/deployment.ts';
import type { CaudalDocument } from '#schema/document.ts';
import { EnvironmentError } from '#schema/errors.ts';
import type { ProtocolId } from '#schema/protocols.ts';
import { changedParts, deployedPartsOf } from './deployed-parts.ts';
import type { CallFailure } from './drive.ts';
import { deployedTemplate, documentOf, findDeployment, outputsOf, refusal } from './stack-state.ts';
import { refuseUnusable } from './stack-use.ts';

export interface DrivenStack extends DeployedParts {
  readonly stackId: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** When it was made. */
  readonly createdAt: Date | undefined;
}

/** Ids named in a sentence. */
const NAMED = 5;

/** Throws unless the stack is one of ours, complete, and made of this document. */
export async function findDrivenStack(
  account: AwsAccount,
  stackName: string,
  document: CaudalDocument,
): Promise<DrivenStack> {
  const stack = await findDeployment(account, stackName);
  const { StackStatus: status = '', StackId: stackId = '', CreationTime: createdAt } = stack;
  const template = await deployedTemplate(account.clients.cloudFormation, stackId);
  const parts = deployedPartsOf(template);
  if (status === 'REVIEW_IN_PROGRESS') {
    throw new EnvironmentError('drive/not-deployed', `the stack ${stackName} was planned only: deploy it first`);
  }
  if (parts !== undefined && changedNames(document, stack) !== undefined) {
    throw refusal(
      'deploy/other-document',
      stackName,
      `the stack ${stackName} holds the document "${documentOf(stack)}", this one is "${document.name}": name its own stack`,
    );
  }
  refuseUnusable(stack, documentOf(stack) ?? '');
  if (parts === undefined) {
    const message = `the stack ${stackName} was deployed by an older Caudal, which did not write down where records go in: deploy it again`;
    throw refusal('drive/older-deployment', stackName, message);
  }
  const changed = changedParts(document, parts);
  if (changed.length > 0) {
    const more = changed.length > NAMED ? ` and ${changed.length - NAMED} more` : '';
    const names = changed.slice(0, NAMED).join(', ') + more;
    const message = `the document has changed since it was deployed to ${stackName} (${names}): deploy it again, or use the document as it was`;
    throw refusal('drive/document-changed', stackName, message);
  }
  return { ...parts, stackId, outputs: outputsOf(stack), createdAt };
}

/** The tag holds the document's name with what tags do not take replaced. */
function changedNames({ name }: CaudalDocument, stack: Parameters<typeof documentOf>[0]): string | undefined {
  const plain = (text: string): string => text.replaceAll(/[^\p{L}\p{N}]/gu, '').slice(0, 200);
  const tag = documentOf(stack) ?? '';
  return plain(tag) === plain(name.slice(0, 256)) ? undefined : tag;
}

/** How clients of the catalogue reach an account. The driver repeats calls by itself, and counts them. */
export function clientSettings({ region, endpoint, clients }: AwsAccount): ClientSettings {
  return {
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
    credentials: () => clients.sts.config.credentials(),
    maxAttempts: 1,
  };
}

const KINDS: Readonly<Record<string, CallFailure['kind']>> = {
  'aws/throttled': 'refused',
  'aws/unreachable': 'unanswered',
  'aws/server-fault': 'uncertain',
  'aws/clock-skew': 'skewed',
};

/** What the failure of a whole call of a client means. */
export function explainCall(account: AwsAccount, error: unknown, protocol: ProtocolId): CallFailure {
  const { region, profile, endpoint } = account;
  const call = { service: protocol, action: 'records', region, profile, endpoint };
  const { code, message, awsCode } = explainAwsError(error, call, Date.now());
  const kind = KINDS[code] ?? (/throttl/i.test(awsCode) ? 'refused' : 'final');
  return { code: awsCode === '' ? code : awsCode, message, kind };
}
