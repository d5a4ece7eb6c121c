/** Which of the dialogs that the user opens is open. What an operation asks goes before it. */
import { create } from 'zustand';

/** After which hours a deployment is deleted, `asIs` for one that stays as it is. */
export type Expiry = 'asIs' | 'never' | `${number}`;

/** What is chosen before a deployment is planned. */
export interface DeployForm {
  /** Undefined: as it is, or after eight hours for a new one. */
  readonly expiry?: Expiry | undefined;
  /** Deploy the rest where a part cannot be deployed. */
  readonly allowLeftOut?: boolean;
  /** Update although somebody changed the deployment by hand. */
  readonly acceptsDrift?: boolean;
}

export type AwsDialog =
  | ({ readonly kind: 'deploy' } & DeployForm)
  | { readonly kind: 'export' }
  | { readonly kind: 'prices' };

export const useAwsDialog = create<{ readonly dialog: AwsDialog | undefined }>(() => ({ dialog: undefined }));

export function showAwsDialog(dialog: AwsDialog): void {
  useAwsDialog.setState({ dialog });
}

let lastForm: DeployForm = {};

export function rememberForm(form: DeployForm): void {
  lastForm = form;
}

/** Asks again for what was refused, with what was chosen then and what is to be otherwise. */
export function showDeployAgain(change: DeployForm): void {
  showAwsDialog({ kind: 'deploy', ...lastForm, ...change });
}

export function closeAwsDialog(): void {
  useAwsDialog.setState({ dialog: undefined });
}
