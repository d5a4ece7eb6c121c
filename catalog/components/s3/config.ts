/** Settings of an S3 bucket: how its keys spread, what becomes of its objects with age, how they are encrypted. */
import { z } from 'zod';
import type { CheckContext, CheckFinding, ComponentDeclaration } from '#schema/component.ts';
import { field } from '#schema/field.ts';

const read = '2026-11-21';
const guide = 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/';
const performance = { url: `${guide}optimizing-performance.html`, read } as const;
const patterns = { url: `${guide}optimizing-performance-design-patterns.html`, read } as const;
const classes = { url: `${guide}storage-class-intro.html`, read } as const;
const lifecycle = { url: `${guide}intro-lifecycle-rules.html`, read } as const;
const transitions = { url: `${guide}lifecycle-transition-general-considerations.html`, read } as const;
const bucketKeys = { url: `${guide}bucket-key.html`, read } as const;
const multipart = { url: `${guide}qfacts.html`, read } as const;

/** Write requests a second that one partition of the key space takes. https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html (read 2026-11-21). */
export const writesPerPartition = { perSecond: 3500, source: performance.url } as const;
/** The same for reads (GET, HEAD), which are counted apart. */
export const readsPerPartition = { perSecond: 5500, source: performance.url } as const;

/** Classes whose objects must be restored before they can be read. https://docs.aws.amazon.com/AmazonS3/latest/userguide/restoring-objects-retrieval-options.html (read 2026-11-21). */
export const archivedClasses: readonly string[] = ['GLACIER', 'DEEP_ARCHIVE'];

/** Symmetric KMS requests a second, shared by the whole account and Region. https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html (read 2026-11-21). */
export const kmsQuota = {
  id: 'kms/symmetric-requests',
  byDefault: 100_000,
  source: 'https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html',
} as const;

/** Storage classes from the dearest to the cheapest: objects only go down this list. */
export const storageClasses = [
  'STANDARD',
  'STANDARD_IA',
  'INTELLIGENT_TIERING',
  'ONEZONE_IA',
  'GLACIER_IR',
  'GLACIER',
  'DEEP_ARCHIVE',
] as const;
export type StorageClass = (typeof storageClasses)[number];

/** Days in Standard before an object may go to an infrequent access class. https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html (read 2026-11-21). */
const daysBeforeInfrequentAccess = 30;

const days = (schema: z.ZodType<number | undefined>, label: string, help: string) =>
  field(schema, { label, unit: 'days', help, kind: 'choice', affects: ['price', 'stack'] });

const storage = {
  storageClass: field(z.enum(storageClasses).default('STANDARD'), {
    label: 'Storage class',
    unit: '',
    help: 'Class in which objects are written. GLACIER is Glacier Flexible Retrieval. Infrequent access and Glacier Instant Retrieval bill at least 128 KiB an object.',
    kind: 'documented',
    source: classes,
    affects: ['price', 'stack'],
  }),
  transitionDays: days(
    z.int().min(0).max(36_500).optional(),
    'Transition after',
    'Age at which objects go to the next class. Objects below 128 KiB stay where they are. Empty: no transition.',
  ),
  transitionStorageClass: field(
    z
      .enum(['STANDARD_IA', 'INTELLIGENT_TIERING', 'ONEZONE_IA', 'GLACIER_IR', 'GLACIER', 'DEEP_ARCHIVE'])
      .default('STANDARD_IA'),
    {
      label: 'Transition to',
      unit: '',
      help: 'Class to which objects go when "Transition after" has passed.',
      kind: 'documented',
      source: transitions,
      affects: ['price', 'stack'],
    },
  ),
  archiveDays: days(
    z.int().min(1).max(36_500).optional(),
    'Archive after',
    'Age at which objects go to the archive class, later than the first transition. Empty: never.',
  ),
  archiveStorageClass: field(z.enum(['GLACIER_IR', 'GLACIER', 'DEEP_ARCHIVE']).default('DEEP_ARCHIVE'), {
    label: 'Archive to',
    unit: '',
    help: 'Class to which objects go when "Archive after" has passed.',
    kind: 'documented',
    source: transitions,
    affects: ['price', 'stack'],
  }),
  expirationDays: field(z.int().min(1).max(36_500).optional(), {
    label: 'Expire after',
    unit: 'days',
    help: 'Age at which objects are deleted: at the next midnight after it. Empty: kept for ever.',
    kind: 'documented',
    source: lifecycle,
    affects: ['behavior', 'price', 'stack'],
  }),
  billedMonth: field(z.int().min(1).max(1200).default(1), {
    label: 'Month that is billed',
    unit: 'month',
    help: 'Month in the life of the bucket whose storage the monthly bill shows, written at a steady rate. 1: the first, in which half of what is written is kept on average. A month after the last expiry: the steady state.',
    kind: 'choice',
    affects: ['price'],
  }),
  existingGibibytes: field(z.number().min(0).max(1e9).default(0), {
    label: 'Data there before',
    unit: 'GiB',
    help: 'What the bucket holds at the start; billed in the storage class above, all month.',
    kind: 'choice',
    affects: ['behavior', 'price'],
  }),
  existingObjects: field(z.int().min(0).max(1e12).default(0), {
    label: 'Objects there before',
    unit: 'objects',
    help: 'Objects that the bucket holds at the start.',
    kind: 'choice',
    affects: ['behavior'],
  }),
};

const requests = {
  keyPrefixCount: field(z.int().min(1).max(100_000).default(1), {
    label: 'Key prefixes',
    unit: 'prefixes',
    help: 'Prefixes among which the keys of new objects spread evenly: S3 can make each a partition. Keys that begin with the date are one prefix: the present day’s.',
    kind: 'choice',
    affects: ['behavior'],
  }),
  initialPartitions: field(z.int().min(1).max(100_000).default(1), {
    label: 'Partitions at the start',
    unit: 'partitions',
    help: 'Partitions of the key space at the start: 1 for a new bucket, more after sustained load or when AWS Support has split it. No more than prefixes count.',
    kind: 'documented',
    source: patterns,
    affects: ['behavior'],
  }),
  partitionDoublingMinutes: field(z.number().min(0.1).max(10_000).default(15), {
    label: 'Partitions double in',
    unit: 'min',
    help: 'Time with 503 Slow Down answers after which S3 has doubled the number of partitions, up to the number of prefixes.',
    kind: 'guess',
    source: { ...patterns, note: 'Assumption: the page says gradually and gives no time' },
    affects: ['behavior'],
    advanced: true,
  }),
  firstByteLatencyMs: field(z.number().min(0).max(60_000).default(50), {
    label: 'First byte latency',
    unit: 'ms',
    help: 'Mean time until a PUT is answered once all its bytes are there, and until the first byte of a GET comes.',
    kind: 'guess',
    source: { ...patterns, note: 'Assumption: the page says tens of ms for small objects' },
    affects: ['behavior'],
    advanced: true,
  }),
  latencyVariation: field(z.number().min(0).max(10).default(0.8), {
    label: 'Latency variation',
    unit: '',
    help: 'Standard deviation over mean of the first byte latency (lognormal).',
    kind: 'guess',
    source: { ...patterns, note: 'Assumption: p99 of some 200 ms at a mean of 50 ms' },
    affects: ['behavior'],
    advanced: true,
  }),
  uploadMegabytesPerSecond: field(z.number().min(0.1).max(10_000).default(65), {
    label: 'Upload rate',
    unit: 'MB/s',
    help: 'Rate at which one connection uploads; the parts of a large object go up side by side.',
    kind: 'guess',
    source: { ...performance, note: 'Assumption: no rate of a single connection is published' },
    affects: ['behavior'],
    advanced: true,
  }),
  readKibibytes: field(z.number().min(0).max(50_000_000).default(100), {
    label: 'Data of one read',
    unit: 'KiB',
    help: 'Bytes that one GET returns to a function that reads objects (port `reads`).',
    kind: 'choice',
    affects: ['behavior'],
  }),
  downloadMegabytesPerSecond: field(z.number().min(0.1).max(10_000).default(85), {
    label: 'Download rate',
    unit: 'MB/s',
    help: 'Rate at which one connection downloads.',
    kind: 'guess',
    source: { ...performance, note: 'Assumption: earlier editions of the page named 85 to 90 MB/s' },
    affects: ['behavior'],
    advanced: true,
  }),
  multipartPartMebibytes: field(z.int().min(5).max(5120).default(100), {
    label: 'Part size',
    unit: 'MiB',
    help: 'Objects above this size go up in parts of it, 5 MiB to 5 GiB, at most 10,000; each part, and the two calls around them, is a request.',
    kind: 'documented',
    source: { ...multipart, note: 'recommended from 100 MB' },
    affects: ['behavior', 'price'],
    advanced: true,
  }),
};

const kms = { encryption: 'aws:kms' } as const;

const encryption = {
  encryption: field(z.enum(['AES256', 'aws:kms']).default('AES256'), {
    label: 'Encryption',
    unit: '',
    help: 'AES256 (SSE-S3) costs nothing. aws:kms (SSE-KMS) asks KMS for a data key with every PUT unless bucket keys are on.',
    kind: 'documented',
    source: bucketKeys,
    affects: ['price', 'stack'],
  }),
  bucketKeyEnabled: field(z.boolean().default(false), {
    label: 'Bucket key',
    unit: '',
    help: 'S3 makes data keys from a key of the bucket that lives for a short time, and asks KMS far less often.',
    kind: 'documented',
    source: bucketKeys,
    affects: ['price', 'stack'],
    when: kms,
  }),
  bucketKeyCallRatio: field(z.number().min(0).max(1).default(0.01), {
    label: 'KMS calls left',
    unit: '',
    help: 'Share of the KMS calls that a bucket key leaves.',
    kind: 'guess',
    source: { ...bucketKeys, note: 'Assumption: the page says up to 99 % fewer' },
    affects: ['price'],
    when: { ...kms, bucketKeyEnabled: true },
    advanced: true,
  }),
  customerManagedKey: field(z.boolean().default(false), {
    label: 'Customer managed key',
    unit: '',
    help: 'The KMS key is your own and billed by the month; the key aws/s3 is not.',
    kind: 'choice',
    affects: ['price', 'stack'],
    when: kms,
  }),
};

export const config = z.strictObject({ ...storage, ...requests, ...encryption });

export type Config = z.infer<typeof config>;

export const declaration: ComponentDeclaration = {
  type: 's3',
  title: 'Amazon S3',
  category: 'Storage',
  summary: 'A bucket in which records come to rest as objects, with lifecycle rules and storage classes.',
  config,
  ports: [
    {
      id: 'objects',
      label: 'Objects',
      direction: 'in',
      kind: 'data',
      protocols: ['s3-put'],
      entity: 'object',
      min: 0,
      max: 1000,
    },
    {
      id: 'failures',
      label: 'Failed records',
      direction: 'in',
      kind: 'data',
      protocols: ['s3-put'],
      entity: 'object',
      min: 0,
      max: 1000,
      deadLetter: true,
    },
    {
      id: 'reads',
      label: 'Reads',
      direction: 'in',
      kind: 'call',
      protocols: ['s3-get'],
      entity: 'request',
      min: 0,
      max: 1000,
    },
  ],
  face: { kind: 'none' },
  calibrated: 'none: request rates and storage follow the documentation, latencies are assumptions',
  absent: {},
  drawio: 'shape=mxgraph.aws4.s3',
  awsIcon: 'architecture-service/AmazonSimpleStorageService',
  quotas: [kmsQuota.id],
  check,
};

/** The rules of lifecycle configurations; see the pages named at the fields. */
function check({ config: raw }: CheckContext): readonly CheckFinding[] {
  const settings = raw as Config;
  const findings: CheckFinding[] = [];
  const refuse = (code: string, path: string, received: unknown, params: CheckFinding['params']): void => {
    findings.push({ code: `s3/${code}`, path: `config.${path}`, received, params });
  };
  let at = settings.storageClass as StorageClass;
  let age = 0;
  const goesTo = (name: 'transition' | 'archive'): void => {
    const target = settings[`${name}StorageClass`];
    const after = settings[`${name}Days`];
    if (after === undefined) return;
    if (storageClasses.indexOf(target) <= storageClasses.indexOf(at)) {
      refuse('class-goes-up', `${name}StorageClass`, target, { from: at, to: target });
    }
    const isInfrequent = target === 'STANDARD_IA' || target === 'ONEZONE_IA';
    if (isInfrequent && after < daysBeforeInfrequentAccess) {
      refuse('too-early', `${name}Days`, after, { days: after, least: daysBeforeInfrequentAccess, to: target });
    }
    if (name === 'archive' && after <= age) refuse('days-reversed', 'archiveDays', after, { days: after, before: age });
    at = target;
    age = after;
  };
  goesTo('transition');
  goesTo('archive');
  const { expirationDays } = settings;
  if (expirationDays !== undefined && expirationDays <= age) {
    refuse('expires-before', 'expirationDays', expirationDays, { days: expirationDays, before: age });
  }
  return findings;
}
