import { Button } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { select } from '#renderer/state/app-store.ts';
import { useDocument } from '#renderer/state/document-store.ts';
import { placeKind, placeName } from './place-name.ts';

/** A node or link by its name; its id, as paths and the command line say it, in the tooltip. */
export function Place({ id }: { readonly id: string }): ReactNode {
  const name = useDocument((document) => placeName(document, id));
  return name === id ? id : <span title={`id ${id}`}>{name}</span>;
}

/** The same as a link that selects it, where the design has it. */
export function PlaceLink({ id }: { readonly id: string }): ReactNode {
  const kind = useDocument((document) => placeKind(document, id));
  if (kind === undefined) return id;
  return (
    <Button variant="inline-link" onClick={() => select({ kind, id })}>
      <Place id={id} />
    </Button>
  );
}
