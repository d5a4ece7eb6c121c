import type { ReactNode } from 'react';
import * as catalog from '#catalog/specs.ts';
import type { Place } from '#drawing/layered-layout.ts';
import { iconUrl } from '#renderer/canvas/icon-url.ts';
import { sectionsOf } from '#renderer/palette/find-components.ts';
import { addLinked } from '#renderer/state/canvas-commands.ts';
import { closeDialog } from '#renderer/state/dialogs.ts';
import { useDocument } from '#renderer/state/document-store.ts';
import { linkableComponents } from '#renderer/state/edits/add-linked.ts';
import type { LinkStart } from '#renderer/state/edits/link-offer.ts';
import { Picker } from './Picker.tsx';

interface AddLinkedProps {
  readonly start: LinkStart;
  /** The middle of the new card. */
  readonly at: Place;
}

/** What the link that was let go over empty canvas could end at. */
export function AddLinkedDialog({ start, at }: AddLinkedProps): ReactNode {
  const document = useDocument((whole) => whole);
  const known = new Set(linkableComponents(catalog, document, start).map(({ type }) => type));
  const specs = [...catalog.components.values()].filter(({ declaration }) => known.has(declaration.type));
  return (
    <Picker
      header="Add and link"
      placeholder="Search components"
      itemsFor={(query) =>
        sectionsOf(specs, query).flatMap(({ category, components }) =>
          components.map(({ type, title }) => ({ id: type, text: title, group: category, icon: iconUrl(type) })),
        )
      }
      onDismiss={closeDialog}
      onChoose={(type) => {
        closeDialog();
        addLinked(start, type, at);
      }}
    />
  );
}
