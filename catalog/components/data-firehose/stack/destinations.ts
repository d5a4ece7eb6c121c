/** The destinations of a delivery stream as CloudFormation has them, and what the stream's role needs there. */
import { Stack } from 'aws-cdk-lib';
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { Construct } from 'constructs';
import { OBJECTS } from '#catalog/models/deployment/stack/bucket.ts';
import { allowPatterns } from '#catalog/models/deployment/stack/roles.ts';
import type { Receiver } from '#catalog/models/deployment/stack.ts';
import type { Config } from '../config.ts';

type Processor = CfnDeliveryStream.ProcessorProperty;

export interface Parts {
  readonly config: Config;
  readonly role: Role;
  /** What is linked, by out port. */
  readonly ends: ReadonlyMap<string, Receiver>;
  /** A log stream of the given construct id. */
  log(id: string): CfnDeliveryStream.CloudWatchLoggingOptionsProperty;
}

const FAILED_PREFIX = 'failed/';

const PATHS = 'Calls of a domain are paths below its ARN; these are the ones that AWS asks for.';

/** https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-s3 (read 2026-11-21) */
export function allowBucket(role: Role, bucket: Receiver): void {
  bucket.grantSend(role);
  role.addToPolicy(
    new PolicyStatement({
      actions: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'],
      resources: [bucket.arn],
    }),
  );
  allowPatterns(role, { actions: ['s3:GetObject'], resources: [`${bucket.arn}/*`] }, OBJECTS);
}

/** https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-es (read 2026-11-21) */
export function allowDomain(role: Role, { arn, index }: Receiver): void {
  const name = index?.name ?? '';
  const paths = [
    '_all/_settings',
    '_cluster/stats',
    `${name}*/_mapping/*`,
    '_nodes',
    '_nodes/stats',
    '_nodes/*/stats',
    '_stats',
    `${name}*/_stats`,
    '',
  ];
  const actions = [
    'es:DescribeDomain',
    'es:DescribeDomains',
    'es:DescribeDomainConfig',
    'es:ESHttpPost',
    'es:ESHttpPut',
  ];
  allowPatterns(role, { actions, resources: [arn, `${arn}/*`] }, PATHS);
  allowPatterns(role, { actions: ['es:ESHttpGet'], resources: paths.map((path) => `${arn}/${path}`) }, PATHS);
}

export function openSearchDestination(
  parts: Parts,
  domain: Receiver,
  bucket: Receiver,
): CfnDeliveryStream.AmazonopensearchserviceDestinationConfigurationProperty {
  const { config, role, ends } = parts;
  return {
    domainArn: domain.arn,
    roleArn: role.roleArn,
    indexName: domain.index?.name ?? 'records',
    indexRotationPeriod: domain.index?.rotation ?? 'OneDay',
    bufferingHints: hints(config.bufferSizeMebibytes, config.bufferIntervalSeconds),
    retryOptions: { durationInSeconds: config.retryDurationSeconds },
    documentIdOptions: {
      defaultDocumentIdFormat: domain.index?.hasRecordIds === true ? 'FIREHOSE_DEFAULT' : 'NO_DOCUMENT_ID',
    },
    s3BackupMode: ends.has('backup') ? 'AllDocuments' : 'FailedDocumentsOnly',
    s3Configuration: { ...backupInto(parts, bucket), errorOutputPrefix: FAILED_PREFIX },
    cloudWatchLoggingOptions: parts.log('DeliveryLog'),
    ...processing(transformOf(parts)),
  };
}

export function s3Destination(
  scope: Construct,
  parts: Parts,
  bucket: Receiver,
  backup: Receiver | undefined,
): CfnDeliveryStream.ExtendedS3DestinationConfigurationProperty {
  const { config, role } = parts;
  const isPartitioned = config.dynamicPartitioning;
  return {
    bucketArn: bucket.arn,
    roleArn: role.roleArn,
    bufferingHints: hints(config.bufferSizeMebibytes, config.bufferIntervalSeconds),
    compressionFormat: config.compressionFormat,
    prefix: `records/${isPartitioned ? 'part=!{partitionKeyFromQuery:part}/' : ''}!{timestamp:yyyy/MM/dd/HH}/`,
    errorOutputPrefix: `${FAILED_PREFIX}!{firehose:error-output-type}/`,
    cloudWatchLoggingOptions: parts.log('DeliveryLog'),
    ...processing([...transformOf(parts), ...partsOf(config), ...lines(config)]),
    ...(isPartitioned
      ? {
          dynamicPartitioningConfiguration: {
            enabled: true,
            retryOptions: { durationInSeconds: config.retryDurationSeconds },
          },
        }
      : {}),
    ...(config.formatConversion === 'none'
      ? {}
      : { dataFormatConversionConfiguration: conversion(scope, role, config) }),
    ...(backup === undefined
      ? {}
      : { s3BackupMode: 'Enabled', s3BackupConfiguration: { ...backupInto(parts, backup), prefix: 'source/' } }),
  };
}

function backupInto(parts: Parts, bucket: Receiver): CfnDeliveryStream.S3DestinationConfigurationProperty {
  const { config, role } = parts;
  return {
    bucketArn: bucket.arn,
    roleArn: role.roleArn,
    bufferingHints: hints(config.backupBufferSizeMebibytes, config.backupBufferIntervalSeconds),
    compressionFormat: config.compressionFormat,
    cloudWatchLoggingOptions: parts.log('BackupLog'),
  };
}

/** AWS takes whole MiB. */
function hints(sizeMebibytes: number, intervalInSeconds: number) {
  return { sizeInMBs: Math.max(1, Math.round(sizeMebibytes)), intervalInSeconds };
}

function processing(processors: readonly Processor[]) {
  return processors.length === 0 ? {} : { processingConfiguration: { enabled: true, processors: [...processors] } };
}

function transformOf({ config, role, ends }: Parts): readonly Processor[] {
  const transform = ends.get('transform');
  if (transform === undefined) return [];
  const parameters = {
    LambdaArn: transform.arn,
    NumberOfRetries: String(config.transformRetries),
    RoleArn: role.roleArn,
    BufferSizeInMBs: String(config.transformBufferSizeMebibytes),
    BufferIntervalInSeconds: String(config.transformBufferIntervalSeconds),
  };
  return [processor('Lambda', parameters)];
}

/** The key of a record is dealt out to the values of the partition key: the sum of its characters, modulo their number. */
function partsOf(config: Config): readonly Processor[] {
  if (!config.dynamicPartitioning) return [];
  return [
    processor('RecordDeAggregation', { SubRecordType: 'JSON' }),
    processor('MetadataExtraction', {
      MetadataExtractionQuery: `{part:(.k|explode|add%${config.partitionValues}|tostring)}`,
      JsonParsingEngine: 'JQ-1.6',
    }),
  ];
}

/** Records stand on lines of their own, except in columns. */
function lines(config: Config): readonly Processor[] {
  return config.formatConversion === 'none' ? [processor('AppendDelimiterToRecord', { Delimiter: '\\n' })] : [];
}

function processor(type: string, parameters: Readonly<Record<string, string>>): Processor {
  return {
    type,
    parameters: Object.entries(parameters).map(([parameterName, parameterValue]) => ({
      parameterName,
      parameterValue,
    })),
  };
}

/** Parquet or ORC by a table of the fields that records of a deployment have. */
function conversion(
  scope: Construct,
  role: Role,
  { formatConversion }: Config,
): CfnDeliveryStream.DataFormatConversionConfigurationProperty {
  const { account, region, partition } = Stack.of(scope);
  const database = new CfnDatabase(scope, 'Database', { catalogId: account, databaseInput: {} });
  const table = new CfnTable(scope, 'Table', {
    catalogId: account,
    databaseName: database.ref,
    tableInput: {
      name: 'records',
      tableType: 'EXTERNAL_TABLE',
      storageDescriptor: {
        columns: [
          { name: 'id', type: 'string' },
          { name: 't', type: 'bigint' },
          { name: 'k', type: 'string' },
          { name: 'p', type: 'string' },
        ],
      },
    },
  });
  const glue = `arn:${partition}:glue:${region}:${account}`;
  role.addToPolicy(
    new PolicyStatement({
      actions: ['glue:GetTable', 'glue:GetTableVersion', 'glue:GetTableVersions'],
      resources: [`${glue}:catalog`, `${glue}:database/${database.ref}`, `${glue}:table/${database.ref}/${table.ref}`],
    }),
  );
  const serializer = formatConversion === 'parquet' ? { parquetSerDe: {} } : { orcSerDe: {} };
  return {
    enabled: true,
    inputFormatConfiguration: { deserializer: { openXJsonSerDe: {} } },
    outputFormatConfiguration: { serializer },
    schemaConfiguration: {
      catalogId: account,
      region,
      databaseName: database.ref,
      tableName: table.ref,
      roleArn: role.roleArn,
      versionId: 'LATEST',
    },
  };
}
