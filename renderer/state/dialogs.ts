/** Which dialog is open. One at a time: the next takes the place of the one before. */
import { create } from 'zustand';
import type { Place } from '#drawing/layered-layout.ts';
import type { FileKind } from '#schema/rpc.ts';
import type { LinkStart } from './edits/link-offer.ts';

export type Dialog =
  | { readonly kind: 'open' }
  | { readonly kind: 'saveAs' }
  /** Choose a scenario that comes with Caudal. */
  | { readonly kind: 'scenarios' }
  | { readonly kind: 'openRun' }
  /** The run on screen, or the measured one. */
  | { readonly kind: 'saveRun'; readonly isMeasured?: boolean }
  /** The file would lose what another program wrote, or a file of that name exists. */
  | {
      readonly kind: 'overwrite';
      readonly what: FileKind;
      readonly isMeasured?: boolean;
      readonly path: string;
      readonly reason: 'changed' | 'exists';
      readonly text: string;
    }
  /** Unsaved work would be left behind by `goOn`. */
  | { readonly kind: 'unsaved'; readonly goOn: () => Promise<void> }
  | { readonly kind: 'commands' }
  /** Choose what the node is linked to. */
  | { readonly kind: 'connect'; readonly node: string }
  /** Choose what to add at the end of a link; `at` is a place on the canvas. */
  | { readonly kind: 'addLinked'; readonly start: LinkStart; readonly at: Place }
  /** Choose what to add; `at` is a place on the canvas. */
  | { readonly kind: 'addAt'; readonly at: Place }
  /** Choose how the node is broken. */
  | { readonly kind: 'break'; readonly node: string }
  | { readonly kind: 'keys' };

export const useDialog = create<{ readonly dialog: Dialog | undefined }>(() => ({ dialog: undefined }));

export function showDialog(dialog: Dialog): void {
  useDialog.setState({ dialog });
}

export function closeDialog(): void {
  useDialog.setState({ dialog: undefined });
}
