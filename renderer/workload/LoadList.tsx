import { Button } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import * as catalog from '#catalog/specs.ts';
import { FormSection } from '#renderer/inspector/FormSection.tsx';
import { select } from '#renderer/state/app-store.ts';
import type { CaudalDocument } from '#schema/document.ts';
import { ProfileChart } from './ProfileChart.tsx';
import { profileWords } from './other-kinds.ts';

/** All loads with their curves; each is edited at its node. */
export function LoadList({ document }: { readonly document: CaudalDocument }): ReactNode {
  const { workloads, nodes } = document;
  const able = nodes.filter(({ id, type }) => {
    const ports = catalog.components.get(type)?.declaration.ports ?? [];
    return ports.some((port) => port.load === true) && !workloads.some(({ node }) => node === id);
  });
  return (
    <>
      {workloads.length === 0 && <p className="inspector-empty">Nothing arrives in this design yet.</p>}
      {workloads.map(({ id, node, arrivals }) => (
        <FormSection key={id} title={`${id}, at ${node}`}>
          <ProfileChart profile={arrivals} />
          <Button onClick={() => select({ kind: 'node', id: node })} ariaLabel={`Edit the load ${id}`}>
            {`${profileWords[arrivals.kind]}: edit at ${node}`}
          </Button>
        </FormSection>
      ))}
      {able.map(({ id }) => (
        <div key={id} className="form-add">
          <Button onClick={() => select({ kind: 'node', id })}>{`Add a load at ${id}`}</Button>
        </div>
      ))}
    </>
  );
}
