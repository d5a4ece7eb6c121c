/** Why the design cannot run: its faults, each a way to the node that has it. */
import { Box, Button, Popover } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { select } from '#renderer/state/app-store.ts';
import { useDocument, useFaults } from '#renderer/state/document-store.ts';
import type { Fault } from '#schema/errors.ts';

const MOST_LISTED = 12;

export function FaultsButton(): ReactNode {
  const faults = useFaults();
  const label = faults.length === 1 ? '1 fault' : `${faults.length} faults`;
  return (
    <Popover
      triggerType="custom"
      size="large"
      position="bottom"
      header="Mend these to run the design"
      content={
        <ul className="fault-list">
          {faults.slice(0, MOST_LISTED).map((fault, index) => (
            <li key={`${fault.path} ${fault.code} ${index}`}>
              <FaultLine fault={fault} />
            </li>
          ))}
          {faults.length > MOST_LISTED && <li>and {faults.length - MOST_LISTED} more</li>}
        </ul>
      }
    >
      <Button iconName="status-negative" ariaLabel={`${label}, show why the design cannot run`}>
        {label}
      </Button>
    </Popover>
  );
}

function FaultLine({ fault }: { readonly fault: Fault }): ReactNode {
  const place = fault.path.split('.');
  const [list, id = ''] = place;
  const isThere = useDocument(({ nodes, edges }) =>
    (list === 'nodes' ? nodes : list === 'edges' ? edges : []).some((item) => item.id === id),
  );
  const text = `${fault.message}${fault.received === undefined ? '' : `, got ${fault.received}`}`;
  return (
    <>
      {isThere ? (
        <Button variant="inline-link" onClick={() => select({ kind: list === 'nodes' ? 'node' : 'edge', id })}>
          {fault.path}
        </Button>
      ) : (
        <Box variant="strong">{fault.path || 'document'}</Box>
      )}{' '}
      {text}
      {fault.allowed === undefined ? '' : ` (allowed: ${fault.allowed})`}
    </>
  );
}
