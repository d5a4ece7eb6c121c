/** Invokes a function asynchronously, once for each entry. https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html (read 2026-11-21) */
import { createSender } from '#catalog/models/deployment/client/sender.ts';
import type { ClientFactory, TargetClient } from '#catalog/models/deployment/client.ts';

/** Payload of an asynchronous event. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html (read 2026-11-21) */
const maxBytes = 1_048_576;

export const createClient: ClientFactory = (settings): TargetClient => {
  const sender = createSender('lambda', settings);
  return {
    maxEntries: 1,
    maxBytes,
    send: async (address, [entry]) => {
      if (entry === undefined) return [];
      const event = JSON.stringify({ Records: [{ body: entry.body }] });
      const reply = await sender.post(`/2015-03-31/functions/${address}/invocations`, event, {
        'x-amz-invocation-type': 'Event',
      });
      await reply.arrayBuffer();
      return reply.ok ? [] : [{ index: 0, code: reply.headers.get('x-amzn-errortype') ?? String(reply.status) }];
    },
    close: () => sender.close(),
  };
};
