import { Alert, Button, ButtonDropdown, SegmentedControl } from '@cloudscape-design/components';
import { type ReactNode, useMemo } from 'react';
import { RunSource } from '#renderer/runs/RunSource.tsx';
import { startRun } from '#renderer/runs/run-control.ts';
import { useResultsPart } from '#renderer/runs/run-results.ts';
import { askOpenRun, askSaveMeasured } from '#renderer/runs/saved-runs.ts';
import { isUnderway, useApp } from '#renderer/state/app-store.ts';
import { useDocument, useDocumentState } from '#renderer/state/document-store.ts';
import type { CaudalDocument } from '#schema/document.ts';
import { isWorking, useOperation, useRegion, useStackName } from './aws-store.ts';
import { CompareChart } from './CompareChart.tsx';
import { type CompareRow, compareRows, pointsCsv, rowsCsv, seriesOf } from './compare-rows.ts';
import { CompareTable } from './CompareTable.tsx';
import { downloadCsv } from './download.ts';
import { newestDrive, observe } from './measure-control.ts';
import { setMeasure, useMeasure } from './measure-store.ts';
import { type MeasuredRun, useMeasured } from './measured.ts';
import { driveWarning } from './measured-times.ts';
import { sourceWords } from './MeasuredLegend.tsx';
import { MeasuredBill } from './MeasuredBill.tsx';
import { OperationNote } from './OperationNote.tsx';
import { useNowMs } from './times.ts';
import { TimesButton } from './TimesButton.tsx';

/** What CloudWatch measured beside what was simulated: how far each metric is off, and both curves of one. */
export function ComparePage(): ReactNode {
  const measured = useMeasured();
  const isNothingYet = useMeasure((state) => state.isNothingYet);
  return (
    <div className="run-page compare-page">
      <CompareBar measured={measured} />
      <OperationNote slot="measure" kinds={['observe']} />
      {isNothingYet && (
        <Alert type="info">
          CloudWatch shows nothing of this time yet. It shows metrics some minutes late: read again in five minutes, or
          choose other times.
        </Alert>
      )}
      {measured === undefined ? !isNothingYet && <NothingMeasured /> : <Comparison measured={measured} />}
    </div>
  );
}

function NothingMeasured(): ReactNode {
  return (
    <p className="run-empty">
      Read CloudWatch to see, metric by metric, how far the simulation is from what AWS measured. Metrics come some
      minutes after the load.
    </p>
  );
}

function CompareBar({ measured }: { readonly measured: MeasuredRun | undefined }): ReactNode {
  const isConnected = useApp((state) => state.connection === 'open');
  const nowMs = useNowMs();
  const operation = useOperation('measure');
  const isBusy = isWorking(operation);
  return (
    <div className="compare-bar">
      {measured === undefined ? (
        <span className="compare-words" />
      ) : (
        <>
          <span className="compare-words" title={sourceWords(measured.source, nowMs)}>
            {sourceWords(measured.source, nowMs)}
          </span>
          <Beside />
          {measured.cost !== null && <View />}
        </>
      )}
      <TimesButton />
      <Button
        {...(measured === undefined ? { variant: 'primary' as const } : {})}
        iconName="refresh"
        disabled={!isConnected || isBusy}
        loading={isBusy && operation?.kind === 'observe'}
        onClick={() => void observe()}
      >
        Read CloudWatch
      </Button>
      <FileActions measured={measured} isConnected={isConnected} />
    </div>
  );
}

function FileActions({
  measured,
  isConnected,
}: {
  readonly measured: MeasuredRun | undefined;
  readonly isConnected: boolean;
}): ReactNode {
  const document = useDocument((open) => open);
  const simulated = useResultsPart(({ report }) => report);
  const act: Readonly<Record<string, () => unknown>> = {
    save: askSaveMeasured,
    open: askOpenRun,
    table: () =>
      measured &&
      downloadCsv(`${fileStem(document)}-compared.csv`, rowsCsv(compareRows(document, simulated, measured))),
    points: () =>
      measured &&
      downloadCsv(`${fileStem(document)}-measured.csv`, pointsCsv(document, seriesOf(simulated), measured.nodes)),
  };
  return (
    <ButtonDropdown
      ariaLabel="Save, open and export"
      expandToViewport
      items={[
        { id: 'save', text: 'Save the measured run', disabled: measured === undefined || !isConnected },
        { id: 'open', text: 'Open a measured run', disabled: !isConnected },
        { id: 'table', text: 'Export the table as CSV', disabled: measured === undefined },
        { id: 'points', text: 'Export the minutes as CSV', disabled: measured === undefined },
      ]}
      onItemClick={({ detail }) => void act[detail.id]?.()}
    >
      File
    </ButtonDropdown>
  );
}

function fileStem({ name }: CaudalDocument): string {
  return (
    name
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-+|-+$/g, '') || 'design'
  );
}

function useRows(measured: MeasuredRun): readonly CompareRow[] {
  const document = useDocument((open) => open);
  const simulated = useResultsPart(({ report }) => report);
  return useMemo(() => compareRows(document, simulated, measured), [document, simulated, measured]);
}

function Comparison({ measured }: { readonly measured: MeasuredRun }): ReactNode {
  const simulated = useResultsPart(({ report }) => report);
  const series = useMemo(() => seriesOf(simulated), [simulated]);
  const rows = useRows(measured);
  const chosen = useMeasure((state) => state.row);
  const isBill = useMeasure((state) => state.isBill);
  const row = rows.find(({ key }) => key === chosen) ?? rows[0];
  return (
    <>
      <CompareNotes measured={measured} rows={rows} hasSimulated={simulated !== undefined} />
      {isBill && measured.cost !== null ? (
        <MeasuredBill cost={measured.cost} />
      ) : (
        <div className="compare-halves">
          <div className="compare-table">
            <CompareTable rows={rows} chosen={row?.key} />
            <Notes measured={measured} />
          </div>
          {row !== undefined && <CompareChart row={row} measured={measured} simulated={series} />}
        </div>
      )}
    </>
  );
}

/** Metrics, or money. */
function View(): ReactNode {
  const isBill = useMeasure((state) => state.isBill);
  return (
    <SegmentedControl
      label="What is compared"
      selectedId={isBill ? 'cost' : 'metrics'}
      options={[
        { id: 'metrics', text: 'Metrics' },
        { id: 'cost', text: 'Cost' },
      ]}
      onChange={({ detail }) => setMeasure({ isBill: detail.selectedId === 'cost' })}
    />
  );
}

/** The simulated run that it is compared with, or a way to one. */
function Beside(): ReactNode {
  const isStale = useDocumentState((state) => state.areResultsStale);
  const phase = useApp((state) => state.run.phase);
  const hasSimulated = useResultsPart((results) => results.report !== undefined);
  if (isUnderway(phase)) return <span className="measure-soft">simulating</span>;
  if (hasSimulated && !isStale) {
    return (
      <span className="measure-soft">
        Simulated: <RunSource />
      </span>
    );
  }
  return (
    <Button variant="inline-link" onClick={() => void startRun()}>
      {isStale ? 'The design has changed: run it again' : 'Run the design to compare'}
    </Button>
  );
}

interface NotesProps {
  readonly measured: MeasuredRun;
  readonly rows: readonly CompareRow[];
  readonly hasSimulated: boolean;
}

/** What keeps the numbers from being of the same thing. */
function CompareNotes({ measured, rows, hasSimulated }: NotesProps): ReactNode {
  const stackName = useStackName();
  const region = useRegion();
  const lastDrive = useMeasure((state) => state.lastDrive);
  const times = useMeasure((state) => state.times);
  const last = newestDrive({ lastDrive }, stackName, region);
  const { source } = measured;
  const isOfDrive = source.kind === 'cloudwatch' && times.kind === 'drive' && last !== undefined;
  const warning = isOfDrive ? driveWarning(last) : undefined;
  const isApart = hasSimulated && rows.length > 0 && rows.every(({ simulated }) => simulated === null);
  return (
    <>
      {warning !== undefined && <Alert type="warning">{warning}</Alert>}
      {isApart && (
        <Alert type="warning">
          The run does not cover the time that was measured: make its horizon longer, or choose when the measured load
          begins under Times.
        </Alert>
      )}
    </>
  );
}

/** What the numbers mean, and metrics without a point. */
function Notes({ measured: { source } }: { readonly measured: MeasuredRun }): ReactNode {
  const silent = source.kind === 'cloudwatch' ? source.silent : [];
  const names = silent.map(({ node, metric }) => `${node} ${metric}`).join(', ');
  return (
    <p className="measure-soft">
      Error: measured less simulated, over measured. Over time: how far apart the minutes are, over their mean. p50 and
      p99 are of all samples: of the time measured, and of the whole run.
      {names !== '' && ` Nothing measured of ${names}: CloudWatch publishes nothing where nothing happens.`}
    </p>
  );
}
