import { Box, Button, Container, Header, SpaceBetween, Table } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { openFile } from '#renderer/state/files.ts';
import type { Fault } from '#schema/errors.ts';
import { useKeys } from './use-keys.ts';
import type { RefusedFile } from '#renderer/state/app-store.ts';

/** A document that could not be opened while nothing else is open. */
export function FaultList({ refused }: { readonly refused: RefusedFile }): ReactNode {
  const { path, faults, canMend } = refused;
  useKeys();
  return (
    <main className="frame-content frame-page">
      <Container
        header={
          <Header
            variant="h2"
            counter={`(${faults.length})`}
            description="Correct the file in your editor, then read it again. Nothing is run until it is right."
            actions={
              <SpaceBetween size="xs" direction="horizontal">
                {canMend && <Button onClick={() => void openFile(path, { mend: true })}>Mend it here</Button>}
                <Button onClick={() => void openFile(path)}>Read again</Button>
              </SpaceBetween>
            }
          >
            {path} cannot be opened
          </Header>
        }
      >
        <FaultTable faults={faults} />
      </Container>
    </main>
  );
}

export function FaultTable({ faults }: { readonly faults: readonly Fault[] }): ReactNode {
  return (
    <Table
      variant="embedded"
      items={faults}
      ariaLabels={{ tableLabel: 'Faults of the document' }}
      wrapLines
      columnDefinitions={[
        {
          id: 'at',
          header: 'Line',
          width: 90,
          cell: ({ position }) => (position ? `${position.line}:${position.column}` : ''),
        },
        {
          id: 'path',
          header: 'Place',
          width: 260,
          isRowHeader: true,
          cell: (fault) => <Box variant="code">{fault.path}</Box>,
        },
        { id: 'message', header: 'What is wrong', cell: (fault) => <FaultText fault={fault} /> },
      ]}
    />
  );
}

function FaultText({ fault }: { readonly fault: Fault }): ReactNode {
  const { message, received, allowed } = fault;
  return (
    <SpaceBetween size="xxxs">
      <span>{message}</span>
      {(received !== undefined || allowed !== undefined) && (
        <Box color="text-body-secondary" fontSize="body-s">
          {[
            ...(received === undefined ? [] : [`found: ${received}`]),
            ...(allowed === undefined ? [] : [`allowed: ${allowed}`]),
          ].join(' · ')}
        </Box>
      )}
    </SpaceBetween>
  );
}
