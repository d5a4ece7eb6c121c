/** Entry of the code that deployed compute runs: the handler with every client. Bundled to one CommonJS file (`npm run handler`). */
import type { ProtocolId } from '#schema/protocols.ts';
import { clients } from './clients.ts';
import type { AskedClient, TargetClient } from './models/deployment/client.ts';
import { createHandler, type Plan } from './models/deployment/handler.ts';

const open = new Map<string, TargetClient>();

function target(protocol: string): TargetClient {
  let client = open.get(protocol);
  if (client === undefined) {
    const create = clients.get(protocol as ProtocolId);
    if (create === undefined) throw new Error(`no client for ${protocol}`);
    client = create({});
    open.set(protocol, client);
  }
  return client;
}

function asked(protocol: string): AskedClient {
  throw new Error(`no client for ${protocol}`);
}

export const handler = createHandler(JSON.parse(process.env['CAUDAL_PLAN'] ?? '') as Plan, {
  target,
  asked,
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  random: Math.random,
});
