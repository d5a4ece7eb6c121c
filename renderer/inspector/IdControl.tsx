import type { ReactNode } from 'react';
import { edit } from '#renderer/state/document-store.ts';
import type { CaudalDocument } from '#schema/document.ts';
import { TextControl } from './Controls.tsx';
import { idFault } from './edits/rename.ts';

interface IdControlProps {
  readonly id: string;
  readonly path: string;
  readonly label?: string;
  readonly caption?: string;
  readonly taken: ReadonlySet<string>;
  /** The document with the other id, and all that names the thing. */
  readonly rename: (document: CaudalDocument, to: string) => CaudalDocument;
  readonly onRenamed?: (to: string) => void;
}

/** The id of a thing, as paths and the command line name it. */
export function IdControl({ id, path, label = 'Id', caption, taken, rename, onRenamed }: IdControlProps): ReactNode {
  return (
    <TextControl
      path={`${path}.id`}
      label={label}
      value={id}
      {...(caption === undefined ? {} : { caption })}
      refuse={(text) => (text === id ? undefined : idFault(text, taken))}
      onChange={(to) => {
        if (to === undefined || to === id) return;
        edit(`rename ${id} to ${to}`, (document) => rename(document, to));
        onRenamed?.(to);
      }}
    />
  );
}

/** Ids of the other things in a list. */
export function otherIds(items: readonly { readonly id: string }[], own: string): ReadonlySet<string> {
  return new Set(items.map(({ id }) => id).filter((id) => id !== own));
}
