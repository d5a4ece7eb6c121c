/** A standard topic, encrypted with the key that AWS manages for the service and reached over TLS only. */
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { type CfnTopic, Topic } from 'aws-cdk-lib/aws-sns';
import type { Built, EdgeParts, Receiver, StackContext, StackFacet } from '#catalog/models/deployment/stack.ts';
import type { Config } from './config.ts';

export const stack: StackFacet<Config> = { build };

function build({ scope, node, config }: StackContext<Config>): Built {
  const topic = new Topic(scope, 'Topic', { enforceSSL: true });
  const raw = topic.node.defaultChild as CfnTopic;
  raw.kmsMasterKeyId = 'alias/aws/sns';
  raw.maximumMessageSize = config.maximumMessageSizeBytes;
  let deadLetters: Receiver | undefined;
  return {
    node,
    receivers: {
      messages: {
        address: topic.topicArn,
        arn: topic.topicArn,
        way: { kind: 'endpoint', service: 'sns' },
        grantSend: (role) =>
          void role.addToPrincipalPolicy(
            new PolicyStatement({ actions: ['sns:Publish'], resources: [topic.topicArn] }),
          ),
      },
    },
    get deadLetters() {
      return deadLetters;
    },
    connect: ({ target, edge }: EdgeParts) => {
      const isDeadLetter = edge.output === 'dead-letter';
      if (!isDeadLetter) return;
      deadLetters = target.receivers?.[edge.port];
      deadLetters?.allowService?.('sns.amazonaws.com', topic.topicArn, node.id);
    },
  };
}
