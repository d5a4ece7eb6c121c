/** What was sent to a deployed stack, and what came of it, as text. */
import type { DriveSettings } from '#host/deployments/drive-document.ts';
import type { Driven } from '#schema/deployment-drive.ts';
import { showNumber, showSeconds, showUsd, table } from './table.ts';

type Progress = Parameters<NonNullable<DriveSettings['onProgress']>>[0];

export function driveProgressText({ second, seconds, sent, failed, behindMs, usd }: Progress): string {
  const late = behindMs > 1000 ? `, ${showSeconds(behindMs / 1000)} behind the load` : '';
  const lost = failed > 0 ? `, ${showNumber(failed)} failed` : '';
  return `${second} of ${seconds} s: ${showNumber(sent)} records sent${lost}${late}, about ${showUsd(usd)} USD\n`;
}

export function sleptText(seconds: number): string {
  return `This machine slept for ${showSeconds(seconds)}: the load goes on from where it was\n`;
}

const ENDED = {
  complete: 'all of the load was sent',
  stopped: 'stopped; the calls under way were finished',
  capped: 'stopped at the most records that were allowed',
  limited: 'stopped',
  failed: 'stopped',
} as const;

export function driveText({ stackName, region, drive, estimatedUsd, sinks }: Driven): string {
  const { ended, reason, startedAt, wallSeconds, sleptSeconds, targets } = drive;
  const slept = sleptSeconds === 0 ? '' : `, of which this machine slept ${showSeconds(sleptSeconds)}`;
  const why = reason === undefined ? '' : `: ${reason}`;
  const rows = targets.map(({ node, sent, calls, retriedBy, failed, uncertainRecords, callLatencyMs }) => [
    node,
    showNumber(sent),
    showNumber(calls),
    Object.entries(retriedBy)
      .map(([code, count]) => `${showNumber(count)} ${code}`)
      .join(', ') || '0',
    showNumber(failed),
    showNumber(uncertainRecords),
    showSeconds(callLatencyMs.p50 / 1000),
    showSeconds(callLatencyMs.p99 / 1000),
  ]);
  const head = ['target', 'sent', 'calls', 'retried', 'failed', 'uncertain', 'call p50', 'call p99'];
  return [
    `${stackName} in ${region}: ${ENDED[ended]}${why}\n`,
    `Began ${startedAt}, took ${showSeconds(wallSeconds)}${slept}, about ${showUsd(estimatedUsd)} USD by the estimate\n\n`,
    table(head, rows, head.slice(1)),
    sinks.length === 0 ? '' : `\n${sinksText(sinks)}`,
  ].join('');
}

function sinksText(sinks: Driven['sinks']): string {
  const head = ['sink', 'records', 'missing', 'twice', 'unexplained', 'others', 'latency p50', 'p99', 'max'];
  const time = (ms: number | undefined): string => (ms === undefined ? '-' : showSeconds(ms / 1000));
  const rows = sinks.map((sink) => [
    sink.node,
    showNumber(sink.records),
    sink.missing === null ? '-' : showNumber(sink.missing),
    showNumber(sink.doubled),
    showNumber(sink.doubledUnexplained),
    showNumber(sink.foreign),
    time(sink.latencyMs?.p50),
    time(sink.latencyMs?.p99),
    time(sink.latencyMs?.max),
  ]);
  const notes = sinks.flatMap(({ node, unreachable, clockAheadMs }) => [
    ...(unreachable === undefined ? [] : [`  ${node} could not be read: ${unreachable}\n`]),
    ...(clockAheadMs === 0
      ? []
      : [
          `  ${node}: records arrived up to ${showSeconds(clockAheadMs / 1000)} before their event time: the clock of this machine is ahead of AWS's, so latencies are too short; set it by NTP\n`,
        ]),
  ]);
  return table(head, rows, head.slice(1)) + notes.join('');
}
