/** Requests to services that Caudal itself has no client for, signed with the credentials of an account. */
import { STSClient } from '@aws-sdk/client-sts';
import type { AwsAccount } from '#cloud/account/account.ts';

export interface SignedRequest {
  /** Name that the signature is scoped to, and that the service's host begins with. */
  readonly service: string;
  readonly path?: string;
  /** Operation of a JSON protocol; without it the request is a GET. */
  readonly target?: string;
  readonly input?: Readonly<Record<string, unknown>>;
}

/** The answer as JSON. Throws where the service refuses. */
export async function signedRequest(
  { region, endpoint, clients }: AwsAccount,
  { service, path = '/', target, input = {} }: SignedRequest,
): Promise<Record<string, unknown>> {
  const url = new URL(path, endpoint ?? `https://${service}.${region}.amazonaws.com`);
  const client = new STSClient({ region, credentials: clients.sts.config.credentials });
  const signer = await client.config.signer({
    name: 'sigv4',
    signingName: service,
    signingRegion: region,
    properties: {},
  });
  const body = target === undefined ? undefined : JSON.stringify(input);
  const { headers, method } = await signer.sign({
    method: target === undefined ? 'GET' : 'POST',
    protocol: url.protocol,
    hostname: url.hostname,
    ...(url.port === '' ? {} : { port: Number(url.port) }),
    path: url.pathname,
    query: {},
    headers: {
      host: url.host,
      ...(target === undefined ? {} : { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target }),
    },
    ...(body === undefined ? {} : { body }),
  });
  client.destroy();
  const reply = await fetch(url, { method, headers, ...(body === undefined ? {} : { body }) });
  const text = await reply.text();
  if (!reply.ok) throw new Error(`${service} answered ${reply.status}: ${text.slice(0, 300)}`);
  return JSON.parse(text) as Record<string, unknown>;
}
