/** An SQS queue: encrypted with SSE-SQS, reached over TLS only, with the dead-letter queue that is linked to it. */
import { Duration, Lazy, Validations } from 'aws-cdk-lib';
import { type CfnQueue, DeduplicationScope, FifoThroughputLimit, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Built, EdgeParts, Receiver, StackContext, StackFacet } from '#catalog/models/deployment/stack.ts';
import type { Config } from './config.ts';

export const stack: StackFacet<Config> = { build };

function build({ scope, node, config, linkedPorts }: StackContext<Config>): Built {
  const queue = new Queue(scope, 'Queue', {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    visibilityTimeout: Duration.seconds(config.visibilityTimeoutSeconds),
    retentionPeriod: Duration.seconds(config.messageRetentionPeriodSeconds),
    maxMessageSizeBytes: config.maximumMessageSizeBytes,
    deliveryDelay: Duration.seconds(config.delaySeconds),
    receiveMessageWaitTime: Duration.seconds(config.receiveMessageWaitTimeSeconds),
    ...fifoSettings(config),
  });
  const raw = queue.node.defaultChild as CfnQueue;
  let deadLetters: Receiver | undefined;
  raw.redrivePolicy = Lazy.any({
    produce: () => deadLetters && { deadLetterTargetArn: deadLetters.arn, maxReceiveCount: config.maxReceiveCount },
  });
  if (!linkedPorts.includes('dead-letter')) {
    Validations.of(queue).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'Whether there is a dead-letter queue is part of the design that is tried out; this may be one itself.',
    });
  }
  const receiver: Receiver = {
    address: queue.queueUrl,
    arn: queue.queueArn,
    way: { kind: 'endpoint', service: 'sqs' },
    grantSend: (role) => void queue.grant(role, 'sqs:SendMessage'),
    allowService: (service, sourceArn) => allowService(queue, service, sourceArn),
  };
  return {
    node,
    receivers: { messages: receiver, 'dead-letters': receiver },
    sources: {
      consumers: {
        address: queue.queueUrl,
        arn: queue.queueArn,
        grantRead: (role) =>
          void queue.grant(
            role,
            'sqs:ReceiveMessage',
            'sqs:DeleteMessage',
            'sqs:ChangeMessageVisibility',
            'sqs:GetQueueAttributes',
          ),
      },
    },
    connect: ({ target, edge }: EdgeParts) => {
      deadLetters = target.receivers?.[edge.port];
    },
  };
}

function fifoSettings(config: Config) {
  if (!config.fifoQueue) return {};
  return {
    fifo: true,
    contentBasedDeduplication: config.contentBasedDeduplication ?? false,
    deduplicationScope:
      config.deduplicationScope === 'messageGroup' ? DeduplicationScope.MESSAGE_GROUP : DeduplicationScope.QUEUE,
    fifoThroughputLimit:
      config.fifoThroughputLimit === 'perMessageGroupId'
        ? FifoThroughputLimit.PER_MESSAGE_GROUP_ID
        : FifoThroughputLimit.PER_QUEUE,
  };
}

/** Lets a service of AWS send for one resource of this account only. */
function allowService(queue: Queue, service: string, sourceArn: string): void {
  queue.addToResourcePolicy(
    new PolicyStatement({
      actions: ['sqs:SendMessage'],
      principals: [new ServicePrincipal(service)],
      resources: [queue.queueArn],
      conditions: {
        // The ARN holds the account.
        ArnEquals: { 'aws:SourceArn': sourceArn },
      },
    }),
  );
}
