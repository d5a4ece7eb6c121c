import { Button } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { type MeasuredSource, takeMeasured, useMeasured } from './measured.ts';
import { shortMoment } from './measured-times.ts';
import { useNowMs } from './times.ts';

/** What the two kinds of lines are, over the charts of the timeline; nothing while nothing is measured. */
export function MeasuredLegend(): ReactNode {
  const measured = useMeasured();
  const nowMs = useNowMs();
  if (measured === undefined) return null;
  const words = sourceWords(measured.source, nowMs);
  return (
    // Pressing the charts moves the playhead; pressing here does not.
    <div className="measured-legend" onPointerDown={(event) => event.stopPropagation()}>
      <LegendKeys />
      <span className="measured-source" role="status" title={words}>
        {words}
      </span>
      <Button
        variant="inline-icon"
        iconName="close"
        ariaLabel="Take the measured lines away"
        onClick={() => takeMeasured(undefined)}
      />
    </div>
  );
}

export function LegendKeys(): ReactNode {
  return (
    <>
      <span className="legend-key">
        <svg width="26" height="10" viewBox="0 0 26 10" aria-hidden="true">
          <path className="legend-simulated" d="M1 5h24" />
        </svg>
        simulated
      </span>
      <span className="legend-key">
        <svg width="26" height="10" viewBox="0 0 26 10" aria-hidden="true">
          <path className="legend-measured" d="M1 5h24" />
          <circle className="legend-mark" cx="13" cy="5" r="2.5" />
        </svg>
        measured
      </span>
    </>
  );
}

/** Where the measured numbers are from, and what is still to come. */
export function sourceWords(source: MeasuredSource, nowMs: number): string {
  if (source.kind === 'file') return `Measured run from ${source.name}, Caudal ${source.engineVersion}`;
  const { stackName, region, since, until, lagSeconds } = source;
  const span = `${stackName} in ${region}, measured ${shortMoment(since, nowMs)} to ${shortMoment(until, nowMs)}`;
  return lagSeconds < 60 ? span : `${span}; ${lagWords(lagSeconds)}`;
}

function lagWords(lagSeconds: number): string {
  const minutes = Math.round(lagSeconds / 60);
  const last = minutes === 1 ? 'the last minute is' : `the last ${minutes} min are`;
  return `${last} not there yet: CloudWatch shows metrics some minutes late`;
}
