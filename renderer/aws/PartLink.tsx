import { Button } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { Place } from '#renderer/runs/Place.tsx';
import { useDocument } from '#renderer/state/document-store.ts';
import { selectPart } from './stack-control.ts';

/** A node or link by its name, which a click selects on the canvas; what belongs to several is `shared`. */
export function PartLink({ id }: { readonly id: string | null | undefined }): ReactNode {
  const isHere = useDocument(
    ({ nodes, edges }) => nodes.some((node) => node.id === id) || edges.some((edge) => edge.id === id),
  );
  if (id === null || id === undefined) return 'shared';
  if (!isHere) return id;
  return (
    <Button variant="inline-link" onClick={() => selectPart(id)}>
      <Place id={id} />
    </Button>
  );
}
