import type { Messages } from '#schema/component.ts';

export const messages: Messages = {
  'sns/delivery-retried': ({ subscription }) =>
    `deliveries of subscription ${subscription} are refused or fail, and are tried again`,
  'sns/delivery-recovered': ({ subscription, count }) =>
    `deliveries of subscription ${subscription} succeed again; ${count} attempts had failed`,
  'sns/notifications-lost': () =>
    'notifications are lost: every attempt at delivery failed and no dead-letter queue took them',
  'sns/notifications-lost-over': ({ count }) => `no more notifications are lost; ${count} were`,
  'sns/publish-throttled': () => 'publishes are throttled: the account publishes more messages a second than its quota',
  'sns/publish-recovered': ({ count }) => `no publishes are throttled any more; ${count} messages were refused`,
  'sns/message-too-large': ({ bytes, limit }) => `a message of ${bytes} bytes is refused; the topic takes ${limit}`,
  'sns/message-too-large-over': ({ count, largest }) =>
    `no more messages are refused as too large; ${count} were, the largest of ${largest} bytes`,

  'sns/no-dead-letter-queue': ({ lost }) =>
    `${lost} notifications were lost after their last attempt. Link a dead-letter queue to the topic and let every subscription use it (redrive), so that they can be looked at and sent again.`,
  'sns/dead-letters-refused': ({ lost }) =>
    `${lost} notifications were lost because the dead-letter queue did not take them either. Look at its largest message and at its faults.`,
  'sns/subscriber-not-taking': ({ waiting, retries }) =>
    `Up to ${waiting} notifications waited while subscribers refused them or failed, and ${retries} attempts were repeated. The topic keeps trying for days, and delivers late and out of order: mend the subscriber, or put a queue between it and the topic.`,
  'sns/publish-quota-reached': ({ refused, capacity }) =>
    `${refused} messages were throttled by the account's quota of ${capacity} messages a second. Ask AWS for more, or pack several records into one message.`,
  'sns/raise-message-size': ({ bytes, from, to }) =>
    `Messages of up to ${bytes} bytes were refused because the topic takes ${from}. With ${to} it takes them; large messages are billed for each 64 KB.`,
};
