/** Posts signed requests with the credentials of the process, or those that are given. */
import { STSClient } from '@aws-sdk/client-sts';
import type { ClientSettings } from '../client.ts';
import { signedHeaders } from './signed-request.ts';

export interface Sender {
  /** Posts to a path of the service's endpoint in the Region, or to a whole URL. Rejects when no answer comes. */
  post(target: string, body: string, headers?: Readonly<Record<string, string>>): Promise<Response>;
  close(): void;
}

/** The client of STS makes no call: it knows the Region and the credentials as every client of the SDK does. */
export function createSender(service: string, settings: ClientSettings): Sender {
  const known = new STSClient(settings);
  return {
    post: async (target, body, extra = {}) => {
      const region = await known.config.region();
      const endpoint =
        settings.endpoint ?? process.env['AWS_ENDPOINT_URL'] ?? `https://${service}.${region}.${suffixOf(region)}`;
      const url = new URL(target, endpoint);
      const identity = await known.config.credentials();
      const headers = signedHeaders('POST', url, body, extra, { service, region, identity, at: new Date() });
      // `fetch` sets the host itself.
      const { host: _, ...sent } = headers;
      return await fetch(url, { method: 'POST', headers: sent, body });
    },
    close: () => known.destroy(),
  };
}

function suffixOf(region: string): string {
  return region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
}
