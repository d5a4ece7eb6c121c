import { Button } from '@cloudscape-design/components';
import { type ReactNode, useState } from 'react';
import { goTo } from '#renderer/state/canvas-commands.ts';
import { useDocumentState } from '#renderer/state/document-store.ts';
import type { Fault } from '#schema/errors.ts';

const MOST_SHOWN = 50;

/** What keeps the design from being run: each line leads to its node. */
export function DocumentFaults(): ReactNode {
  const faults = useDocumentState((state) => state.faults);
  const [isOpen, setOpen] = useState(false);
  if (faults.length === 0) return null;
  const count = faults.length === 1 ? '1 thing to mend' : `${faults.length} things to mend`;
  return (
    <section className="document-faults" aria-label="Faults of the design">
      <Button
        iconName={isOpen ? 'angle-up' : 'angle-down'}
        iconAlign="right"
        ariaExpanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        {count} before it can run
      </Button>
      {isOpen && (
        <ul>
          {faults.slice(0, MOST_SHOWN).map((fault) => (
            <li key={`${fault.path} ${fault.code}`}>
              <Line fault={fault} />
            </li>
          ))}
          {faults.length > MOST_SHOWN && <li>and {faults.length - MOST_SHOWN} more</li>}
        </ul>
      )}
    </section>
  );
}

function Line({ fault }: { readonly fault: Fault }): ReactNode {
  const { path, message, received, allowed } = fault;
  return (
    <>
      <Button variant="inline-link" onClick={() => goTo(path)}>
        {path === '' ? 'The document' : path}
      </Button>
      <p>{message}</p>
      {(received !== undefined || allowed !== undefined) && (
        <small>
          {received !== undefined && `found: ${received}`}
          {received !== undefined && allowed !== undefined && ' · '}
          {allowed !== undefined && `allowed: ${allowed}`}
        </small>
      )}
    </>
  );
}
