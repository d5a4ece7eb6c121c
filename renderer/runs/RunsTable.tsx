import { Button, Table } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { countText, durationText, nothingMeasured, secondsText, shareText, usdText } from '#drawing/quantities.ts';
import { useApp } from '#renderer/state/app-store.ts';
import { edit, useDocument, useDocumentState } from '#renderer/state/document-store.ts';
import { BeforeAfter } from './BeforeAfter.tsx';
import { type RememberedRun, useRunHistory } from './run-history.ts';
import { RunNote } from './RunNote.tsx';
import { askOpenRun, askSaveRun, canSaveRun } from './saved-runs.ts';

/** The run on screen to a file, and one from a file to the screen. */
function FileButtons(): ReactNode {
  const isConnected = useApp((state) => state.connection === 'open');
  useApp((state) => state.run.phase);
  return (
    <span className="run-note-buttons">
      <Button variant="inline-link" disabled={!canSaveRun()} onClick={() => void askSaveRun()}>
        Save the run
      </Button>
      <Button variant="inline-link" disabled={!isConnected} onClick={() => void askOpenRun()}>
        Open a saved run
      </Button>
    </span>
  );
}

/** The runs of this session side by side, the newest first. */
export function RunsTable(): ReactNode {
  const runs = useRunHistory((state) => state.runs);
  const present = useDocument((document) => document);
  const isReadOnly = useDocumentState((state) => state.isReadOnly);
  return (
    <>
      <RunNote aside={<FileButtons />}>
        Runs since this design was opened; one run each, so small differences may be chance.
      </RunNote>
      <BeforeAfter />
      <Table
        variant="borderless"
        contentDensity="compact"
        items={runs}
        trackBy={({ number }) => String(number)}
        ariaLabels={{ tableLabel: 'Runs, the newest first' }}
        empty="Each run is listed here, to compare it with the one before."
        columnDefinitions={[
          { id: 'number', header: 'Run', isRowHeader: true, cell: ({ number }: RememberedRun) => number },
          {
            id: 'change',
            header: 'Changed before it',
            minWidth: 180,
            cell: ({ change }: RememberedRun) => change || '–',
          },
          {
            id: 'settings',
            header: 'Settings',
            minWidth: 170,
            cell: ({ seed, horizonSeconds, fidelity }: RememberedRun) =>
              `${durationText(horizonSeconds)}, seed ${seed}, ${fidelity}`,
          },
          { id: 'created', header: 'Created', cell: ({ created }: RememberedRun) => countText(created) },
          { id: 'delivered', header: 'Delivered', cell: ({ delivered }: RememberedRun) => countText(delivered) },
          { id: 'loss', header: 'Lost', cell: ({ lossRatio }: RememberedRun) => shareText(lossRatio) },
          {
            id: 'p99',
            header: 'Slowest p99',
            cell: ({ p99Seconds }: RememberedRun) =>
              p99Seconds === undefined ? nothingMeasured : secondsText(p99Seconds),
          },
          { id: 'refused', header: 'Refused', cell: ({ refused }: RememberedRun) => countText(refused) },
          { id: 'cost', header: 'A month', cell: ({ usdPerMonth }: RememberedRun) => usdText(usdPerMonth) },
          {
            id: 'objectives',
            header: 'Objectives',
            cell: ({ objectives, objectivesMet }: RememberedRun) =>
              objectives === 0 ? 'none set' : `${objectivesMet} of ${objectives}`,
          },
          {
            id: 'restore',
            header: 'Design',
            minWidth: 110,
            cell: ({ document, number }: RememberedRun) =>
              document === present ? (
                'on screen'
              ) : (
                <Button
                  variant="inline-link"
                  disabled={isReadOnly}
                  ariaLabel={`Go back to the design of run ${number}`}
                  onClick={() => edit(`go back to run ${number}`, () => document)}
                >
                  Go back to it
                </Button>
              ),
          },
        ]}
      />
    </>
  );
}
