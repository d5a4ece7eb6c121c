/** Which of the dialogs that the user opens is open. What an operation asks goes before it. */
import { create } from 'zustand';

export type AwsDialog =
  /** `allowLeftOut`: it is known which parts cannot be deployed, and the rest is wanted. */
  | { readonly kind: 'deploy'; readonly allowLeftOut?: boolean; readonly acceptsDrift?: boolean }
  | { readonly kind: 'export' }
  | { readonly kind: 'prices' };

export const useAwsDialog = create<{ readonly dialog: AwsDialog | undefined }>(() => ({ dialog: undefined }));

export function showAwsDialog(dialog: AwsDialog): void {
  useAwsDialog.setState({ dialog });
}

export function closeAwsDialog(): void {
  useAwsDialog.setState({ dialog: undefined });
}
