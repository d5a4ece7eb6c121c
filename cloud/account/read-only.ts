/** What a session that may only look is allowed to ask. */
import { EnvironmentError } from '#schema/errors.ts';

/** Operations that change nothing begin with one of these. */
const LOOKING = /^(Get|List|Describe|Head|Lookup|Validate|Estimate|DetectStack|AssumeRole)/;

export function isChanging(action: string): boolean {
  return !LOOKING.test(action);
}

/** Throws `aws/read-only` before a changing call is made. */
export function refuseChange(service: string, action: string): void {
  if (!isChanging(action)) return;
  throw new EnvironmentError(
    'aws/read-only',
    `this session may only look: ${service} ${action} was not sent; start without --read-only to change anything`,
  );
}
