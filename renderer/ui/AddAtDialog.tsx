import type { ReactNode } from 'react';
import * as catalog from '#catalog/specs.ts';
import type { Place } from '#drawing/layered-layout.ts';
import { iconUrl } from '#renderer/canvas/icon-url.ts';
import { sectionsOf } from '#renderer/palette/find-components.ts';
import { addComponent } from '#renderer/state/canvas-commands.ts';
import { closeDialog } from '#renderer/state/dialogs.ts';
import { Picker } from './Picker.tsx';

/** Which component is added; `at` is the middle of its card. */
export function AddAtDialog({ at }: { readonly at: Place }): ReactNode {
  return (
    <Picker
      header="Add a component here"
      placeholder="Search components"
      itemsFor={(query) =>
        sectionsOf(catalog.components.values(), query).flatMap(({ category, components }) =>
          components.map(({ type, title }) => ({ id: type, text: title, group: category, icon: iconUrl(type) })),
        )
      }
      onDismiss={closeDialog}
      onChoose={(type) => {
        closeDialog();
        addComponent(type, at);
      }}
    />
  );
}
