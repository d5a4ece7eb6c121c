/** Reads what CloudWatch has measured of a deployed stack, and sets it beside a simulated run. */
import { type AccountOptions, type AwsAccount, openAccount } from '#cloud/account/account.ts';
import { type DrivenStack, findDrivenStack } from '#cloud/deploy/driven-stack.ts';
import { listResources, readOwners } from '#cloud/deploy/stack-state.ts';
import { comparePercentiles } from '#analysis/compare-percentiles.ts';
import { compareSeries } from '#analysis/compare-series.ts';
import { deployedMetrics, metricsOf } from '#cloud/observe/deployed-metrics.ts';
import { readPercentiles } from '#cloud/observe/percentiles.ts';
import { readSeries } from '#cloud/observe/series.ts';
import { measuredCost, usageMetrics } from '#cloud/observe/usage-cost.ts';
import { regions } from '#catalog/pricing/regions.ts';
import { ratesOf } from '#host/prices/stored-prices.ts';
import { type KeptRun, writeRunFile } from '#host/saved-runs/run-files.ts';
import type { MetricDeclaration } from '#schema/component.ts';
import type { MeasuredCost, Observed } from '#schema/deployment-measure.ts';
import type { CaudalDocument } from '#schema/document.ts';
import { EnvironmentError, InputError } from '#schema/errors.ts';
import type { NodeSeries } from '#schema/result.ts';
import { measuredRun } from './measured-run.ts';

/** Metrics of AWS have a point each minute. */
const PERIOD_SECONDS = 60;
const PERIOD_MS = PERIOD_SECONDS * 1000;

export interface ObserveSettings extends Pick<AccountOptions, 'region' | 'profile' | 'askMfaCode'> {
  readonly stackName: string;
  readonly since: Date;
  readonly until: Date;
  /** Simulated second that `since` stands for. */
  readonly fromSecond: number;
  /** Simulated run to compare with. */
  readonly against?: Pick<KeptRun, 'document' | 'run'> | undefined;
}

/** As `observeRun`; writes the measured run where `save` says. */
export async function observeDocument(
  document: CaudalDocument,
  { save, ...settings }: ObserveSettings & { readonly save?: string | undefined },
): Promise<Observed> {
  const { observed, measured } = await observeRun(document, settings);
  if (save === undefined) return observed;
  if (measured === undefined) throw nothingYet();
  await writeRunFile(save, measured);
  return observed;
}

/** `measured` is undefined where CloudWatch has nothing yet. */
export async function observeRun(
  document: CaudalDocument,
  settings: ObserveSettings,
): Promise<{ readonly observed: Observed; readonly measured: KeptRun | undefined }> {
  const { region, profile, askMfaCode, stackName, since, until, fromSecond, against } = settings;
  if (since >= until) throw emptyWindow(since, until);
  const account = await openAccount({
    region,
    documentRegion: document.account.region,
    profile,
    askMfaCode,
    isReadOnly: true,
  });
  try {
    const stack = await findDrivenStack(account, stackName, document);
    const start = new Date(Math.floor(since.getTime() / PERIOD_MS) * PERIOD_MS);
    const startSeconds = fromSecond - (since.getTime() - start.getTime()) / 1000;
    const read = await readMeasured(account, stack, document, { start, end: until, startSeconds });
    const { nodes, percentiles, until: end } = read;
    const ends = end ?? start;
    const seconds = (ends.getTime() - start.getTime()) / 1000;
    const run = against?.run.report;
    const observed = {
      stackName,
      region: account.region,
      since: start.toISOString(),
      until: end?.toISOString() ?? null,
      lagSeconds: Math.max(0, Math.round((until.getTime() - ends.getTime()) / 1000)),
      nodes,
      silent: read.silent,
      percentiles,
      comparison:
        against === undefined || run === undefined
          ? []
          : [
              ...compareSeries(seriesOfRun(against), nodes, declarationsOf(document)),
              ...comparePercentiles(run.nodes, percentiles, { seconds, runSeconds: run.horizonSeconds }),
            ],
      cost:
        end === undefined ? null : await costOf(account, stack, document, { ...read, startSeconds, seconds }, against),
    };
    if (end === undefined) return { observed, measured: undefined };
    return { observed, measured: await measuredRun(document, nodes, startSeconds + seconds, percentiles) };
  } finally {
    account.close();
  }
}

function nothingYet(): EnvironmentError {
  return new EnvironmentError(
    'observe/nothing-yet',
    'CloudWatch shows nothing of this time yet, so there is no run to save: metrics come some minutes late, so try again in five',
  );
}

/** All series, those that only bills need apart, and the percentiles. */
async function readMeasured(
  account: AwsAccount,
  { stackId }: DrivenStack,
  document: CaudalDocument,
  { start, end, startSeconds }: { readonly start: Date; readonly end: Date; readonly startSeconds: number },
) {
  const { cloudWatch } = account.clients;
  const resources = await listResources(account, stackId, await readOwners(account, stackId));
  const metrics = deployedMetrics(document, resources, stackId);
  const window = { start, end, periodSeconds: PERIOD_SECONDS };
  const read = await readSeries(cloudWatch, metrics, window);
  const shown = { ...window, end: read.until ?? end };
  const billed = await readSeries(cloudWatch, usageMetrics(document, resources, stackId), shown);
  return {
    nodes: shifted(read.nodes, startSeconds),
    forBill: billed.nodes,
    silent: read.silent,
    until: read.until,
    percentiles: read.until === undefined ? [] : await readPercentiles(cloudWatch, metrics, shown),
  };
}

/** Prices are those of the Region of the stack, where it is one whose prices are known. */
async function costOf(
  account: AwsAccount,
  { digests }: DrivenStack,
  document: CaudalDocument,
  measured: {
    readonly nodes: Observed['nodes'];
    readonly forBill: Observed['nodes'];
    readonly startSeconds: number;
    readonly seconds: number;
  },
  against: ObserveSettings['against'],
): Promise<MeasuredCost> {
  const { nodes, forBill, startSeconds, seconds } = measured;
  const ids = new Set([...Object.keys(nodes), ...Object.keys(forBill)]);
  const series = [...ids].map((id) => [id, [...(nodes[id] ?? []), ...(forBill[id] ?? [])]] as const);
  return measuredCost({
    document,
    rates: await ratesOf(regions.includes(account.region) ? account.region : document.account.region),
    deployed: new Set(Object.keys(digests)),
    series: Object.fromEntries(series),
    fromSecond: startSeconds,
    toSecond: startSeconds + seconds,
    run:
      against === undefined
        ? undefined
        : {
            document: against.document,
            usage: against.run.usage,
            horizonSeconds: against.run.report.horizonSeconds,
          },
  });
}

/** Metrics of each node of a document. */
export function declarationsOf(document: CaudalDocument): (node: string) => readonly MetricDeclaration[] {
  const types = new Map(document.nodes.map(({ id, type }) => [id, type]));
  return (node) => metricsOf(types.get(node) ?? '');
}

export function seriesOfRun({ run }: Pick<KeptRun, 'run'>): NodeSeries {
  return Object.fromEntries(Object.entries(run.report.nodes).map(([id, { series }]) => [id, series]));
}

function shifted(nodes: Observed['nodes'], startSeconds: number): Observed['nodes'] {
  return Object.fromEntries(
    Object.entries(nodes).map(([id, series]) => [id, series.map((one) => ({ ...one, startSeconds }))]),
  );
}

function emptyWindow(since: Date, until: Date): InputError {
  const message = `the time from ${since.toISOString()} to ${until.toISOString()} is empty`;
  return new InputError([{ code: 'observe/empty-time', path: '--since', message, allowed: 'a moment before --until' }]);
}
