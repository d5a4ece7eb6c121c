/**
 * Requests that are signed with AWS's Signature Version 4, for services whose client is not at hand.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html (read 2026-11-21)
 */
import { createHash, createHmac } from 'node:crypto';

export interface Identity {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface Signing {
  readonly service: string;
  readonly region: string;
  readonly identity: Identity;
  readonly at: Date;
}

/** Headers of a request, the signature among them. The query must stand in the URL in its canonical order. */
export function signedHeaders(
  method: string,
  url: URL,
  body: string,
  extra: Readonly<Record<string, string>>,
  { service, region, identity, at }: Signing,
): Record<string, string> {
  const time = at.toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const day = time.slice(0, 8);
  const headers: Record<string, string> = { ...extra, host: url.host, 'x-amz-date': time };
  if (identity.sessionToken !== undefined) headers['x-amz-security-token'] = identity.sessionToken;
  const names = Object.keys(headers).sort();
  const canonical = [
    method,
    // Every service but S3 has its path encoded twice.
    url.pathname.split('/').map(encodeURIComponent).join('/'),
    url.search.slice(1),
    ...names.map((name) => `${name}:${headers[name]}`),
    '',
    names.join(';'),
    hash(body),
  ].join('\n');
  const scope = `${day}/${region}/${service}/aws4_request`;
  const key = [day, region, service, 'aws4_request'].reduce<string | Buffer>(
    (secret, part) => createHmac('sha256', secret).update(part).digest(),
    `AWS4${identity.secretAccessKey}`,
  );
  const signature = createHmac('sha256', key)
    .update(`AWS4-HMAC-SHA256\n${time}\n${scope}\n${hash(canonical)}`)
    .digest('hex');
  headers['authorization'] =
    `AWS4-HMAC-SHA256 Credential=${identity.accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
  return headers;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
