/**
 * Puts objects into a bucket, one for each entry, and reads what has come into one. The key is made of what the object holds, so
 * that a repeated PUT writes the same object.
 */
import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type {
  ClientFactory,
  ClientSettings,
  SinkReaderFactory,
  TargetClient,
} from '#catalog/models/deployment/client.ts';

/** A single PUT takes 5 GB; what a function holds in memory is less. https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html (read 2026-11-21) */
const maxBytes = 104_857_600;

function connect(settings: ClientSettings): S3Client {
  const hasEndpoint = settings.endpoint !== undefined || process.env['AWS_ENDPOINT_URL'] !== undefined;
  return new S3Client({ ...settings, forcePathStyle: hasEndpoint });
}

export const createClient: ClientFactory = (settings): TargetClient => {
  const client = connect(settings);
  return {
    maxEntries: 1,
    maxBytes,
    send: async (address, [entry]) => {
      if (entry === undefined) return [];
      const name = createHash('sha256').update(entry.body).digest('hex').slice(0, 32);
      await client.send(
        new PutObjectCommand({ Bucket: address, Key: `records/${name}.json`, Body: `${entry.body}\n` }),
      );
      return [];
    },
    close: () => client.destroy(),
  };
};

/** Objects read at the same time. */
const READS_AT_ONCE = 20;
/** S3 says when an object was written to the second. */
const SECOND_MS = 1000;

/** Reads each object once; a look lists the whole bucket. Nothing is taken away. */
export const createSinkReader: SinkReaderFactory = (settings, { address, sinceMs }) => {
  const client = connect(settings);
  const seen = new Set<string>();
  return {
    look: async (give) => {
      let token: string | undefined;
      do {
        const page = await client.send(
          new ListObjectsV2Command({
            Bucket: address,
            ...(token === undefined ? {} : { ContinuationToken: token }),
          }),
        );
        const fresh = (page.Contents ?? []).filter(
          ({ Key, LastModified, ETag }) =>
            (LastModified?.getTime() ?? 0) > sinceMs - SECOND_MS && !seen.has(`${Key} ${ETag}`),
        );
        for (let i = 0; i < fresh.length; i += READS_AT_ONCE) {
          const part = fresh.slice(i, i + READS_AT_ONCE);
          const bodies = await Promise.all(part.map(({ Key }) => textOf(client, address, Key ?? '')));
          part.forEach(({ Key, ETag, LastModified }, index) => {
            seen.add(`${Key} ${ETag}`);
            give({ body: bodies[index] ?? '', arrivedMs: LastModified?.getTime() ?? 0 });
          });
        }
        token = page.NextContinuationToken;
      } while (token !== undefined);
    },
    close: () => client.destroy(),
  };
};

/** The text of an object, unpacked where it begins as gzip does. */
async function textOf(client: S3Client, bucket: string, key: string): Promise<string> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  const bytes = Buffer.from((await Body?.transformToByteArray()) ?? []);
  const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return (isPacked ? gunzipSync(bytes) : bytes).toString();
}
