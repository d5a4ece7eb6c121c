import { describe, expect, it } from 'vitest';
import { type Operation, Operations } from '#host/deployments/operations.ts';
import { WindowSeat } from '#host/documents/window-seat.ts';
import type { AwsEvent } from '#schema/rpc-aws.ts';

interface Told {
  readonly kind: 'told';
  readonly n: number;
}

function begin<Result>(
  operations: Operations,
  work: (operation: Operation<Told>) => Promise<Result>,
  seat = new WindowSeat(),
) {
  const controller = new AbortController();
  const events = operations.run<Told, Result>({ seat, signal: controller.signal }, work);
  const next = async (): Promise<AwsEvent<Told, Result>> => {
    const { value } = await events.next();
    if (value === undefined) throw new Error('the stream has ended');
    return value;
  };
  return { seat, controller, events, next };
}

async function question(next: () => Promise<AwsEvent<Told, unknown>>) {
  const event = await next();
  if (event.kind !== 'question') throw new Error(`a question was expected, not ${event.kind}`);
  return event;
}

describe('an operation of a window', () => {
  it('names itself, tells in order, and ends with the result', async () => {
    const { events } = begin(new Operations(), async ({ tell }) => {
      tell({ kind: 'told', n: 1 });
      tell({ kind: 'told', n: 2 });
      return 'the result';
    });
    const told: AwsEvent<Told, string>[] = [];
    for await (const event of events) told.push(event);
    expect(told.map(({ kind }) => kind)).toEqual(['started', 'told', 'told', 'done']);
    expect(told.at(-1)).toEqual({ kind: 'done', result: 'the result' });
  });

  it('asks, and goes on with the trimmed answer of its own window', async () => {
    const operations = new Operations();
    const { seat, next } = begin(operations, async ({ ask }) => ask({ kind: 'mfa', serial: 'device' }));
    await next();
    const { questionId } = await question(next);
    expect(() => operations.answer(new WindowSeat(), questionId, 'no')).toThrow('not asked any more');
    operations.answer(seat, questionId, ' 123456 ');
    expect(await next()).toEqual({ kind: 'done', result: '123456' });
    expect(() => operations.answer(seat, questionId, 'again')).toThrow('not asked any more');
  });

  it('fails with the error of its work, after what was told before', async () => {
    const { next } = begin(new Operations(), async ({ tell }) => {
      tell({ kind: 'told', n: 1 });
      throw new Error('AWS said no');
    });
    await next();
    expect(await next()).toEqual({ kind: 'told', n: 1 });
    await expect(next()).rejects.toThrow('AWS said no');
  });

  it('is stopped by its window and by no other, and may still give a result', async () => {
    const operations = new Operations();
    const { seat, next } = begin(operations, async ({ signal }) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      return 'what was done so far';
    });
    const started = await next();
    const operationId = started.kind === 'started' ? started.operationId : '';
    expect(() => operations.stop(new WindowSeat(), operationId)).toThrow('ended already');
    operations.stop(seat, operationId);
    expect(await next()).toEqual({ kind: 'done', result: 'what was done so far' });
  });

  it('fails a question that nobody will answer: stopped, or the window gone', async () => {
    const operations = new Operations();
    const ends: string[] = [];
    const work = async ({ ask }: Operation<Told>): Promise<void> => {
      await ask({ kind: 'mfa', serial: 'device' }).catch((error: unknown) => ends.push(String(error)));
    };
    const stopped = begin(operations, work);
    const started = await stopped.next();
    await question(stopped.next);
    operations.stop(stopped.seat, started.kind === 'started' ? started.operationId : '');
    await stopped.next();
    const gone = begin(operations, work);
    await gone.next();
    await question(gone.next);
    await gone.events.return();
    await new Promise((resolve) => setImmediate(resolve));
    expect(ends).toHaveLength(2);
    expect(ends[0]).toContain('nothing was changed');
  });

  it('asks for codes of MFA devices by one function for each window, and takes only six digits', async () => {
    const operations = new Operations();
    const seat = new WindowSeat();
    const askers: unknown[] = [];
    const work = async ({ askMfaCode }: Operation<Told>): Promise<string> => {
      askers.push(askMfaCode);
      return askMfaCode('device');
    };
    const first = begin(operations, work, seat);
    await first.next();
    operations.answer(seat, (await question(first.next)).questionId, '654321');
    expect(await first.next()).toEqual({ kind: 'done', result: '654321' });
    const second = begin(operations, work, seat);
    await second.next();
    operations.answer(seat, (await question(second.next)).questionId, '65432');
    await expect(second.next()).rejects.toThrow('six digits');
    expect(askers[0]).toBe(askers[1]);
    await expect(begin(operations, work).next()).resolves.toMatchObject({ kind: 'started' });
    expect(askers[2]).not.toBe(askers[0]);
  });
});
