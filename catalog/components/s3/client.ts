/** Puts objects into a bucket, one for each entry. The key is made of what the object holds, so that a repeated PUT writes the same object. */
import { createHash } from 'node:crypto';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { ClientFactory, TargetClient } from '#catalog/models/deployment/client.ts';

/** A single PUT takes 5 GB; what a function holds in memory is less. https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html (read 2026-11-21) */
const maxBytes = 104_857_600;

export const createClient: ClientFactory = (settings): TargetClient => {
  const hasEndpoint = settings.endpoint !== undefined || process.env['AWS_ENDPOINT_URL'] !== undefined;
  const client = new S3Client({ ...settings, forcePathStyle: hasEndpoint });
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
