import { describe, expect, it } from 'vitest';
import { createHandler } from '#catalog/models/deployment/handler/handler.ts';
import { emitDefaults } from '#catalog/models/deployment/handler/plan.ts';
import type { HandlerPlan } from '#schema/deployment.ts';
import { handlerEmitFields } from '#schema/deployment.ts';
import { emitSchema } from '#schema/emit.ts';
import { FakeWorld, idle, line, queueEvent, toQueue } from '#test/unit/catalog/models/deployment/handler/world.ts';

type Output = HandlerPlan['outputs'][number];

const many = Array.from({ length: 2000 }, (_, i) => line(i));

function plan(outputs: readonly Output[], more: Partial<HandlerPlan> = {}): HandlerPlan {
  return { node: 'work', work: idle, outputs, ...more };
}

const encoded = (text: string): string => Buffer.from(text).toString('base64');

describe('a deployed handler', () => {
  it('takes for left out what the document takes for default', () => {
    const defaults = emitSchema.parse({}) as Record<string, unknown>;
    for (const field of handlerEmitFields) {
      expect(emitDefaults[field], field).toEqual(defaults[field]);
    }
  });

  it('sends every record on to every target of an output', async () => {
    const world = new FakeWorld();
    const targets = [toQueue, { protocol: 'kinesis-put', address: 'stream' } as const];
    await createHandler(plan([{ emit: {}, targets }]), world)(queueEvent(line(1), `${line(2)}\n${line(3)}`));
    for (const address of ['queue', 'stream']) {
      const ids = world.sent.filter((call) => call.address === address).flatMap(({ entries }) => entries);
      expect(ids.map(({ body }) => JSON.parse(body).id)).toEqual(['r1', 'r2', 'r3']);
    }
  });

  it('reads batches of streams, queues, topics and delivery streams alike', async () => {
    const envelope = JSON.stringify({ Type: 'Notification', Message: line(3) });
    const event = {
      Records: [
        { kinesis: { data: encoded(line(1)) } },
        { body: line(2) },
        { body: envelope },
        { Sns: { Message: line(4) } },
      ],
    };
    const world = new FakeWorld();
    await createHandler(plan([{ emit: {}, targets: [toQueue] }]), world)(event);
    await createHandler(
      plan([{ emit: {}, targets: [toQueue] }]),
      world,
    )({
      records: [{ recordId: 'a', data: encoded(line(5)) }],
    });
    expect(world.records().map(({ id }) => id)).toEqual(['r1', 'r2', 'r3', 'r4', 'r5']);
  });

  it('lets pass the share that is configured, and the same records when the batch is repeated', async () => {
    const world = new FakeWorld();
    const handler = createHandler(plan([{ emit: { selectivity: 0.2 }, targets: [toQueue] }]), world);
    await handler(queueEvent(...many));
    const first = world.records().map(({ id }) => id);
    // Binomial: 400 expected, standard deviation 18.
    expect(first.length).toBeGreaterThan(320);
    expect(first.length).toBeLessThan(480);
    world.sent.length = 0;
    await handler(queueEvent(...many));
    expect(world.records().map(({ id }) => id)).toEqual(first);
  });

  it('makes several records of one, each with an identity of its own', async () => {
    const world = new FakeWorld();
    await createHandler(plan([{ emit: { selectivity: 3 }, targets: [toQueue] }]), world)(queueEvent(line(1)));
    expect(world.records().map(({ id }) => id)).toEqual(['r1.0', 'r1.1', 'r1.2']);
  });

  it('packs records into messages and messages into calls of the target', async () => {
    const world = new FakeWorld();
    const emit = { recordsPerMessage: 2, batchSize: 500 };
    await createHandler(plan([{ emit, targets: [toQueue] }]), world)(queueEvent(...many.slice(0, 30)));
    const sizes = world.sent.map(({ entries }) => entries.length);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(15);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(10);
    for (const { entries } of world.sent) {
      const bytes = entries.reduce((sum, { body, key }) => sum + body.length + key.length, 0);
      expect(bytes).toBeLessThanOrEqual(1000);
      for (const { body } of entries) expect(body.split('\n')).toHaveLength(2);
    }
  });

  it('gives each record to exactly one of the outputs with a weight, in proportion', async () => {
    const world = new FakeWorld();
    const to = (address: string, weight: number): Output => ({
      emit: { weight },
      targets: [{ ...toQueue, address }],
    });
    await createHandler(plan([to('a', 3), to('b', 1)]), world)(queueEvent(...many));
    const ids = (address: string): string[] =>
      world.sent
        .filter((call) => call.address === address)
        .flatMap(({ entries }) => entries.map(({ body }) => JSON.parse(body).id as string));
    expect([...ids('a'), ...ids('b')].sort()).toEqual(many.map((text) => JSON.parse(text).id as string).sort());
    // 1,500 expected, standard deviation 19.
    expect(ids('a').length).toBeGreaterThan(1420);
    expect(ids('a').length).toBeLessThan(1580);
  });

  it('makes one record of a batch, as large as the factor says', async () => {
    const world = new FakeWorld();
    const emit = { per: 'batch', sizeFactor: 0.5 } as const;
    await createHandler(plan([{ emit, targets: [toQueue] }]), world)(queueEvent(line(1, 'xxxxxx'), line(2, 'yyyy')));
    expect(world.records()).toHaveLength(1);
    expect(world.records()[0]?.p).toHaveLength(5);
  });

  it('sends again only what was refused', async () => {
    const world = new FakeWorld();
    world.answers.push([1, 2], [0]);
    await createHandler(
      plan([{ emit: { batchSize: 10 }, targets: [toQueue] }]),
      world,
    )(queueEvent(line(1), line(2), line(3)));
    const calls = world.sent.map(({ entries }) => entries.map(({ body }) => JSON.parse(body).id as string));
    expect(calls).toEqual([['r1', 'r2', 'r3'], ['r2', 'r3'], ['r2']]);
    expect(world.waits).toEqual([50, 100]);
  });

  it('sends a call again that failed as a whole', async () => {
    const world = new FakeWorld();
    world.answers.push(new Error('reset'));
    await createHandler(plan([{ emit: { batchSize: 10 }, targets: [toQueue] }]), world)(queueEvent(line(1)));
    expect(world.sent).toHaveLength(2);
  });

  it('fails when attempts run out, unless the output drops what is left', async () => {
    const world = new FakeWorld();
    world.answers.push([0], [0], [0]);
    const failing = createHandler(plan([{ emit: { maxAttempts: 2 }, targets: [toQueue] }]), world);
    await expect(failing(queueEvent(line(1)))).rejects.toThrow(/1 of 1 entries refused by sqs-send: Throttled/);
    const emit = { maxAttempts: 1, onExhausted: 'drop' } as const;
    await createHandler(plan([{ emit, targets: [toQueue] }]), world)(queueEvent(line(1)));
    expect(world.sent).toHaveLength(3);
  });

  it('fails as often as configured, and then sends nothing', async () => {
    const world = new FakeWorld();
    const handler = createHandler(
      plan([{ emit: {}, targets: [toQueue] }], { work: { ...idle, errorRatio: 0.4 } }),
      world,
    );
    world.draw = 0.39;
    await expect(handler(queueEvent(line(1)))).rejects.toThrow('a configured error');
    expect(world.sent).toEqual([]);
    world.draw = 0.41;
    await handler(queueEvent(line(1)));
    expect(world.sent).toHaveLength(1);
  });

  it.each(['deterministic', 'exponential', 'lognormal', 'gamma', 'hyperexponential'])(
    'spends the configured mean time under the law %s',
    async (law) => {
      const world = new FakeWorld();
      const work = { ...idle, law, coefficientOfVariation: 1.5, perInvocationMs: 100, perRecordMs: 10 };
      const handler = createHandler(plan([], { work }), world);
      const rounds = 20_000;
      // A multiplicative congruential generator: the same draws every time.
      let state = 42;
      world.random = () => {
        state = (state * 16_807) % 2_147_483_647;
        return state / 2_147_483_647;
      };
      for (let i = 0; i < rounds; i += 1) await handler(queueEvent(line(1), line(2)));
      const mean = world.waits.reduce((sum, ms) => sum + ms, 0) / rounds;
      // Standard error below 1.5 / sqrt(20,000) = 1.1 %; six of them.
      expect(mean).toBeGreaterThan(120 * 0.93);
      expect(mean).toBeLessThan(120 * 1.07);
    },
  );
});

describe('a handler that asks a cache', () => {
  const cache = { protocol: 'cache-command', address: 'cache', timeToLiveSeconds: 60 } as const;
  const asking = (
    mark: 'beforeProcessing' | 'afterProcessing',
    order: 'sequential' | 'pipelined' = 'pipelined',
  ): HandlerPlan =>
    plan([
      { emit: { isCall: true, order }, targets: [{ ...cache, mark }] },
      { emit: {}, targets: [toQueue] },
    ]);

  it('lets each record pass once, for its time to live', async () => {
    const world = new FakeWorld();
    const handler = createHandler(asking('beforeProcessing'), world);
    await handler(queueEvent(line(1), line(2), line(1)));
    await handler(queueEvent(line(2), line(3)));
    expect(world.records().map(({ id }) => id)).toEqual(['r1', 'r2', 'r3']);
    expect([...world.marks.values()]).toEqual([60, 60, 60]);
  });

  it('loses a record whose attempt failed after it was marked before', async () => {
    const world = new FakeWorld();
    const handler = createHandler({ ...asking('beforeProcessing'), work: { ...idle, errorRatio: 0.6 } }, world);
    await expect(handler(queueEvent(line(1)))).rejects.toThrow('configured');
    world.draw = 0.9;
    await handler(queueEvent(line(1)));
    expect(world.records()).toEqual([]);
  });

  it('repeats a record whose attempt failed when it is marked after', async () => {
    const world = new FakeWorld();
    const handler = createHandler({ ...asking('afterProcessing'), work: { ...idle, errorRatio: 0.6 } }, world);
    await expect(handler(queueEvent(line(1)))).rejects.toThrow('configured');
    world.draw = 0.9;
    await handler(queueEvent(line(1)));
    await handler(queueEvent(line(1)));
    expect(world.records().map(({ id }) => id)).toEqual(['r1']);
  });

  it('asks in one go, or for one record after the other', async () => {
    const world = new FakeWorld();
    await createHandler(asking('beforeProcessing'), world)(queueEvent(line(1), line(2)));
    await createHandler(asking('afterProcessing', 'sequential'), world)(queueEvent(line(3), line(4)));
    expect(world.asks).toEqual(['put work:r1,work:r2', 'has work:r3', 'has work:r4', 'put work:r3', 'put work:r4']);
  });

  it('asks again when the cache fails, and then fails or goes on without the answer', async () => {
    const outputs = (onExhausted: 'fail' | 'drop'): Output[] => [
      { emit: { isCall: true, maxAttempts: 2, onExhausted }, targets: [cache] },
      { emit: {}, targets: [toQueue] },
    ];
    const world = new FakeWorld();
    world.failures = 1;
    await createHandler(plan(outputs('fail')), world)(queueEvent(line(1)));
    world.failures = 2;
    await expect(createHandler(plan(outputs('fail')), world)(queueEvent(line(2)))).rejects.toThrow('cache is down');
    world.failures = 2;
    await createHandler(plan(outputs('drop')), world)(queueEvent(line(3)));
    expect(world.records().map(({ id }) => id)).toEqual(['r1', 'r3']);
    expect(world.waits).toEqual([50, 50, 50]);
  });

  it('spends no time on records that it leaves out', async () => {
    const world = new FakeWorld();
    const handler = createHandler({ ...asking('beforeProcessing'), work: { ...idle, perRecordMs: 10 } }, world);
    await handler(queueEvent(line(1), line(2)));
    await handler(queueEvent(line(1), line(2), line(3)));
    expect(world.waits).toEqual([20, 10]);
  });

  it('writes keys of the configured size', async () => {
    const world = new FakeWorld();
    const outputs = [{ emit: { isCall: true }, targets: [{ ...cache, keyBytes: 40 }] }];
    await createHandler(plan(outputs), world)(queueEvent(line(1)));
    expect([...world.marks.keys()].map((key) => key.length)).toEqual([40]);
  });
});

describe('a handler that transforms for a delivery stream', () => {
  interface Answer {
    readonly records: { recordId: string; result: string; data: string }[];
  }
  const event = { records: many.map((text, i) => ({ recordId: String(i), data: encoded(text) })) };

  it('gives every record back, in order', async () => {
    const answer = (await createHandler(plan([]), new FakeWorld())(event)) as Answer;
    expect(answer.records.map(({ recordId }) => recordId)).toEqual(event.records.map(({ recordId }) => recordId));
    expect(answer.records.every(({ result }) => result === 'Ok')).toBe(true);
    expect(answer.records[0]?.data).toBe(event.records[0]?.data);
  });

  it('drops and fails the configured shares', async () => {
    const transform = { droppedRatio: 0.1, failedRatio: 0.2, sizeFactor: 1 };
    const { records } = (await createHandler(plan([], { transform }), new FakeWorld())(event)) as Answer;
    const count = (wanted: string): number => records.filter(({ result }) => result === wanted).length;
    // 200 and 400 expected, standard deviations 13 and 18.
    expect(Math.abs(count('Dropped') - 200)).toBeLessThan(60);
    expect(Math.abs(count('ProcessingFailed') - 400)).toBeLessThan(80);
  });

  it('changes sizes as configured', async () => {
    const transform = { droppedRatio: 0, failedRatio: 0, sizeFactor: 2 };
    const { records } = (await createHandler(
      plan([], { transform }),
      new FakeWorld(),
    )({
      records: [{ recordId: 'a', data: encoded(line(1, 'abcd')) }],
    })) as Answer;
    const text = Buffer.from(records[0]?.data ?? '', 'base64').toString();
    expect((JSON.parse(text) as { p: string }).p).toHaveLength(8);
  });

  it('answers nothing to other services', async () => {
    expect(await createHandler(plan([]), new FakeWorld())(queueEvent(line(1)))).toBeUndefined();
  });
});
