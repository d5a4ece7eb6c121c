/** What a card says over its corner: trouble of the moment, the worst first. Each has an icon, a number and words. */
import type { ComponentSpec } from '#schema/component.ts';
import type { FaultKind, FaultSpec } from '#schema/faults.ts';
import type { NodeResult } from '#schema/result.ts';
import { countText, type RatePeriod, rateText, secondsText, shortText } from './quantities.ts';
import { type Moment, momentEnd, momentSeconds, seriesAt } from './recording.ts';

export type BadgeKind = 'fault' | 'lost' | 'throttled' | 'errors' | 'deadLettered' | 'backlog' | 'age' | 'coldStarts';

export interface Badge {
  readonly kind: BadgeKind;
  readonly text: string;
  readonly words: string;
}

/** What is counted elsewhere. */
export interface Trouble {
  /** Per second. */
  readonly arrived: number;
  readonly lost: number;
  readonly refused: number;
  /** Records. */
  readonly inside: number;
}

const MOST_BADGES = 2;
/** Seconds from which data counts as old. */
export const oldSeconds = 10;
/** A backlog is what takes the node longer than this to work off at the present rate. */
const BACKLOG_SECONDS = 5;
const BACKLOG_RECORDS = 100;

/** Words for a fault, as a badge and as a mark on the timeline. */
export const faultWords: Readonly<Record<FaultKind, string>> = {
  outage: 'outage',
  errorRate: 'errors',
  latencyFactor: 'slow',
  throttling: 'less capacity',
  trafficSpike: 'traffic spike',
  hotKey: 'hot key',
  poisonRecord: 'poison records',
  duplicates: 'duplicates',
};

/** Faults that hit the node during the moment. */
export function activeFaults(faults: readonly FaultSpec[], node: string, moment: Moment): FaultSpec[] {
  const end = momentEnd(moment);
  const start = end - momentSeconds(moment);
  return faults.filter(
    (fault) => fault.node === node && fault.startSeconds < end && fault.startSeconds + fault.durationSeconds > start,
  );
}

export function badgesOf(
  spec: ComponentSpec,
  result: NodeResult | undefined,
  faults: readonly FaultSpec[],
  trouble: Trouble,
  moment: Moment,
  period?: RatePeriod,
): readonly Badge[] {
  const found: Badge[] = faults.slice(0, 1).map(({ kind, id }) => ({
    kind: 'fault',
    text: faultWords[kind],
    words: `your fault ${id} is on: ${faultWords[kind]}`,
  }));
  const { arrived, lost, refused, inside } = trouble;
  if (lost > 0) {
    const text = rateText(lost, period);
    found.push({ kind: 'lost', text, words: `${text} records lost` });
  }
  if (refused > 0) {
    const text = rateText(refused, period);
    found.push({ kind: 'throttled', text, words: `${text} refused at a limit` });
  }
  const declared = declaredBadges(spec, result, moment, period);
  found.push(...declared.filter(({ kind }) => kind === 'errors' || kind === 'deadLettered'));
  const { gathers } = spec.declaration.face;
  if (gathers !== true && inside > BACKLOG_RECORDS && inside > BACKLOG_SECONDS * arrived) {
    found.push({ kind: 'backlog', text: shortText(inside), words: `${countText(Math.round(inside))} records inside` });
  }
  found.push(...declared.filter(({ kind }) => kind === 'age'), ...declared.filter(({ kind }) => kind === 'coldStarts'));
  return found.slice(0, MOST_BADGES);
}

/** Metrics that a component declares as worth a badge. */
function declaredBadges(
  spec: ComponentSpec,
  result: NodeResult | undefined,
  moment: Moment,
  period: RatePeriod | undefined,
): Badge[] {
  const seconds = momentEnd(moment);
  const found: Badge[] = [];
  for (const { name, badge, unit, series: kind } of spec.metrics) {
    if (badge === undefined || found.some(({ kind: known }) => known === badge)) continue;
    const series = result?.series.find(({ metric }) => metric === name);
    const value = seriesAt(series, seconds) ?? 0;
    if (series === undefined || !(value > 0)) continue;
    if (badge === 'age') {
      const age = unit === 'Milliseconds' ? value / 1000 : value;
      if (age < oldSeconds) continue;
      found.push({ kind: 'age', text: secondsText(age), words: `${name}: ${secondsText(age)}` });
      continue;
    }
    const amount = kind === 'counter' ? rateText(value / series.stepSeconds, period) : shortText(value);
    found.push({ kind: badge, text: amount, words: `${name}: ${amount}` });
  }
  return found;
}
