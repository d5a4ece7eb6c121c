/** The subscription of a delivery stream to a topic, with the role by which the topic puts records into it. */
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { ConnectionFacet, EdgeParts } from '#catalog/models/deployment/stack.ts';
import { subscribe } from '#catalog/models/topic-subscription/stack.ts';
import type { Config } from './config.ts';

export const stack: ConnectionFacet<Config> = { build };

function build(scope: Construct, edge: EdgeParts<Config>): void {
  const stream = edge.target.receivers?.[edge.edge.port];
  if (stream === undefined) return;
  const role = new Role(scope, 'Role', { assumedBy: new ServicePrincipal('sns.amazonaws.com') });
  stream.grantSend(role);
  // SNS looks at the stream before it delivers. https://docs.aws.amazon.com/sns/latest/dg/prereqs-kinesis-data-firehose.html (read 2026-11-21)
  role.addToPolicy(
    new PolicyStatement({
      actions: [
        'firehose:DescribeDeliveryStream',
        'firehose:ListDeliveryStreams',
        'firehose:ListTagsForDeliveryStream',
      ],
      resources: [stream.arn],
    }),
  );
  subscribe(scope, edge, 'firehose', { subscriptionRoleArn: role.roleArn })?.node.addDependency(role);
}
