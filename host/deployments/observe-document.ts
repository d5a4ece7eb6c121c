/** Reads what CloudWatch has measured of a deployed stack, and sets it beside a simulated run. */
import { type AccountOptions, openAccount } from '#cloud/account/account.ts';
import { findDrivenStack } from '#cloud/deploy/driven-stack.ts';
import { listResources, readOwners } from '#cloud/deploy/stack-state.ts';
import { compareSeries } from '#analysis/compare-series.ts';
import { deployedMetrics, metricsOf } from '#cloud/observe/deployed-metrics.ts';
import { readSeries } from '#cloud/observe/series.ts';
import { type KeptRun, writeRunFile } from '#host/saved-runs/run-files.ts';
import type { MetricDeclaration } from '#schema/component.ts';
import type { Observed } from '#schema/deployment-measure.ts';
import type { CaudalDocument } from '#schema/document.ts';
import { EnvironmentError, InputError } from '#schema/errors.ts';
import type { SeriesData } from '#schema/result.ts';
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
  readonly against?: Pick<KeptRun, 'run'> | undefined;
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
    const { stackId } = await findDrivenStack(account, stackName, document);
    const resources = await listResources(account, stackId, await readOwners(account, stackId));
    const metrics = deployedMetrics(document, resources, stackId);
    const start = new Date(Math.floor(since.getTime() / PERIOD_MS) * PERIOD_MS);
    const window = { start, end: until, periodSeconds: PERIOD_SECONDS };
    const read = await readSeries(account.clients.cloudWatch, metrics, window);
    const startSeconds = fromSecond - (since.getTime() - start.getTime()) / 1000;
    const nodes = shifted(read.nodes, startSeconds);
    const ends = read.until ?? start;
    const observed = {
      stackName,
      region: account.region,
      since: start.toISOString(),
      until: read.until?.toISOString() ?? null,
      lagSeconds: Math.max(0, Math.round((until.getTime() - ends.getTime()) / 1000)),
      nodes,
      silent: read.silent,
      comparison: against === undefined ? [] : compareSeries(seriesOfRun(against), nodes, declarationsOf(document)),
    };
    if (read.until === undefined) return { observed, measured: undefined };
    const horizonSeconds = startSeconds + (ends.getTime() - start.getTime()) / 1000;
    return { observed, measured: await measuredRun(document, nodes, horizonSeconds) };
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

/** Metrics of each node of a document. */
export function declarationsOf(document: CaudalDocument): (node: string) => readonly MetricDeclaration[] {
  const types = new Map(document.nodes.map(({ id, type }) => [id, type]));
  return (node) => metricsOf(types.get(node) ?? '');
}

export function seriesOfRun({ run }: Pick<KeptRun, 'run'>): Readonly<Record<string, readonly SeriesData[]>> {
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
