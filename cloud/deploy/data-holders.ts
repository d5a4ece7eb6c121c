/** CloudFormation types whose resources hold data that goes with them: records, messages, objects, rows, logs, checkpoints. */
const TYPES: ReadonlySet<string> = new Set([
  'AWS::Kinesis::Stream',
  'AWS::KinesisFirehose::DeliveryStream',
  'AWS::SQS::Queue',
  'AWS::MSK::Cluster',
  'AWS::MSK::ServerlessCluster',
  'AWS::S3::Bucket',
  'AWS::S3Tables::TableBucket',
  'AWS::DynamoDB::Table',
  'AWS::DynamoDB::GlobalTable',
  'AWS::ElastiCache::ReplicationGroup',
  'AWS::ElastiCache::ServerlessCache',
  'AWS::OpenSearchService::Domain',
  'AWS::OpenSearchServerless::Collection',
  'AWS::Redshift::Cluster',
  'AWS::RedshiftServerless::Namespace',
  'AWS::RDS::DBInstance',
  'AWS::RDS::DBCluster',
  'AWS::Timestream::Database',
  'AWS::Timestream::Table',
  'AWS::Timestream::InfluxDBInstance',
  'AWS::EMR::Cluster',
  'AWS::EFS::FileSystem',
  'AWS::Glue::Database',
  'AWS::Glue::Table',
  'AWS::KinesisAnalyticsV2::Application',
  'AWS::Events::Archive',
  'AWS::Logs::LogGroup',
  'AWS::KMS::Key',
  'AWS::SecretsManager::Secret',
]);

export function holdsData(type: string): boolean {
  return TYPES.has(type);
}
