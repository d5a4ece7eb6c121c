/**
 * The smallest proof in a real account: the first chain is deployed, 1,000 records go through it, all of them are counted where it
 * ends, CloudWatch is compared with the simulation, and everything is taken away again. By the command line, as a user would.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT } from '#bin/build-state.mjs';
import type { AwsAccount } from '#cloud/account/account.ts';
import { listResources } from '#cloud/deploy/stack-state.ts';
import type { Driven } from '#schema/deployment-drive.ts';
import type { Observed } from '#schema/deployment-measure.ts';
import type { DeploymentPlan } from '#schema/deployment-plan.ts';
import type { DeploymentStatus, KeptBucket, Overview, StackOutcome } from '#schema/deployment-state.ts';
import type { Ran } from '#test/harness/command-line.ts';
import { signedRequest } from './signed-request.ts';

export const CEILING_USD = 1;
export const RECORDS = 1000;
/** Hours of the stack that are paid for at most: it expires after one, and services bill begun hours. */
const HOURS = 2;
/** CloudWatch is asked this long for all that was driven; metrics come some minutes late. */
const METRICS_LIMIT_MS = 900_000;
const METRICS_PAUSE_MS = 30_000;
const DOCUMENT = join(ROOT, 'test/aws/chain.caudal.json');

export interface SmokeOptions {
  readonly account: AwsAccount;
  readonly caudal: (...argv: readonly string[]) => Promise<Ran>;
  readonly tell: (line: string) => void;
  readonly signal?: AbortSignal;
  /** Called before CloudWatch is asked: an emulator has no metrics but those that a test puts there. */
  readonly beforeObserving?: (stackName: string, startedAt: string) => Promise<void>;
}

/** Runs all steps; the number of those that failed. What was deployed is taken away however they ended. */
export async function smokeTest(options: SmokeOptions): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'caudal-aws-'));
  try {
    return await new Smoke(options, folder).run();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

class Smoke {
  private readonly stackName = `caudal-smoke-${randomBytes(3).toString('hex')}`;
  private readonly options: SmokeOptions;
  private readonly folder: string;
  private failed = 0;
  private spentUsd = 0;
  private logGroups: readonly string[] = [];

  constructor(options: SmokeOptions, folder: string) {
    this.options = options;
    this.folder = folder;
  }

  async run(): Promise<number> {
    const { account, tell } = this.options;
    if (account.endpoint !== undefined) {
      tell(`AWS_ENDPOINT_URL is ${account.endpoint}: this shows that the steps work, and nothing about AWS`);
    }
    const isPlanned = (await this.step('synth', () => this.synth())) && (await this.step('plan', () => this.plan()));
    if (!isPlanned) return this.failed;
    try {
      if (await this.step('deploy', () => this.deploy())) {
        await this.step('expiry', () => this.expiry());
        await this.step('drift', () => this.drift());
        const startedAt = await this.driveStep();
        if (startedAt !== undefined) await this.step('observe', () => this.observe(startedAt));
      }
    } finally {
      await this.step('destroy', () => this.destroy());
      await this.step('leftovers', () => this.leftovers());
    }
    return this.failed;
  }

  private async step(name: string, work: () => Promise<string>): Promise<boolean> {
    const { tell, signal } = this.options;
    const isCleaning = name === 'destroy' || name === 'leftovers';
    const startMs = performance.now();
    try {
      if (!isCleaning) signal?.throwIfAborted();
      const said = await work();
      tell(`ok      ${name.padEnd(10)} ${said} (${((performance.now() - startMs) / 1000).toFixed(1)} s)`);
      return true;
    } catch (error) {
      this.failed += 1;
      tell(`FAILED  ${name.padEnd(10)} ${error instanceof Error ? error.message : String(error)}`);
      return false;
    }
  }

  /** The object that a command prints. Throws with what it said where it failed. */
  private async caudal<T>(...argv: readonly string[]): Promise<T> {
    const { code, out, err } = await this.options.caudal(...argv, '--json');
    if (code !== 0) throw new Error(`caudal ${argv.join(' ')} ended with code ${code}: ${err.trim() || out.trim()}`);
    return JSON.parse(out) as T;
  }

  private get named(): readonly string[] {
    return [DOCUMENT, '--stack-name', this.stackName, '--region', this.options.account.region];
  }

  private async synth(): Promise<string> {
    const { template } = await this.caudal<{ template: { Resources: object } }>(
      'synth',
      DOCUMENT,
      '--stack-name',
      this.stackName,
      '--allow-left-out',
    );
    const types = Object.keys(template.Resources).length;
    check(types > 0, 'the template has no resources');
    return `${this.stackName}: ${types} resources, ${JSON.stringify(template).length} bytes`;
  }

  private async plan(): Promise<string> {
    const plan = await this.caudal<DeploymentPlan>('plan', ...this.named, '--allow-left-out');
    check(plan.kind === 'create', `the stack ${this.stackName} is there already`);
    const dearest = HOURS * plan.cost.testHour;
    check(
      dearest < CEILING_USD,
      `${HOURS} h of this stack cost ${dearest.toFixed(4)} USD, more than the ceiling of ${CEILING_USD} USD: nothing was deployed`,
    );
    this.spentUsd = dearest;
    const { alias, lastDigits } = plan.account;
    const account = alias === null ? `...${lastDigits}` : `${alias} (...${lastDigits})`;
    return `account ${account}, ${plan.region}: ${plan.changes.length} resources to add, at most ${dearest.toFixed(4)} USD for ${HOURS} h`;
  }

  private async deploy(): Promise<string> {
    const { outcome } = await this.caudal<{ outcome: StackOutcome | null }>(
      'deploy',
      ...this.named,
      '--allow-left-out',
      '--expires-in',
      '1h',
      '--confirm',
      this.stackName,
    );
    check(outcome?.kind === 'done', outcome?.text ?? 'nothing was deployed');
    const { account } = this.options;
    const resources = await listResources(account, outcome?.stackId ?? '', new Map());
    this.logGroups = resources.flatMap(({ type, physicalId }) => (type === 'AWS::Logs::LogGroup' ? [physicalId] : []));
    check(this.logGroups.length > 0, 'the function has no log group');
    return `${outcome?.status}, ${resources.length} resources`;
  }

  /** The schedule that deletes the stack with this machine off, as EventBridge Scheduler has it. */
  private async expiry(): Promise<string> {
    const { account } = this.options;
    const { deployment } = await this.status();
    const expiresAt = deployment.expiresAt ?? '';
    const leftMs = new Date(expiresAt).getTime() - Date.now();
    check(leftMs > 0 && leftMs <= 3_600_000, `the stack expires ${expiresAt || 'never'}, not within the hour`);
    const guard = await listResources(account, `${this.stackName}-guard`, new Map());
    const name = guard.find(({ type }) => type === 'AWS::Scheduler::Schedule')?.physicalId ?? '';
    const stored = await signedRequest(account, {
      service: 'scheduler',
      path: `/schedules/${encodeURIComponent(name)}`,
    });
    const target = stored['Target'] as { readonly Arn?: string; readonly Input?: string } | undefined;
    const expected = `at(${new Date(expiresAt).toISOString().slice(0, 19)})`;
    check(
      stored['ScheduleExpression'] === expected,
      `the schedule says ${String(stored['ScheduleExpression'])}, not ${expected}`,
    );
    check(stored['State'] === 'ENABLED', `the schedule is ${String(stored['State'])}`);
    check(target?.Arn === 'arn:aws:scheduler:::aws-sdk:cloudformation:deleteStack', `it calls ${target?.Arn}`);
    check(
      (JSON.parse(target?.Input ?? '{}') as { StackName?: string }).StackName === this.stackName,
      `it deletes ${target?.Input}`,
    );
    return `${expected}: ${target?.Arn?.split(':').at(-1)} of ${this.stackName}`;
  }

  private status(...more: readonly string[]): Promise<DeploymentStatus> {
    return this.caudal('status', this.stackName, '--region', this.options.account.region, ...more);
  }

  private async drift(): Promise<string> {
    const { drift } = await this.status('--drift');
    check(drift?.kind === 'in-sync', `the stack is ${drift?.kind}: ${drift?.text}`);
    return drift?.text ?? '';
  }

  /** When the load began; undefined where it failed. */
  private async driveStep(): Promise<string | undefined> {
    let startedAt: string | undefined;
    const isOk = await this.step('drive', async () => {
      const left = (CEILING_USD - this.spentUsd).toFixed(4);
      const load = [
        '--for',
        '2m',
        '--speed',
        '10',
        '--max-records',
        String(RECORDS),
        '--ceiling',
        left,
        '--wait',
        '5m',
      ];
      const { drive, sinks, estimatedUsd } = await this.caudal<Driven>('drive', ...this.named, ...load);
      startedAt = drive.startedAt;
      const [target] = drive.targets;
      check(
        target?.sent === RECORDS && target.failed === 0,
        `${target?.sent} records were taken, ${target?.failed} failed`,
      );
      const queue = sinks.find(({ node }) => node === 'orders');
      check(queue?.unreachable === undefined, `the queue could not be read: ${queue?.unreachable}`);
      check(
        queue?.distinct === RECORDS && queue.missing === 0 && queue.doubledUnexplained === 0,
        `${queue?.distinct} of ${RECORDS} records came out, ${queue?.doubledUnexplained} twice without a reason`,
      );
      const { p50 = 0, p99 = 0 } = queue?.latencyMs ?? {};
      return `${RECORDS} sent, ${queue?.distinct} counted at the queue, ${queue?.doubled} twice; p50 ${Math.round(p50)} ms, p99 ${Math.round(p99)} ms; about ${estimatedUsd.toFixed(4)} USD`;
    });
    return isOk ? startedAt : undefined;
  }

  /** Until CloudWatch has counted every record at the stream and at the queue. */
  private async observe(startedAt: string): Promise<string> {
    const { account, signal, beforeObserving } = this.options;
    await beforeObserving?.(this.stackName, startedAt);
    const run = join(this.folder, 'simulated.caudal-run');
    await this.caudal('run', DOCUMENT, '--save', run);
    const limitMs = account.endpoint === undefined ? METRICS_LIMIT_MS : 0;
    const deadlineMs = Date.now() + limitMs;
    for (;;) {
      const observed = await this.caudal<Observed>('observe', ...this.named, '--since', startedAt, '--against', run);
      const measured = (node: string, metric: string): number =>
        sumOf(observed.nodes[node]?.find((series) => series.metric === metric)?.values ?? []);
      const put = measured('clicks', 'IncomingRecords');
      const invoked = measured('enrich', 'Invocations');
      const queued = measured('orders', 'NumberOfMessagesSent');
      if (put >= RECORDS && invoked > 0 && queued >= RECORDS) {
        const metrics = Object.values(observed.nodes).flat().length;
        return `CloudWatch counted ${put} records put, ${invoked} invocations, ${queued} messages, and has ${metrics} metrics of the chain`;
      }
      check(
        Date.now() < deadlineMs,
        `CloudWatch shows ${put} records put, ${invoked} invocations and ${queued} messages of ${RECORDS}${
          account.endpoint === undefined ? '' : ': an emulator measures nothing by itself'
        }`,
      );
      await sleep(METRICS_PAUSE_MS, undefined, { signal });
    }
  }

  private async destroy(): Promise<string> {
    const region = ['--region', this.options.account.region];
    const by = `; delete them with: caudal destroy ${this.stackName}, then caudal destroy ${this.stackName} --guard`;
    try {
      const { outcome, buckets } = await this.caudal<{ outcome: StackOutcome; buckets: readonly KeptBucket[] }>(
        'destroy',
        this.stackName,
        ...region,
        '--confirm',
        this.stackName,
      );
      check(
        outcome.remaining.length === 0,
        `left: ${outcome.remaining.map(({ physicalId }) => physicalId).join(', ')}`,
      );
      check(buckets.length === 0, `buckets are left: ${buckets.map(({ bucket }) => bucket).join(', ')}`);
      await this.caudal('destroy', this.stackName, '--guard', ...region, '--confirm', this.stackName);
      return `${outcome.text}, the guard stack too`;
    } catch (error) {
      throw new Error(`${error instanceof Error ? error.message : String(error)}${by}`, { cause: error });
    }
  }

  /** Nothing of it is in the account any more, the logs of its function included. */
  private async leftovers(): Promise<string> {
    const { account } = this.options;
    const { deployments, buckets } = await this.caudal<Overview>('status', '--region', account.region);
    const left = deployments.filter(({ stackName }) => stackName.startsWith(this.stackName));
    check(left.length === 0, `stacks are left: ${left.map(({ stackName }) => stackName).join(', ')}`);
    const kept = buckets.filter(({ stackName }) => stackName.startsWith(this.stackName));
    check(kept.length === 0, `buckets are left: ${kept.map(({ bucket }) => bucket).join(', ')}`);
    for (const logGroupNamePrefix of this.logGroups) {
      const { logGroups } = await signedRequest(account, {
        service: 'logs',
        target: 'Logs_20140328.DescribeLogGroups',
        input: { logGroupNamePrefix },
      });
      const names = (logGroups as readonly { readonly logGroupName: string }[]).map(({ logGroupName }) => logGroupName);
      check(!names.includes(logGroupNamePrefix), `the log group ${logGroupNamePrefix} is left`);
    }
    return `no stack, no bucket, no log group`;
  }
}

/** Of points; null is one that CloudWatch has not. */
function sumOf(values: Iterable<number | null>): number {
  return [...values].reduce((sum: number, value) => sum + (value ?? 0), 0);
}

function check(holds: boolean, message: string): asserts holds {
  if (!holds) throw new Error(message);
}
