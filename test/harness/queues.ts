/** One or more SQS queues in a world, and what a test does with them. */
import { build } from '#catalog/components/sqs/behavior/behavior.ts';
import { config } from '#catalog/components/sqs/config.ts';
import type { QueuePort } from '#engine/flow/ports.ts';
import type { BuiltNode, World } from './behavior.ts';

/** Adds a queue without chance duplicates. It is meant to be worked off, unless `inletCounts` says nothing is sent to it. */
export function addQueue(
  w: World,
  given: Record<string, unknown> = {},
  deadLetterQueue?: BuiltNode,
  inletCounts: Record<string, number> = { messages: 1 },
): BuiltNode {
  const outlets =
    deadLetterQueue === undefined ? {} : { 'dead-letter': [{ node: deadLetterQueue, port: 'dead-letters' }] };
  const chosen = config.parse({ duplicateDeliveryRatio: 0, ...given });
  return w.add(`queue-${w.nodes.length}`, build, chosen, { outlets, inletCounts });
}

/** Total of a counter. */
export function sum(node: BuiltNode, metric: string): number {
  return node.counters.get(metric)?.sum ?? Number.NaN;
}

/** Requests billed so far. */
export function requests(node: BuiltNode): number {
  return node.usage.get('requests')?.total ?? Number.NaN;
}

export function codes(node: BuiltNode): string[] {
  return node.log.map(({ code }) => code);
}

/** One receive: its receipts. */
export function receive(port: QueuePort, max = 10): Int32Array {
  const receipts = new Int32Array(10);
  return receipts.slice(0, port.receive(max, receipts));
}

/** Delivers what was received (at the producer's node; any would do) and deletes it in one call. */
export function succeed(w: World, port: QueuePort, receipts: Int32Array): void {
  for (const receipt of receipts) w.flow.deliverEffect(port.parcelOf(receipt), 0, w.kernel.nowUs);
  port.delete(receipts, 0, receipts.length);
}
