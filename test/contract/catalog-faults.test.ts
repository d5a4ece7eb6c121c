/** Faults that the edge applies for its target are not applied a second time by the target. */
import { describe, expect, it } from 'vitest';
import { behaviors } from '#catalog/behaviors.ts';
import { components } from '#catalog/specs.ts';
import { protocols } from '#schema/protocols.ts';
import { pushOf, World } from '#test/harness/behavior.ts';

const pushed = [...components].flatMap(([type, { declaration }]) =>
  declaration.ports
    .filter((port) => port.direction === 'in' && port.protocols.every((id) => protocols[id].meeting === 'push'))
    .map((port) => ({ type, port: port.id, declaration })),
);

describe.each(pushed)('$type, port $port', ({ type, port, declaration }) => {
  /** The answer to one record, under a latency fault and under duplicates. */
  function answer(faults: { latencyFactor?: number; duplicateRatio?: number }) {
    const world = new World({ horizonSeconds: 600 });
    const node = world.add(type, behaviors.get(type)!, declaration.config.parse({}) as never);
    world.run(0);
    world.setFaults(node, faults);
    const { reply } = world.send(pushOf(node, port), [world.record({ key: 1 })], false);
    return { reply, ledger: world.ledger(), imbalances: world.imbalances() };
  }

  it('answers a record at once and in full', () => {
    const { reply, imbalances } = answer({});
    expect(reply).toMatchObject({ accepted: 1, refused: 0, failed: 0, retryAfterUs: 0 });
    expect(reply.latencyUs).toBeGreaterThanOrEqual(0);
    expect(imbalances.every((imbalance) => imbalance === 0)).toBe(true);
  });

  it('leaves the factor of a latency fault to the edge', () => {
    expect(answer({ latencyFactor: 10 }).reply.latencyUs).toBe(answer({}).reply.latencyUs);
  });

  it('leaves duplicates to the edge', () => {
    expect(answer({ duplicateRatio: 1 }).ledger.duplicates.made).toBe(0);
  });
});
