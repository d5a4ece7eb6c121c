import { Box, Button, Container, Header, SpaceBetween, Table } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { openDocument } from '#renderer/state/open-document.ts';
import type { Fault } from '#schema/errors.ts';

export function FaultList({ path, faults }: { readonly path: string; readonly faults: readonly Fault[] }): ReactNode {
  return (
    <main className="frame-content frame-page">
      <Container
        header={
          <Header
            variant="h2"
            counter={`(${faults.length})`}
            description="Correct the file in your editor, then read it again. Nothing is run until it is right."
            actions={<Button onClick={() => void openDocument(path)}>Read again</Button>}
          >
            {path} cannot be opened
          </Header>
        }
      >
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
      </Container>
    </main>
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
