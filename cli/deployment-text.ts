/** A plan of a deployment, readable. */
import type { LeftOut } from '#schema/deployment.ts';
import type {
  ChangeKind,
  DeploymentPlan,
  PlannedChange,
  PlannedOmission,
  QuotaCheck,
} from '#schema/deployment-plan.ts';
import { oneLine, wrapped } from './plain-text.ts';
import { priceWords, section } from './summary.ts';
import { showAmount, showNumber, showUsd, showWords, table } from './table.ts';

/** Marks what loses data. */
export type Alarm = (text: string) => string;

/** What the template leaves out, each with its reason. */
export function leftOutText(leftOut: readonly (LeftOut | PlannedOmission)[]): string {
  const nodes = leftOut.filter(({ kind }) => kind === 'node');
  return section('Left out', nodes.map((one) => wrapped(`  ${one.id} (${one.type ?? ''}): `, one.reason, 4)).join(''));
}

export function notesText(notes: DeploymentPlan['notes']): string {
  return section(
    'Deployed otherwise than simulated',
    notes.map(({ node, text }) => wrapped(`  ${node}: `, text, 4)).join(''),
  );
}

/** `isBefore`: a confirmation is asked for next; otherwise looking was all. */
export function planText(plan: DeploymentPlan, alarm: Alarm, isBefore = false): string {
  const { alias, lastDigits } = plan.account;
  const owner = alias === null ? `account ...${lastDigits}` : `account ${oneLine(alias)} (...${lastDigits})`;
  const where = plan.endpoint === null ? '' : `, at ${plan.endpoint} and not at AWS`;
  return [
    leftOutText(plan.leftOut.filter(({ isDriven }) => !isDriven)).replace(/^\n/, ''),
    `Stack ${plan.stackName} in ${plan.region}, ${owner}${where}\n`,
    `${headline(plan)}\n`,
    section('Resources', changesText(plan.changes, alarm)),
    plan.comparedBy === 'templates' && plan.kind === 'update'
      ? '  AWS was not asked to compare, so a change may turn out to be a replacement\n'
      : '',
    section('Quotas of the account that the simulated peak comes close to', quotasText(plan.quotas)),
    section(costTitle(plan), costText(plan)),
    notesText(plan.notes),
    guardText(plan),
    isBefore ? 'Nothing has been changed yet\n' : 'Nothing was changed\n',
  ].join('');
}

function headline({ kind, changes }: DeploymentPlan): string {
  if (kind === 'none') return 'Nothing would change: the stack is as the document says';
  const counts = (Object.keys(WORDS) as ChangeKind[]).flatMap((of) => {
    const count = changes.filter((change) => change.kind === of).length;
    return count === 0 ? [] : [`${count} to ${WORDS[of]}`];
  });
  return `${kind === 'create' ? 'A new stack' : 'A change of the stack'}: ${counts.join(', ')}`;
}

const WORDS: Readonly<Record<ChangeKind, string>> = {
  add: 'add',
  change: 'change',
  replace: 'replace',
  'may-replace': 'change or replace',
  remove: 'remove',
};

function changesText(changes: readonly PlannedChange[], alarm: Alarm): string {
  if (changes.length === 0) return '';
  const rows = changes.map((change) => [
    WORDS[change.kind],
    change.owner ?? 'shared',
    change.type.replace(/^AWS::/, ''),
    change.id,
    fateOf(change),
  ]);
  const lines = table(['', 'node', 'type', 'resource', ''], rows, []).split('\n');
  // The head is one line; rows follow in order.
  return lines.map((line, index) => (changes[index - 1]?.losesData ? alarm(line) : line)).join('\n');
}

function fateOf({ losesData, keepsOld, properties }: PlannedChange): string {
  const fate = losesData ? 'LOSES ITS DATA' : keepsOld ? 'the old one stays and goes on costing' : '';
  return [properties.join(', '), fate].filter((part) => part !== '').join('; ');
}

const FROM: Readonly<Record<QuotaCheck['from'], string>> = {
  account: 'your account',
  document: 'the document',
  default: "AWS's default",
};

function quotasText(quotas: readonly QuotaCheck[]): string {
  if (quotas.length === 0) return '';
  const rows = quotas.map(({ node, name, unit, peak, held, quota, from, isExceeded }) => [
    node ?? 'account',
    name,
    showAmount(peak, unit),
    showAmount(quota, unit),
    FROM[from],
    showNumber(held),
    isExceeded ? 'TOO SMALL' : '',
  ]);
  const head = ['node', 'quota', 'peak', 'quota is', 'as says', 'held back', ''];
  return table(head, rows, ['peak', 'quota is', 'held back']);
}

function costTitle({ cost }: DeploymentPlan): string {
  return `Cost in USD with the prices of ${cost.pricesOf}; a month has 730 h of this load`;
}

function costText({ cost }: DeploymentPlan): string {
  const rows = cost.lines.map((line) => [
    line.node,
    showWords(line.dimension),
    showUsd(line.usdPerMonth),
    priceWords(line),
  ]);
  const head = ['node', 'charge', 'per month', 'price from'];
  const total = ['total', '', showUsd(cost.perMonth), ''];
  const hour = `  an hour of test at this load: ${showUsd(cost.testHour)}\n`;
  return table(head, [...rows, total], ['per month']) + hour;
}

function guardText({ guard, kind }: DeploymentPlan): string {
  const name = `the guard stack ${guard.name}`;
  const text = {
    absent: `${name} would be made first: the role that the stack is made with, and the schedule that deletes it at its expiry`,
    outdated: `${name} is there and would be brought up to date first`,
    current: `${name} is there`,
  }[guard.state];
  return `\n${kind === 'none' ? '' : wrapped('', text, 0)}`;
}
