/**
 * Entry of the code that deployed compute runs: the handler with every client, bundled to one CommonJS file (`npm run handler`). A
 * function is handed its batches; a container, whose plan has inputs, polls for them until it is told to stop.
 */
import type { ProtocolId } from '#schema/protocols.ts';
import { askedClients, clients, readers } from './clients.ts';
import { pollAll } from './models/deployment/handler/poll.ts';
import { createHandler } from './models/deployment/handler/handler.ts';
import type { HandlerPlan } from '#schema/deployment.ts';
import type { Surroundings } from './models/deployment/handler/plan.ts';

/** Clients are made when first used, and kept. */
function keep<Made>(factories: ReadonlyMap<ProtocolId, (settings: object) => Made>): (protocol: string) => Made {
  const open = new Map<string, Made>();
  return (protocol) => {
    const create = factories.get(protocol as ProtocolId);
    if (create === undefined) throw new Error(`no client for ${protocol}`);
    const client = open.get(protocol) ?? create({});
    open.set(protocol, client);
    return client;
  };
}

const world: Surroundings = {
  target: keep(clients),
  asked: keep(askedClients),
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  random: Math.random,
};

const plan = JSON.parse(process.env['CAUDAL_PLAN'] ?? '') as HandlerPlan;

export const handler = createHandler(plan, world);

if (plan.inputs !== undefined) {
  let isStopped = false;
  process.once('SIGTERM', () => {
    isStopped = true;
  });
  const reading = {
    isStopped: () => isStopped,
    wait: world.wait,
    work: async (bodies: readonly string[]) => {
      await handler({ Records: bodies.map((body) => ({ body })) });
    },
  };
  void pollAll(plan.inputs, keep(readers), reading, (text) => process.stderr.write(`${text}\n`));
}
