/** Which permission AWS missed, read from what it says, and the policy that would grant it. */
import type { AwsCall, MissingPermission } from './aws-error.ts';

const DENIED = /not authorized to perform:? ([a-z0-9-]+:[A-Za-z0-9]+)(?: on resource: ("?)([^\s"]+)\2)?/;

/** IAM's prefixes where they are not the lower-case name of the SDK's service. */
const IAM_PREFIXES: Readonly<Record<string, string>> = {
  'service quotas': 'servicequotas',
};

/** The statement that is missing; the call itself stands in for what AWS does not say. */
export function missingPermission(awsMessage: string, call: AwsCall): MissingPermission {
  const [, action, , resource] = DENIED.exec(awsMessage) ?? [];
  const service = call.service.toLowerCase();
  return {
    action: action ?? `${IAM_PREFIXES[service] ?? service}:${call.action}`,
    resource: resource === undefined || resource === '' ? '*' : resource.replace(/[.,]$/, ''),
    isExplicit: /with an explicit deny/.test(awsMessage),
  };
}

/** A policy statement as IAM takes it, on one line. */
export function policyStatement({ action, resource }: MissingPermission): string {
  return JSON.stringify({ Effect: 'Allow', Action: action, Resource: resource });
}
