import type { ReactNode } from 'react';
import { useDocument } from '#renderer/state/document-store.ts';
import { placeName } from './place-name.ts';

/** A node or link by its name; its id, as paths and the command line say it, in the tooltip. */
export function Place({ id }: { readonly id: string }): ReactNode {
  const name = useDocument((document) => placeName(document, id));
  return name === id ? id : <span title={`id ${id}`}>{name}</span>;
}
