/** Permissions for stores, catalogues and keys; see `type-permissions.ts`. */
import { grant, serviceLinked, type TypePermissions } from './grant.ts';

const bucket = 's3:::{stack}*';
const table = 'dynamodb:{here}:table/{stack}*';
const TAGS = 'TagResource UntagResource ListTagsForResource';

/** Buckets are emptied by nobody here: the role may delete a bucket, but no object. */
const buckets: TypePermissions = {
  'AWS::S3::Bucket': [
    grant(
      bucket,
      's3: CreateBucket DeleteBucket ListBucket GetBucketAcl GetBucketLocation GetBucketTagging PutBucketTagging GetBucketVersioning PutBucketVersioning GetEncryptionConfiguration PutEncryptionConfiguration GetLifecycleConfiguration PutLifecycleConfiguration GetBucketPublicAccessBlock PutBucketPublicAccessBlock GetBucketOwnershipControls PutBucketOwnershipControls GetBucketNotification PutBucketNotification GetBucketLogging PutBucketLogging GetMetricsConfiguration PutMetricsConfiguration GetBucketObjectLockConfiguration GetReplicationConfiguration GetBucketCORS GetBucketWebsite GetAccelerateConfiguration GetAnalyticsConfiguration GetInventoryConfiguration GetIntelligentTieringConfiguration PutIntelligentTieringConfiguration GetBucketMetadataTableConfiguration ListTagsForResource TagResource UntagResource',
    ),
  ],
  'AWS::S3::BucketPolicy': [grant(bucket, 's3: GetBucketPolicy PutBucketPolicy DeleteBucketPolicy')],
  'AWS::KMS::Key': [
    grant(
      'kms:{here}:key/*',
      'kms: DescribeKey GetKeyPolicy PutKeyPolicy GetKeyRotationStatus EnableKeyRotation DisableKeyRotation UpdateKeyDescription ScheduleKeyDeletion ListResourceTags TagResource UntagResource CreateGrant',
    ),
    grant('*', 'kms: CreateKey'),
  ],
  'AWS::KMS::Alias': [
    grant('kms:{here}:alias/*', 'kms: CreateAlias DeleteAlias UpdateAlias'),
    grant('kms:{here}:key/*', 'kms: CreateAlias DeleteAlias UpdateAlias'),
    grant('*', 'kms: ListAliases'),
  ],
  'AWS::SecretsManager::Secret': [
    grant(
      'secretsmanager:{here}:secret:{stack}*',
      'secretsmanager: CreateSecret DeleteSecret DescribeSecret GetSecretValue UpdateSecret TagResource UntagResource',
    ),
    grant('*', 'secretsmanager: GetRandomPassword'),
  ],
};

const actions =
  'CreateTable DeleteTable DescribeTable UpdateTable DescribeContinuousBackups UpdateContinuousBackups DescribeTimeToLive UpdateTimeToLive DescribeContributorInsights UpdateContributorInsights DescribeKinesisStreamingDestination EnableKinesisStreamingDestination DisableKinesisStreamingDestination UpdateKinesisStreamingDestination GetResourcePolicy PutResourcePolicy DeleteResourcePolicy TagResource UntagResource ListTagsOfResource';
const tables: TypePermissions = {
  'AWS::DynamoDB::Table': [grant(table, `dynamodb: ${actions}`)],
  'AWS::DynamoDB::GlobalTable': [
    grant(
      table,
      `dynamodb: ${actions} CreateTableReplica DescribeTableReplicaAutoScaling UpdateTableReplicaAutoScaling`,
    ),
    grant(
      'application-autoscaling:{here}:scalable-target/*',
      'application-autoscaling: RegisterScalableTarget DeregisterScalableTarget PutScalingPolicy DeleteScalingPolicy',
    ),
    grant('*', 'application-autoscaling: DescribeScalableTargets DescribeScalingPolicies'),
  ],
};

const cache = 'elasticache:{here}:';
const db = 'rds:{here}:';
const warehouse = 'redshift:{here}:';
const engines: TypePermissions = {
  'AWS::ElastiCache::ReplicationGroup': [
    serviceLinked,
    grant(
      `${cache}replicationgroup:*`,
      'elasticache: CreateReplicationGroup DeleteReplicationGroup DescribeReplicationGroups ModifyReplicationGroup ModifyReplicationGroupShardConfiguration AddTagsToResource RemoveTagsFromResource ListTagsForResource',
    ),
    grant('*', 'elasticache: CreateReplicationGroup DescribeCacheClusters'),
  ],
  'AWS::ElastiCache::ServerlessCache': [
    serviceLinked,
    grant('*', 'elasticache: CreateServerlessCache'),
    grant(
      `${cache}serverlesscache:*`,
      'elasticache: DeleteServerlessCache DescribeServerlessCaches ModifyServerlessCache AddTagsToResource RemoveTagsFromResource ListTagsForResource',
    ),
  ],
  'AWS::ElastiCache::SubnetGroup': [
    grant(
      `${cache}subnetgroup:*`,
      'elasticache: CreateCacheSubnetGroup DeleteCacheSubnetGroup DescribeCacheSubnetGroups ModifyCacheSubnetGroup AddTagsToResource RemoveTagsFromResource ListTagsForResource',
    ),
  ],
  'AWS::ElastiCache::ParameterGroup': [
    grant(
      `${cache}parametergroup:*`,
      'elasticache: CreateCacheParameterGroup DeleteCacheParameterGroup DescribeCacheParameterGroups DescribeCacheParameters ModifyCacheParameterGroup AddTagsToResource RemoveTagsFromResource ListTagsForResource',
    ),
  ],
  'AWS::OpenSearchService::Domain': [
    serviceLinked,
    grant(
      'es:{here}:domain/{stack}*',
      'es: CreateDomain DeleteDomain DescribeDomain DescribeDomainConfig DescribeDomainChangeProgress UpdateDomainConfig UpgradeDomain AddTags RemoveTags ListTags ESHttpGet',
    ),
  ],
  'AWS::OpenSearchServerless::Collection': [
    grant('aoss:{here}:collection/*', `aoss: DeleteCollection UpdateCollection ${TAGS}`),
    grant('*', 'aoss: CreateCollection BatchGetCollection'),
  ],
  'AWS::Redshift::Cluster': [
    serviceLinked,
    grant(
      `${warehouse}cluster:{stack}*`,
      'redshift: CreateCluster DeleteCluster ModifyCluster ModifyClusterIamRoles ResizeCluster RebootCluster CreateTags DeleteTags DescribeTags',
    ),
    grant('*', 'redshift: DescribeClusters DescribeLoggingStatus'),
  ],
  'AWS::Redshift::ClusterSubnetGroup': [
    grant(
      `${warehouse}subnetgroup:*`,
      'redshift: CreateClusterSubnetGroup DeleteClusterSubnetGroup ModifyClusterSubnetGroup DescribeClusterSubnetGroups CreateTags DeleteTags DescribeTags',
    ),
  ],
  'AWS::RedshiftServerless::Namespace': [
    grant('*', `redshift-serverless: CreateNamespace DeleteNamespace GetNamespace UpdateNamespace ${TAGS}`),
  ],
  'AWS::RedshiftServerless::Workgroup': [
    grant('*', `redshift-serverless: CreateWorkgroup DeleteWorkgroup GetWorkgroup UpdateWorkgroup ${TAGS}`),
  ],
  'AWS::RDS::DBInstance': [
    serviceLinked,
    grant(
      `${db}db:{stack}*`,
      'rds: CreateDBInstance DeleteDBInstance DescribeDBInstances ModifyDBInstance RebootDBInstance AddTagsToResource RemoveTagsFromResource ListTagsForResource',
    ),
  ],
  'AWS::RDS::DBSubnetGroup': [
    grant(
      `${db}subgrp:{stack}*`,
      'rds: CreateDBSubnetGroup DeleteDBSubnetGroup DescribeDBSubnetGroups ModifyDBSubnetGroup AddTagsToResource RemoveTagsFromResource ListTagsForResource',
    ),
  ],
};

const glue = 'glue:{here}:';
const catalogues: TypePermissions = {
  'AWS::Glue::Database': [
    grant(`${glue}catalog`, 'glue: CreateDatabase DeleteDatabase GetDatabase UpdateDatabase'),
    grant(`${glue}database/*`, 'glue: CreateDatabase DeleteDatabase GetDatabase UpdateDatabase'),
  ],
  'AWS::Glue::Table': [
    grant(`${glue}catalog`, 'glue: CreateTable DeleteTable GetTable UpdateTable'),
    grant(`${glue}database/*`, 'glue: CreateTable DeleteTable GetTable UpdateTable'),
    grant(`${glue}table/*`, 'glue: CreateTable DeleteTable GetTable UpdateTable'),
  ],
  'AWS::Glue::Job': [
    grant(`${glue}job/*`, 'glue: CreateJob DeleteJob GetJob UpdateJob TagResource UntagResource GetTags'),
  ],
  'AWS::Glue::Trigger': [
    grant(
      `${glue}trigger/*`,
      'glue: CreateTrigger DeleteTrigger GetTrigger UpdateTrigger StartTrigger StopTrigger TagResource UntagResource GetTags',
    ),
  ],
  'AWS::Glue::Crawler': [
    grant(
      `${glue}crawler/*`,
      'glue: CreateCrawler DeleteCrawler GetCrawler UpdateCrawler TagResource UntagResource GetTags',
    ),
  ],
  'AWS::Glue::SecurityConfiguration': [
    grant('*', 'glue: CreateSecurityConfiguration DeleteSecurityConfiguration GetSecurityConfiguration'),
  ],
  'AWS::Athena::WorkGroup': [
    grant('athena:{here}:workgroup/*', `athena: CreateWorkGroup DeleteWorkGroup GetWorkGroup UpdateWorkGroup ${TAGS}`),
  ],
  'AWS::Athena::NamedQuery': [
    grant('athena:{here}:workgroup/*', 'athena: CreateNamedQuery DeleteNamedQuery GetNamedQuery ListNamedQueries'),
  ],
};

export const storePermissions: TypePermissions = { ...buckets, ...tables, ...engines, ...catalogues };
