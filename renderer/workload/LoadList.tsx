import { Button } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import * as catalog from '#catalog/specs.ts';
import { FormSection } from '#renderer/inspector/FormSection.tsx';
import { placeName } from '#renderer/runs/place-name.ts';
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
    <FormSection title="Loads">
      {workloads.length === 0 && <p className="inspector-note">Nothing arrives in this design yet.</p>}
      {workloads.map(({ id, node, arrivals }) => (
        <div key={id} className="load-item">
          <ProfileChart profile={arrivals} />
          <Button iconName="edit" onClick={() => select({ kind: 'node', id: node })}>
            {`${profileWords[arrivals.kind]}, ${id} at ${placeName(document, node)}`}
          </Button>
        </div>
      ))}
      {able.map(({ id }) => (
        <Button key={id} iconName="add-plus" onClick={() => select({ kind: 'node', id })}>
          {`Add a load at ${placeName(document, id)}`}
        </Button>
      ))}
    </FormSection>
  );
}
