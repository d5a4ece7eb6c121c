import { type ReactNode, useMemo } from 'react';
import { durationText, rateText, shortText } from '#drawing/quantities.ts';
import { timeTicks } from '#drawing/time-axis.ts';
import { useRatePeriod } from '#renderer/state/app-store.ts';
import { useDocument } from '#renderer/state/document-store.ts';
import type { Profile } from '#schema/workload.ts';
import { type RateCurveView, rateCurve } from './profile-curve.ts';

const WIDTH = 288;
const HEIGHT = 96;
const TOP = 14;
const FOOT = 16;
const MOST_TICKS = 4;

/** The rate over the horizon, as the run will have it on average. */
export function ProfileChart({ profile }: { readonly profile: Profile }): ReactNode {
  const startsAt = useDocument(({ account }) => account.startsAt);
  const horizonSeconds = useDocument(({ run }) => run.horizonSeconds);
  const period = useRatePeriod();
  const curve = useMemo(
    () => rateCurve(profile, { startsAt }, { horizonSeconds }),
    [profile, startsAt, horizonSeconds],
  );
  if (curve === undefined) {
    const file = profile.kind === 'trace' && profile.counts === undefined ? profile.csv?.path : undefined;
    return (
      <p className="profile-none">
        {file === undefined
          ? 'The curve is drawn once the fields below are right.'
          : `The rate is in ${file}: it is read when the design is checked and run.`}
      </p>
    );
  }
  return (
    <figure className="profile-chart">
      <Curve curve={curve} startsAt={startsAt} horizonSeconds={horizonSeconds} />
      <figcaption>
        peak <b>{rateText(curve.peakPerSecond, period)}</b> · mean <b>{rateText(curve.meanPerSecond, period)}</b> ·{' '}
        <b>{shortText(curve.records)}</b> records in {durationText(horizonSeconds)} ·{' '}
        <b>{shortText(curve.recordsPerMonth)}</b> a month
      </figcaption>
    </figure>
  );
}

interface CurveProps {
  readonly curve: RateCurveView;
  readonly startsAt: string;
  readonly horizonSeconds: number;
}

function Curve({ curve, startsAt, horizonSeconds }: CurveProps): ReactNode {
  const period = useRatePeriod();
  const most = curve.peakPerSecond > 0 ? curve.peakPerSecond * 1.08 : 1;
  const base = HEIGHT - FOOT;
  const x = (seconds: number): number => (seconds / horizonSeconds) * WIDTH;
  const y = (perSecond: number): number => base - (perSecond / most) * (base - TOP);
  const line = curve.points
    .map(
      ({ seconds, perSecond }, index) =>
        `${index === 0 ? 'M' : 'L'}${x(seconds).toFixed(2)} ${y(perSecond).toFixed(2)}`,
    )
    .join('');
  const ticks = timeTicks(startsAt, horizonSeconds, MOST_TICKS);
  const words = `Rate over ${durationText(horizonSeconds)}: ${rateText(curve.points[0]?.perSecond ?? 0, period)} at first, at most ${rateText(curve.peakPerSecond, period)}, ${rateText(curve.meanPerSecond, period)} on average`;
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={words} data-peak={Math.round(curve.peakPerSecond)}>
      {ticks.map(({ seconds, text, ratio }) => (
        <g key={seconds}>
          <line className="profile-grid" x1={x(seconds)} x2={x(seconds)} y1={TOP} y2={base} />
          <text x={x(seconds)} y={HEIGHT - 3} textAnchor={ratio < 0.06 ? 'start' : ratio > 0.94 ? 'end' : 'middle'}>
            {text}
          </text>
        </g>
      ))}
      <line className="profile-grid" x1={0} x2={WIDTH} y1={y(curve.peakPerSecond)} y2={y(curve.peakPerSecond)} />
      <text x={0} y={y(curve.peakPerSecond) - 3}>
        {rateText(curve.peakPerSecond, period)}
      </text>
      <path className="profile-area" d={`${line}L${WIDTH} ${base}L0 ${base}Z`} />
      <path className="profile-line" d={line} />
      <line className="profile-axis" x1={0} x2={WIDTH} y1={base} y2={base} />
    </svg>
  );
}
