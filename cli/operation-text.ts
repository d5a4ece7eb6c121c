/** What happens to deployments, readable: steps as they come, outcomes, what is left. */
import type {
  DeploymentView,
  Drift,
  FollowEvent,
  KeptBucket,
  LeftResource,
  Remaining,
  StackOutcome,
  StackResourceView,
} from '#schema/deployment-state.ts';
import { oneLine, wrapped } from './plain-text.ts';
import { section } from './summary.ts';
import { showBytes, showUsd, table } from './table.ts';

/** One line for each step. */
export function eventText(event: FollowEvent): string {
  if (event.kind !== 'step') return `${event.text}\n`;
  const { at, owner, logicalId, type, status, reason, isStack } = event.step;
  const what = isStack ? 'stack' : (owner ?? 'shared');
  const why = reason === undefined || !/FAILED|ROLLBACK/.test(status) ? '' : `: ${oneLine(reason)}`;
  return `${at.slice(11, 19)}  ${what}  ${status}  ${type.replace(/^AWS::/, '')} ${logicalId}${why}\n`;
}

export function outcomeText(outcome: StackOutcome): string {
  const { stackName, status, text, remedy, failures, replaced, outputs, remaining } = outcome;
  // What is gone is nowhere any more.
  const places = status === 'DELETE_COMPLETE' ? [] : Object.entries(outputs);
  return [
    wrapped('', `${stackName}: ${text}${remedy === undefined ? '' : `. What to do: ${remedy}`}`, 2),
    section(
      'What failed',
      failures
        .map((one) => {
          const where = one.owner ?? one.logicalId;
          return wrapped(`  ${where}: `, `${one.text}; ${one.remedy}. AWS says: ${oneLine(one.reason)}`, 4);
        })
        .join(''),
    ),
    section(
      'Made anew',
      replaced.map(({ owner, logicalId, from, to }) => `  ${owner ?? logicalId}: ${from} -> ${to}\n`).join(''),
    ),
    section(
      'Left',
      remaining
        .map((one) => {
          const { owner, logicalId, type, physicalId, why, costs } = one;
          const failed = costs === undefined ? 'could not be deleted, and costs money' : 'could not be deleted';
          const fate = why === 'kept' ? 'kept, as the template says' : failed;
          return `  ${owner ?? 'shared'}: ${type.replace(/^AWS::/, '')} ${logicalId} (${physicalId}): ${fate}${costWords(one)}\n`;
        })
        .join(''),
    ),
    section('Outputs', places.map(([key, value]) => `  ${key}: ${oneLine(value)}\n`).join('')),
  ].join('');
}

/** `; 21.90 USD a month: why`. */
function costWords({ usdPerMonth, costs }: Pick<Remaining, 'usdPerMonth' | 'costs'>): string {
  if (costs === undefined) return '';
  return usdPerMonth === undefined || usdPerMonth === 0
    ? `; ${costs}`
    : `; ${showUsd(usdPerMonth)} USD a month: ${costs}`;
}

/** What else than buckets destroyed deployments have left. */
export function leftText(left: readonly LeftResource[]): string {
  const rows = left.map(({ stackName, owner, type, physicalId, usdPerMonth, costs = '', deletedAt = '' }) => [
    stackName,
    owner ?? 'shared',
    type.replace(/^AWS::/, ''),
    physicalId,
    deletedAt.slice(0, 10),
    usdPerMonth === undefined ? 'unknown' : showUsd(usdPerMonth),
    costs,
  ]);
  if (rows.length === 0) return '';
  const head = ['stack', 'node', 'type', 'name', 'left', 'a month', ''];
  return section('Left behind by destroyed deployments, unless deleted since', table(head, rows, ['a month']));
}

export function bucketsText(buckets: readonly KeptBucket[]): string {
  const rows = buckets.map(({ bucket, objects, bytes, isAtLeast, usdPerMonth, command }) => [
    bucket,
    `${isAtLeast ? '>= ' : ''}${objects}`,
    showBytes(bytes),
    usdPerMonth === undefined ? 'unknown' : showUsd(usdPerMonth),
    command,
  ]);
  if (rows.length === 0) return '';
  const head = ['bucket', 'objects', 'size', 'a month', 'removed by'];
  return section('Buckets that are kept', table(head, rows, ['objects', 'size', 'a month']));
}

export function deploymentsText(deployments: readonly DeploymentView[], region: string): string {
  if (deployments.length === 0) return `No deployment of Caudal in ${region}\n`;
  const rows = deployments.map((one) => [one.stackName, one.document, one.text, one.expiresAt ?? 'never']);
  return section(`Deployments in ${region}`, table(['stack', 'document', 'state', 'expires'], rows)).replace(/^\n/, '');
}

export function statusText(deployment: DeploymentView, resources: readonly StackResourceView[], drift: Drift | null) {
  const { stackName, document, text, remedy, expiresAt, outputs } = deployment;
  const rows = resources.map((one) => [
    one.owner ?? 'shared',
    one.type.replace(/^AWS::/, ''),
    one.status,
    one.physicalId,
  ]);
  return [
    wrapped('', `${stackName} (${document}): ${text}${remedy === undefined ? '' : `. What to do: ${remedy}`}`, 2),
    `Expires: ${expiresAt ?? 'never'}\n`,
    rows.length === 0 ? '' : section('Resources', table(['node', 'type', 'state', 'name'], rows)),
    section(
      'Outputs',
      Object.entries(outputs)
        .map(([key, value]) => `  ${key}: ${oneLine(value)}\n`)
        .join(''),
    ),
    drift === null ? '' : driftText(drift),
  ].join('');
}

function driftText({ text, resources }: Drift): string {
  const lines = resources.flatMap(({ owner, logicalId, status, differences }) => [
    `  ${owner ?? logicalId}: ${status.toLowerCase()}\n`,
    ...differences.map((one) => `    ${one.path}: ${oneLine(one.actual)} instead of ${oneLine(one.expected)}\n`),
  ]);
  return section(`Compared with the template: ${text}`, lines.join('') || '  nothing differs\n');
}
