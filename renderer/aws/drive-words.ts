/** What driving tells, in words. Pure. */
import { countText, durationText, rateText, secondsText, usdText } from '#drawing/quantities.ts';
import { windowWords } from './window-words.ts';
import type { Driven, DriveProgress, DriveReport, SinkReport, TargetReport } from '#schema/deployment-drive.ts';

/** A delay that is worth a word, milliseconds. */
const BEHIND_MS = 1000;

/** What is going on, and how long it will take at the pace so far. */
export function progressWords({ second, seconds, wallSeconds }: DriveProgress): string {
  if (second >= seconds) return 'Sending the last records';
  if (second <= 0) return 'Sending the load';
  return `Sending the load, about ${durationText(Math.ceil(((seconds - second) * wallSeconds) / second))} left`;
}

/** Names and values, for a list. `arrived`: at the sinks, once they are looked at. */
export function progressFigures(
  { second, seconds, sent, failed, behindMs, usd, wallSeconds }: DriveProgress & { readonly usd: number },
  arrived: number | undefined,
): readonly (readonly [name: string, value: string])[] {
  return [
    ['Load sent', `${durationText(Math.floor(second))} of ${durationText(seconds)}`],
    ['Records', countText(sent)],
    ['Failed', countText(failed)],
    ['Rate', rateText(wallSeconds > 0 ? sent / wallSeconds : 0)],
    ['Schedule', behindMs > BEHIND_MS ? `${secondsText(behindMs / 1000)} behind` : 'on time'],
    ['Spent by the estimate', usdText(usd)],
    ...(arrived === undefined ? [] : [['Arrived at the sinks', countText(arrived)] as const]),
  ];
}

/** How it ended, what it took, and why it ended early. */
export function endWords({ drive, estimatedUsd }: Pick<Driven, 'drive' | 'estimatedUsd'>): string {
  const { wallSeconds, sleptSeconds, targets } = drive;
  const sent = targets.reduce((sum, target) => sum + target.sent, 0);
  const slept = sleptSeconds === 0 ? '' : `, of which this computer slept ${secondsText(sleptSeconds)}`;
  return `${records(sent)} sent in ${secondsText(wallSeconds)}${slept}, about ${usdText(estimatedUsd)} by the estimate. ${whyEnded(drive)}`;
}

function whyEnded({ ended, reason }: DriveReport): string {
  switch (ended) {
    case 'complete':
      return 'All of the load was sent.';
    case 'stopped':
      return 'You stopped it; the calls under way were finished.';
    case 'capped':
      return 'It ended at the most records that you allowed.';
    case 'limited':
    case 'failed':
      return windowWords(reason ?? 'It ended before all of the load was sent');
  }
}

/** What a target refused, gave up and left in doubt; empty where it took everything at once. */
export function targetWords({ retriedBy, failed, uncertainCalls, uncertainRecords }: TargetReport): string {
  const retried = Object.entries(retriedBy).map(([code, count]) => `${countText(count)} sent again (${code})`);
  const lost = failed > 0 ? [`${records(failed)} given up after the last attempt`] : [];
  const doubtful =
    uncertainCalls > 0
      ? [
          `${uncertainCalls === 1 ? 'one call was' : `${countText(uncertainCalls)} calls were`} not answered: ${records(uncertainRecords)} may be there twice`,
        ]
      : [];
  return [...retried, ...lost, ...doubtful].join('; ') || 'everything was taken at once';
}

export type SinkGrade = 'success' | 'warning' | 'error';

/** Whether what was sent has come, and come once. */
export function sinkGrade({ unreachable, missing, doubledUnexplained, clockAheadMs }: SinkReport): SinkGrade {
  if (unreachable !== undefined || (missing ?? 0) > 0 || doubledUnexplained > 0) return 'error';
  return clockAheadMs > 0 ? 'warning' : 'success';
}

export function sinkWords(sink: SinkReport): string {
  if (sink.unreachable !== undefined) return `could not be read: ${windowWords(sink.unreachable)}`;
  return [missingWords(sink), doubledWords(sink), ...foreignWords(sink), ...clockWords(sink)].join('. ') + '.';
}

function missingWords({ missing, distinct }: SinkReport): string {
  if (missing === null) return `${records(distinct)} arrived; not every record is to come here`;
  if (missing === 0) return `All ${records(distinct)} arrived, none missing`;
  return `${records(distinct)} arrived, ${countText(missing)} ${missing === 1 ? 'is' : 'are'} missing`;
}

function doubledWords({ doubled, doubledUnexplained }: SinkReport): string {
  if (doubled === 0) return 'None came twice';
  const explained = doubled - doubledUnexplained;
  const why = explained > 0 ? `, ${countText(explained)} of them through calls that were not answered` : '';
  return `${countText(doubled)} came more than once${why}`;
}

function foreignWords({ foreign }: SinkReport): readonly string[] {
  return foreign === 0 ? [] : [`${countText(foreign)} lines are of something else, or of an earlier drive`];
}

function clockWords({ clockAheadMs }: SinkReport): readonly string[] {
  if (clockAheadMs === 0) return [];
  return [
    `The clock of this machine is at least ${secondsText(clockAheadMs / 1000)} ahead of AWS, so latencies are too short: set it by NTP`,
  ];
}

/** `1 record`, `1,234 records`. */
export function records(count: number): string {
  return `${countText(count)} ${count === 1 ? 'record' : 'records'}`;
}
