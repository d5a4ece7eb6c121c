/** What a change that the host did not take means to the user. */
import { EnvironmentError } from '#schema/errors.ts';
import { setNotice, useApp } from './app-store.ts';

export function tellUpdateFailure(error: Error): void {
  // The connection's own notice says this already.
  if (useApp.getState().connection !== 'open') return;
  const code = error instanceof EnvironmentError ? ` (${error.code})` : '';
  setNotice(`This change could not be checked and is kept in this window only: ${error.message}${code}`);
}
