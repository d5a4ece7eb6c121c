/** The subscription of a queue, a function or a delivery stream to a topic: AWS's own resource for the edge. */
import { CfnSubscription } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { EdgeParts } from '#catalog/models/deployment/stack.ts';

/** Publishers mark each message with a number below this, drawn from it: a policy passes a share by a bound. */
const DRAWS = 1_000_000;

interface Settings {
  readonly filterPassRatio: number;
  readonly filterPolicyScope: 'MessageAttributes' | 'MessageBody';
  readonly redrive: boolean;
  readonly rawMessageDelivery?: boolean;
}

/** Subscribes the target. `more`: what the kind of subscriber needs besides. */
export function subscribe(
  scope: Construct,
  { config, source, target, edge, note }: EdgeParts<Settings>,
  protocol: 'sqs' | 'lambda' | 'firehose',
  more: { readonly subscriptionRoleArn?: string } = {},
): CfnSubscription | undefined {
  const topic = source.receivers?.['messages'];
  const receiver = target.receivers?.[edge.port];
  if (topic === undefined || receiver === undefined) return undefined;
  if (protocol !== 'firehose') receiver.allowService?.('sns.amazonaws.com', topic.arn, edge.id);
  if (config.filterPassRatio < 1 && config.filterPolicyScope === 'MessageBody') {
    note(`Subscription ${edge.id}: a filter on the body lets no message pass that holds more than one record.`);
  }
  return new CfnSubscription(scope, 'Subscription', {
    topicArn: topic.arn,
    protocol,
    endpoint: receiver.arn,
    ...filterOf(config),
    ...(config.rawMessageDelivery === undefined ? {} : { rawMessageDelivery: config.rawMessageDelivery }),
    ...(config.redrive && source.deadLetters !== undefined
      ? { redrivePolicy: { deadLetterTargetArn: source.deadLetters.arn } }
      : {}),
    ...more,
  });
}

/** A policy for a share of the messages; none passes everything. */
function filterOf({ filterPassRatio, filterPolicyScope }: Settings) {
  if (filterPassRatio >= 1) return {};
  return {
    filterPolicyScope,
    filterPolicy: { draw: [{ numeric: ['>=', 0, '<', Math.round(filterPassRatio * DRAWS)] }] },
  };
}
