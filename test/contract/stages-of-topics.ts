/** Stages of the settings of a topic and of its subscriptions; see field-changes.ts. */
import { caller, edge, node, pipeline, type Stage } from '#test/contract/stage.ts';

const calledTopic = pipeline(
  5,
  [node('topic', 'sns'), node('queue', 'sqs'), caller],
  [
    edge('source', 'records', 'caller', 'events'),
    edge('caller', 'on', 'topic', 'messages'),
    edge('topic', 'subscriptions', 'queue', 'messages'),
  ],
);

export const topicStages: Readonly<Record<string, Stage>> = {
  'sns.publishLatencyMs': { settings: [...calledTopic, 'faults=[]'] },
  'sns--sqs.filterPolicyScope': { settings: ['PLACE.filterPassRatio=0.5'] },
};

/** Fields that cannot show in a short run. */
export const subscriptionExceptions: Readonly<Record<string, string>> = Object.fromEntries(
  ['sqs', 'lambda', 'data-firehose'].map((to) => [
    `sns--${to}.redrive`,
    'a delivery is given up after 6 hours or 23 days of retries, longer than these runs; the unit tests of the topic show it',
  ]),
);
