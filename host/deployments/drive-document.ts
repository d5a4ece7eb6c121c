/** Drives a deployed stack with its document's load, watches what that costs, and looks for the records at the sinks. */
import { type AccountOptions, type AwsAccount, openAccount } from '#cloud/account/account.ts';
import { drive } from '#cloud/deploy/drive.ts';
import { clientSettings, type DrivenStack, explainCall, findDrivenStack } from '#cloud/deploy/driven-stack.ts';
import { checkSinks, type Sink, sinksOf } from '#cloud/deploy/sinks.ts';
import { regions } from '#catalog/pricing/regions.ts';
import type { Driven, DriveProgress, SinkReport } from '#schema/deployment-drive.ts';
import type { CaudalDocument } from '#schema/document.ts';
import { spendingOf } from './spending.ts';

export interface DriveSettings extends Pick<AccountOptions, 'region' | 'profile' | 'askMfaCode'> {
  readonly stackName: string;
  /** Simulated seconds of load, and the second of the day at which it begins. */
  readonly seconds: number;
  readonly fromSecond: number;
  readonly speed: number;
  readonly recordsPerSecondCap?: number | undefined;
  readonly totalCap?: number | undefined;
  /** US dollars at which driving ends. */
  readonly ceilingUsd: number;
  /** Seconds to wait for what is missing at the sinks; 0: do not look there. */
  readonly waitSeconds: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (progress: DriveProgress & { readonly usd: number }) => void;
  readonly onSlept?: (seconds: number) => void;
  readonly onLook?: (arrived: number) => void;
}

export async function driveDocument(document: CaudalDocument, settings: DriveSettings): Promise<Driven> {
  const { region, profile, askMfaCode } = settings;
  const account = await openAccount({ region, documentRegion: document.account.region, profile, askMfaCode });
  try {
    const stack = await findDrivenStack(account, settings.stackName, document);
    return await driveStack(account, stack, document, settings);
  } finally {
    account.close();
  }
}

async function driveStack(
  account: AwsAccount,
  stack: DrivenStack,
  document: CaudalDocument,
  settings: DriveSettings,
): Promise<Driven> {
  const { stackName, seconds, fromSecond, speed, ceilingUsd, signal, onProgress } = settings;
  const pricesOf = regions.includes(account.region) ? account.region : document.account.region;
  const spending = await spendingOf(document, pricesOf, seconds);
  const { recordsPerSecondCap, totalCap, onSlept } = settings;
  const sent = new Map<string, number>();
  const doubtful = new Set<string>();
  const startedMs = Date.now();
  const report = await drive({
    document,
    accessPoints: stack.accessPoints,
    outputs: stack.outputs,
    settings: clientSettings(account),
    seed: document.run.seed,
    fromSecond,
    seconds,
    speed,
    ...(recordsPerSecondCap === undefined ? {} : { recordsPerSecondCap }),
    ...(totalCap === undefined ? {} : { totalCap }),
    ...(onSlept === undefined ? {} : { onSlept }),
    signal,
    onSent: ({ id }, eventTimeMs) => sent.set(id, eventTimeMs),
    onUncertain: ({ id }) => doubtful.add(id),
    onProgress: (progress) => onProgress?.({ ...progress, usd: spending(progress.sent, progress.wallSeconds) }),
    limit: ({ sent: records, wallSeconds }) => {
      const usd = spending(records, wallSeconds);
      if (usd <= ceilingUsd) return undefined;
      return `by the estimate ${usd.toFixed(4)} USD have been spent, more than the ceiling of ${ceilingUsd} USD: raise it with --ceiling`;
    },
    explain: (error, protocol) => explainCall(account, error, protocol),
  });
  const sinks = await lookAtSinks(account, sinksOf(document, stack, stack.outputs), {
    sent,
    doubtful,
    startedMs,
    settings,
  });
  return {
    stackName,
    region: account.region,
    fromSecond,
    drive: report,
    estimatedUsd: spending(sent.size, report.wallSeconds),
    sinks,
  };
}

interface Drove {
  readonly sent: ReadonlyMap<string, number>;
  readonly doubtful: ReadonlySet<string>;
  readonly startedMs: number;
  readonly settings: DriveSettings;
}

async function lookAtSinks(
  account: AwsAccount,
  sinks: readonly Sink[],
  { sent, doubtful, startedMs, settings }: Drove,
): Promise<SinkReport[]> {
  const { waitSeconds, onLook } = settings;
  if (waitSeconds === 0 || sinks.length === 0) return [];
  return checkSinks({
    sinks,
    sent,
    doubtful,
    startedMs,
    waitMs: waitSeconds * 1000,
    // Stopped with Ctrl-C: look once.
    signal: settings.signal,
    explain: (error, protocol) => explainCall(account, error, protocol).message,
    settings: clientSettings(account),
    ...(onLook === undefined ? {} : { onLook }),
  });
}
