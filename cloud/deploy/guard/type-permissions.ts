/**
 * What CloudFormation calls to create, read, update, tag and delete a resource of each type, and on which ARNs.
 *
 * Read from the `handlers` of AWS's resource schemas and the Service Authorization Reference
 * (https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html, read
 * 2026-11-21). ARNs are held to names that begin with the stack's; `*` stands only where AWS names the resource itself or the
 * action takes no resource, and then for reading or for what a condition holds to this account's Region.
 */
import { grant, serviceLinked, type TypePermissions } from './grant.ts';
import { computePermissions } from './type-permissions-compute.ts';
import { storePermissions } from './type-permissions-stores.ts';

const stream = 'kinesis:{here}:stream/{stack}*';
const queue = 'sqs:{here}:{stack}*';
const topic = 'sns:{here}:{stack}*';
const rule = 'events:{here}:rule/{stack}*';
const bus = 'events:{here}:event-bus/{stack}*';

const messaging: TypePermissions = {
  'AWS::Kinesis::Stream': [
    grant(
      stream,
      'kinesis: CreateStream DeleteStream DescribeStream DescribeStreamSummary UpdateShardCount UpdateStreamMode UpdateMaxRecordSize IncreaseStreamRetentionPeriod DecreaseStreamRetentionPeriod StartStreamEncryption StopStreamEncryption EnableEnhancedMonitoring DisableEnhancedMonitoring AddTagsToStream RemoveTagsFromStream ListTagsForStream ListTagsForResource TagResource UntagResource',
    ),
    grant('*', 'kinesis: DescribeLimits ListStreams'),
  ],
  'AWS::Kinesis::StreamConsumer': [
    grant(
      stream,
      'kinesis: RegisterStreamConsumer DescribeStreamConsumer DeregisterStreamConsumer TagResource UntagResource ListTagsForResource',
    ),
  ],
  'AWS::SQS::Queue': [
    grant(
      queue,
      'sqs: CreateQueue DeleteQueue GetQueueAttributes GetQueueUrl SetQueueAttributes ListQueueTags TagQueue UntagQueue',
    ),
  ],
  'AWS::SQS::QueuePolicy': [grant(queue, 'sqs: GetQueueAttributes SetQueueAttributes')],
  'AWS::SNS::Topic': [
    grant(
      topic,
      'sns: CreateTopic DeleteTopic GetTopicAttributes SetTopicAttributes GetDataProtectionPolicy PutDataProtectionPolicy ListSubscriptionsByTopic Subscribe ListTagsForResource TagResource UntagResource',
    ),
  ],
  'AWS::SNS::TopicPolicy': [grant(topic, 'sns: GetTopicAttributes SetTopicAttributes')],
  'AWS::SNS::Subscription': [
    grant(topic, 'sns: Subscribe ListSubscriptionsByTopic GetSubscriptionAttributes SetSubscriptionAttributes'),
    grant('*', 'sns: Unsubscribe'),
  ],
  'AWS::Events::Rule': [
    grant(
      rule,
      'events: PutRule DeleteRule DescribeRule EnableRule DisableRule PutTargets RemoveTargets ListTargetsByRule TagResource UntagResource ListTagsForResource',
    ),
  ],
  'AWS::Events::EventBus': [
    grant(
      bus,
      'events: CreateEventBus DeleteEventBus DescribeEventBus UpdateEventBus PutPermission RemovePermission TagResource UntagResource ListTagsForResource',
    ),
  ],
  'AWS::Events::EventBusPolicy': [grant(bus, 'events: PutPermission RemovePermission DescribeEventBus')],
  'AWS::Events::Archive': [
    grant('events:{here}:archive/{stack}*', 'events: CreateArchive DeleteArchive DescribeArchive UpdateArchive'),
    grant(bus, 'events: CreateArchive'),
  ],
  'AWS::Scheduler::Schedule': [
    grant(
      'scheduler:{here}:schedule/*/{stack}*',
      'scheduler: CreateSchedule DeleteSchedule GetSchedule UpdateSchedule',
    ),
  ],
  'AWS::Pipes::Pipe': [
    grant(
      'pipes:{here}:pipe/{stack}*',
      'pipes: CreatePipe DeletePipe DescribePipe UpdatePipe TagResource UntagResource ListTagsForResource',
    ),
  ],
  'AWS::KinesisFirehose::DeliveryStream': [
    grant(
      'firehose:{here}:deliverystream/{stack}*',
      'firehose: CreateDeliveryStream DeleteDeliveryStream DescribeDeliveryStream UpdateDestination StartDeliveryStreamEncryption StopDeliveryStreamEncryption ListTagsForDeliveryStream TagDeliveryStream UntagDeliveryStream',
    ),
  ],
  'AWS::IoT::TopicRule': [
    grant(
      'iot:{here}:rule/*',
      'iot: CreateTopicRule DeleteTopicRule GetTopicRule ReplaceTopicRule TagResource UntagResource ListTagsForResource',
    ),
  ],
  'AWS::MSK::Cluster': [
    serviceLinked,
    grant(
      'kafka:{here}:cluster/*',
      'kafka: CreateCluster CreateClusterV2 DeleteCluster DescribeCluster DescribeClusterV2 UpdateBrokerCount UpdateBrokerStorage UpdateBrokerType UpdateClusterConfiguration UpdateMonitoring UpdateSecurity ListTagsForResource TagResource UntagResource',
    ),
  ],
  'AWS::MSK::ServerlessCluster': [
    serviceLinked,
    grant(
      'kafka:{here}:cluster/*',
      'kafka: CreateClusterV2 DeleteCluster DescribeClusterV2 ListTagsForResource TagResource UntagResource',
    ),
  ],
  'AWS::MSK::Configuration': [
    grant(
      'kafka:{here}:configuration/*',
      'kafka: CreateConfiguration DeleteConfiguration DescribeConfiguration UpdateConfiguration',
    ),
  ],
};

export const typePermissions: TypePermissions = { ...messaging, ...storePermissions, ...computePermissions };
