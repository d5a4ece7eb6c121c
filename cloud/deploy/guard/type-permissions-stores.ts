/** Permissions for stores, catalogues and keys; see `type-permissions.ts`. */
import { grant, type TypePermissions } from './grant.ts';

const bucket = 's3:::{stack}*';
const table = 'dynamodb:{here}:table/{stack}*';
const TAGS = 'TagResource UntagResource ListTagsForResource';

/** Buckets are emptied by nobody here: the role may delete a bucket, but no object. */
const buckets: TypePermissions = {
  'AWS::S3::Bucket': [
    grant(
      's3',
      bucket,
      'CreateBucket DeleteBucket ListBucket GetBucketAcl GetBucketLocation GetBucketTagging PutBucketTagging GetBucketVersioning PutBucketVersioning GetEncryptionConfiguration PutEncryptionConfiguration GetLifecycleConfiguration PutLifecycleConfiguration GetBucketPublicAccessBlock PutBucketPublicAccessBlock GetBucketOwnershipControls PutBucketOwnershipControls GetBucketNotification PutBucketNotification GetBucketLogging PutBucketLogging GetMetricsConfiguration PutMetricsConfiguration GetBucketObjectLockConfiguration GetReplicationConfiguration GetBucketCORS GetBucketWebsite GetAccelerateConfiguration GetAnalyticsConfiguration GetInventoryConfiguration GetIntelligentTieringConfiguration PutIntelligentTieringConfiguration GetBucketMetadataTableConfiguration ListTagsForResource TagResource UntagResource',
    ),
  ],
  'AWS::S3::BucketPolicy': [grant('s3', bucket, 'GetBucketPolicy PutBucketPolicy DeleteBucketPolicy')],
  'AWS::KMS::Key': [
    grant(
      'kms',
      'kms:{here}:key/*',
      'DescribeKey GetKeyPolicy PutKeyPolicy GetKeyRotationStatus EnableKeyRotation DisableKeyRotation UpdateKeyDescription ScheduleKeyDeletion ListResourceTags TagResource UntagResource CreateGrant',
    ),
    grant('kms', '*', 'CreateKey'),
  ],
  'AWS::KMS::Alias': [
    grant('kms', 'kms:{here}:alias/*', 'CreateAlias DeleteAlias UpdateAlias'),
    grant('kms', 'kms:{here}:key/*', 'CreateAlias DeleteAlias UpdateAlias'),
    grant('kms', '*', 'ListAliases'),
  ],
  'AWS::SecretsManager::Secret': [
    grant(
      'secretsmanager',
      'secretsmanager:{here}:secret:{stack}*',
      'CreateSecret DeleteSecret DescribeSecret GetSecretValue UpdateSecret TagResource UntagResource',
    ),
    grant('secretsmanager', '*', 'GetRandomPassword'),
  ],
};

const actions =
  'CreateTable DeleteTable DescribeTable UpdateTable DescribeContinuousBackups UpdateContinuousBackups DescribeTimeToLive UpdateTimeToLive DescribeContributorInsights UpdateContributorInsights DescribeKinesisStreamingDestination EnableKinesisStreamingDestination DisableKinesisStreamingDestination UpdateKinesisStreamingDestination GetResourcePolicy PutResourcePolicy DeleteResourcePolicy TagResource UntagResource ListTagsOfResource';
const tables: TypePermissions = {
  'AWS::DynamoDB::Table': [grant('dynamodb', table, actions)],
  'AWS::DynamoDB::GlobalTable': [
    grant(
      'dynamodb',
      table,
      `${actions} CreateTableReplica DescribeTableReplicaAutoScaling UpdateTableReplicaAutoScaling`,
    ),
    grant(
      'application-autoscaling',
      'application-autoscaling:{here}:scalable-target/*',
      'RegisterScalableTarget DeregisterScalableTarget PutScalingPolicy DeleteScalingPolicy',
    ),
    grant('application-autoscaling', '*', 'DescribeScalableTargets DescribeScalingPolicies'),
  ],
};

const cache = 'elasticache:{here}:';
const db = 'rds:{here}:';
const warehouse = 'redshift:{here}:';
const engines: TypePermissions = {
  'AWS::ElastiCache::ReplicationGroup': [
    grant(
      'elasticache',
      `${cache}replicationgroup:*`,
      'CreateReplicationGroup DeleteReplicationGroup DescribeReplicationGroups ModifyReplicationGroup ModifyReplicationGroupShardConfiguration AddTagsToResource RemoveTagsFromResource ListTagsForResource',
    ),
    grant('elasticache', '*', 'CreateReplicationGroup DescribeCacheClusters'),
  ],
  'AWS::ElastiCache::ServerlessCache': [
    grant('elasticache', '*', 'CreateServerlessCache'),
    grant(
      'elasticache',
      `${cache}serverlesscache:*`,
      'DeleteServerlessCache DescribeServerlessCaches ModifyServerlessCache AddTagsToResource RemoveTagsFromResource ListTagsForResource',
    ),
  ],
  'AWS::ElastiCache::SubnetGroup': [
    grant(
      'elasticache',
      `${cache}subnetgroup:*`,
      'CreateCacheSubnetGroup DeleteCacheSubnetGroup DescribeCacheSubnetGroups ModifyCacheSubnetGroup AddTagsToResource RemoveTagsFromResource ListTagsForResource',
    ),
  ],
  'AWS::ElastiCache::ParameterGroup': [
    grant(
      'elasticache',
      `${cache}parametergroup:*`,
      'CreateCacheParameterGroup DeleteCacheParameterGroup DescribeCacheParameterGroups DescribeCacheParameters ModifyCacheParameterGroup AddTagsToResource RemoveTagsFromResource ListTagsForResource',
    ),
  ],
  'AWS::OpenSearchService::Domain': [
    grant(
      'es',
      'es:{here}:domain/{stack}*',
      'CreateDomain DeleteDomain DescribeDomain DescribeDomainConfig DescribeDomainChangeProgress UpdateDomainConfig UpgradeDomain AddTags RemoveTags ListTags ESHttpGet',
    ),
  ],
  'AWS::OpenSearchServerless::Collection': [
    grant('aoss', 'aoss:{here}:collection/*', `DeleteCollection UpdateCollection ${TAGS}`),
    grant('aoss', '*', 'CreateCollection BatchGetCollection'),
  ],
  'AWS::Redshift::Cluster': [
    grant(
      'redshift',
      `${warehouse}cluster:{stack}*`,
      'CreateCluster DeleteCluster ModifyCluster ModifyClusterIamRoles ResizeCluster RebootCluster CreateTags DeleteTags DescribeTags',
    ),
    grant('redshift', '*', 'DescribeClusters DescribeLoggingStatus'),
  ],
  'AWS::Redshift::ClusterSubnetGroup': [
    grant(
      'redshift',
      `${warehouse}subnetgroup:*`,
      'CreateClusterSubnetGroup DeleteClusterSubnetGroup ModifyClusterSubnetGroup DescribeClusterSubnetGroups CreateTags DeleteTags DescribeTags',
    ),
  ],
  'AWS::RedshiftServerless::Namespace': [
    grant('redshift-serverless', '*', `CreateNamespace DeleteNamespace GetNamespace UpdateNamespace ${TAGS}`),
  ],
  'AWS::RedshiftServerless::Workgroup': [
    grant('redshift-serverless', '*', `CreateWorkgroup DeleteWorkgroup GetWorkgroup UpdateWorkgroup ${TAGS}`),
  ],
  'AWS::RDS::DBInstance': [
    grant(
      'rds',
      `${db}db:{stack}*`,
      'CreateDBInstance DeleteDBInstance DescribeDBInstances ModifyDBInstance RebootDBInstance AddTagsToResource RemoveTagsFromResource ListTagsForResource',
    ),
  ],
  'AWS::RDS::DBSubnetGroup': [
    grant(
      'rds',
      `${db}subgrp:{stack}*`,
      'CreateDBSubnetGroup DeleteDBSubnetGroup DescribeDBSubnetGroups ModifyDBSubnetGroup AddTagsToResource RemoveTagsFromResource ListTagsForResource',
    ),
  ],
};

const glue = 'glue:{here}:';
const catalogues: TypePermissions = {
  'AWS::Glue::Database': [
    grant('glue', `${glue}catalog`, 'CreateDatabase DeleteDatabase GetDatabase UpdateDatabase'),
    grant('glue', `${glue}database/*`, 'CreateDatabase DeleteDatabase GetDatabase UpdateDatabase'),
  ],
  'AWS::Glue::Table': [
    grant('glue', `${glue}catalog`, 'CreateTable DeleteTable GetTable UpdateTable'),
    grant('glue', `${glue}database/*`, 'CreateTable DeleteTable GetTable UpdateTable'),
    grant('glue', `${glue}table/*`, 'CreateTable DeleteTable GetTable UpdateTable'),
  ],
  'AWS::Glue::Job': [
    grant('glue', `${glue}job/*`, 'CreateJob DeleteJob GetJob UpdateJob TagResource UntagResource GetTags'),
  ],
  'AWS::Glue::Trigger': [
    grant(
      'glue',
      `${glue}trigger/*`,
      'CreateTrigger DeleteTrigger GetTrigger UpdateTrigger StartTrigger StopTrigger TagResource UntagResource GetTags',
    ),
  ],
  'AWS::Glue::Crawler': [
    grant(
      'glue',
      `${glue}crawler/*`,
      'CreateCrawler DeleteCrawler GetCrawler UpdateCrawler TagResource UntagResource GetTags',
    ),
  ],
  'AWS::Glue::SecurityConfiguration': [
    grant('glue', '*', 'CreateSecurityConfiguration DeleteSecurityConfiguration GetSecurityConfiguration'),
  ],
  'AWS::Athena::WorkGroup': [
    grant(
      'athena',
      'athena:{here}:workgroup/*',
      `CreateWorkGroup DeleteWorkGroup GetWorkGroup UpdateWorkGroup ${TAGS}`,
    ),
  ],
  'AWS::Athena::NamedQuery': [
    grant('athena', 'athena:{here}:workgroup/*', 'CreateNamedQuery DeleteNamedQuery GetNamedQuery ListNamedQueries'),
  ],
};

export const storePermissions: TypePermissions = { ...buckets, ...tables, ...engines, ...catalogues };
