import { Button, FormField, Input, StatusIndicator, Table } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { countOf, countText } from '#drawing/quantities.ts';
import { Place } from '#renderer/runs/Place.tsx';
import { useApp } from '#renderer/state/app-store.ts';
import { useDocument, useDocumentState } from '#renderer/state/document-store.ts';
import type { Calibration, MetricComparison } from '#schema/deployment-measure.ts';
import { isWorking, setAwsTab, useOperation } from './aws-store.ts';
import { errorText } from './compare-rows.ts';
import { isCalibrated } from './calibrated.ts';
import { applyCalibration, calibrate } from './measure-control.ts';
import { setMeasure, useMeasure } from './measure-store.ts';
import { useMeasured } from './measured.ts';
import { sourceWords } from './MeasuredLegend.tsx';
import { OperationNote } from './OperationNote.tsx';
import { useNowMs } from './times.ts';

/** Settings with which the simulation comes closest to what was measured. */
export function CalibratePage(): ReactNode {
  const measured = useMeasured();
  const nowMs = useNowMs();
  const calibration = useMeasure((state) => state.calibration);
  const operation = useOperation('measure');
  const isFitting = isWorking(operation) && operation?.kind === 'calibrate';
  if (measured === undefined) return <NothingToFit />;
  return (
    <div className="run-page aws-page">
      {!isFitting && <FitForm words={sourceWords(measured.source, nowMs)} />}
      <OperationNote slot="measure" kinds={['calibrate']} />
      {isFitting && <Trials />}
      {calibration !== undefined && !isFitting && <Proposals calibration={calibration} />}
    </div>
  );
}

function NothingToFit(): ReactNode {
  return (
    <div className="run-page">
      <p className="run-empty">
        Calibrating fits service times, latencies and key skew to a measured run.{' '}
        <Button variant="inline-link" onClick={() => setAwsTab('compare')}>
          Read one from CloudWatch, or open one
        </Button>
      </p>
    </div>
  );
}

const MOST_SEEDS = 20;
const MOST_RUNS = 1000;

function FitForm({ words }: { readonly words: string }): ReactNode {
  const isConnected = useApp((state) => state.connection === 'open');
  const faults = useDocumentState((state) => state.faults.length);
  const isBusy = isWorking(useOperation('measure'));
  const { seeds, mostRuns } = useMeasure();
  const isFitted = useMeasure((state) => state.calibration !== undefined);
  return (
    <div className="measure-form">
      <p className="measure-form-words">
        Fits to: {words}. Each trial simulates the design; settings that hardly show in what was measured are left
        alone.
      </p>
      <NumberField
        label="Seeds"
        hint="runs of each trial"
        most={MOST_SEEDS}
        value={seeds}
        take={(next) => setMeasure({ seeds: next })}
      />
      <NumberField
        label="Trials"
        hint="at most"
        most={MOST_RUNS}
        value={mostRuns}
        take={(next) => setMeasure({ mostRuns: next })}
      />
      <div className="measure-form-end">
        <Button
          variant={isFitted ? 'normal' : 'primary'}
          disabled={!isConnected || isBusy || faults > 0}
          {...(faults > 0 ? { disabledReason: 'The design has faults: mend them first.' } : {})}
          onClick={() => void calibrate()}
        >
          {isFitted ? 'Calibrate again' : 'Calibrate'}
        </Button>
      </div>
    </div>
  );
}

interface NumberFieldProps {
  readonly label: string;
  readonly hint: string;
  readonly most: number;
  readonly value: number;
  readonly take: (value: number) => void;
}

/** A whole number from 1 on; what is none is not taken. */
function NumberField({ label, hint, most, value, take }: NumberFieldProps): ReactNode {
  return (
    <FormField label={label} constraintText={hint}>
      <Input
        type="number"
        value={String(value)}
        onChange={({ detail }) => {
          const next = Math.round(Number(detail.value));
          if (next >= 1) take(Math.min(most, next));
        }}
      />
    </FormField>
  );
}

/** How the best so far has come closer. */
function Trials(): ReactNode {
  const trials = useMeasure((state) => state.trials);
  const first = trials[0];
  const last = trials.at(-1);
  if (first === undefined || last === undefined) return null;
  return (
    <p className="measure-soft" role="status">
      Error of the best so far: {percentText(last.error)} (at first {percentText(first.error)}).
    </p>
  );
}

type Proposal = Calibration['proposals'][number];

function Proposals({ calibration }: { readonly calibration: Calibration }): ReactNode {
  const { proposals, untold, errorBefore, errorAfter, runs, before } = calibration;
  if (before.length === 0) {
    return <p className="run-empty">Nothing to fit: no metric was measured that a setting of this design shows in.</p>;
  }
  return (
    <section aria-label="Proposals">
      <div className="proposals-head">
        <b>
          Error {percentText(errorBefore)} → {percentText(errorAfter)}
        </b>
        <span className="measure-soft">root of the mean squared error over all minutes, {countOf(runs, 'trials')}</span>
        <ApplyButton calibration={calibration} />
      </div>
      <Table
        variant="borderless"
        contentDensity="compact"
        items={proposals}
        trackBy="path"
        ariaLabels={{ tableLabel: 'Proposed settings' }}
        empty="No other setting would come closer."
        columnDefinitions={[
          {
            id: 'where',
            header: 'Where',
            minWidth: 110,
            cell: ({ path }: Proposal) => <Place id={path.split('.')[1] ?? path} />,
          },
          { id: 'label', header: 'Setting', isRowHeader: true, minWidth: 180, cell: ({ label }: Proposal) => label },
          { id: 'from', header: 'Now', cell: ({ from, unit }: Proposal) => settingText(from, unit) },
          { id: 'to', header: 'Proposed', cell: ({ to, unit }: Proposal) => <b>{settingText(to, unit)}</b> },
          { id: 'path', header: 'Path', minWidth: 220, cell: ({ path }: Proposal) => <code>{path}</code> },
        ]}
      />
      {untold.length > 0 && (
        <p className="measure-soft">
          Left as they are, since what was measured hardly depends on them: {untold.join(', ')}.
        </p>
      )}
      <Errors calibration={calibration} />
    </section>
  );
}

function ApplyButton({ calibration }: { readonly calibration: Calibration }): ReactNode {
  const document = useDocument((open) => open);
  const isReadOnly = useDocumentState((state) => state.isReadOnly);
  if (calibration.proposals.length === 0) return null;
  if (isCalibrated(document, calibration)) {
    return (
      <StatusIndicator type="success">
        In the design. Undo takes it back; deploy again before the next drive, since functions spend the time that the
        design says.
      </StatusIndicator>
    );
  }
  const count = calibration.proposals.length;
  return (
    <Button variant="primary" disabled={isReadOnly} onClick={() => void applyCalibration(calibration)}>
      {count === 1 ? 'Apply it and run again' : `Apply all ${count} and run again`}
    </Button>
  );
}

interface ErrorRow {
  readonly before: MetricComparison;
  readonly after: MetricComparison | undefined;
}

/** How far apart each metric was minute by minute, and is with the proposals. */
function Errors({ calibration: { before, after } }: { readonly calibration: Calibration }): ReactNode {
  const rows = before.map((one, index): ErrorRow => ({ before: one, after: after[index] }));
  return (
    <Table
      variant="borderless"
      contentDensity="compact"
      items={rows}
      trackBy={({ before: { node, metric } }) => `${node} ${metric}`}
      ariaLabels={{ tableLabel: 'Error of each metric over time, before and after' }}
      columnDefinitions={[
        { id: 'node', header: 'Where', minWidth: 110, cell: ({ before: { node } }: ErrorRow) => <Place id={node} /> },
        {
          id: 'metric',
          header: 'Metric',
          isRowHeader: true,
          minWidth: 180,
          cell: ({ before: { metric } }: ErrorRow) => metric,
        },
        {
          id: 'before',
          header: 'Error over time now',
          cell: ({ before: { shapeErrorRatio } }: ErrorRow) => ratioText(shapeErrorRatio),
        },
        {
          id: 'after',
          header: 'With the proposals',
          cell: ({ after: found }: ErrorRow) => ratioText(found?.shapeErrorRatio ?? null),
        },
      ]}
    />
  );
}

function ratioText(ratio: number | null): string {
  return ratio === null ? '–' : percentText(ratio);
}

function percentText(ratio: number): string {
  return errorText(ratio).replace('+', '');
}

/** Three significant digits: a fit knows no more. */
function settingText(value: number, unit: string): string {
  const rounded = Number(value.toPrecision(3));
  const text = Number.isInteger(rounded) ? countText(rounded) : String(rounded);
  return unit === '' || unit === 'ratio' ? text : `${text} ${unit}`;
}
