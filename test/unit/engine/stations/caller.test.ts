/** Calls of an invocation: in turn, at once, in one go or as one; what is repeated, what is given up, what is left out. */
import { describe, expect, it } from 'vitest';
import type { CallBinding, CallOutlet } from '#engine/behavior.ts';
import { Flow } from '#engine/flow/flow.ts';
import {
  ANSWER_DONE,
  ANSWER_FAILED,
  ANSWER_LEAVE_OUT,
  ANSWER_REFUSED,
  type CallReply,
  type CallRequest,
} from '#engine/flow/ports.ts';
import { DrawStream } from '#engine/kernel/draws.ts';
import { Kernel } from '#engine/kernel/kernel.ts';
import { Caller } from '#engine/stations/caller.ts';
import { emitSchema } from '#schema/emit.ts';

const LATENCY_US = 1000;

interface Heard {
  readonly atUs: number;
  readonly token: number;
  readonly phase: string;
  readonly ok: boolean;
}

interface Asked {
  readonly atUs: number;
  readonly records: readonly number[];
  readonly calls: number;
  readonly isRetry: boolean;
}

/** A caller of one output; `answer` says what becomes of a record at which attempt. */
function setUp(emit: Record<string, unknown>, answer: (record: number, ask: number) => number = () => ANSWER_DONE) {
  const kernel = new Kernel(0);
  const flow = new Flow(1, () => undefined);
  const asked: Asked[] = [];
  const heard: Heard[] = [];
  const outlet: CallOutlet = {
    edge: 0,
    bit: 0,
    targetNode: 0,
    latencyFactor: 1,
    isAskedAfter: true,
    call(request: CallRequest, reply: CallReply, isRetry: boolean) {
      const records = [...request.records.subarray(0, request.count)];
      const answers = records.map((record) => answer(record, asked.length));
      asked.push({ atUs: kernel.nowUs, records, calls: request.calls, isRetry });
      reply.answers.set(answers);
      reply.refused = answers.filter((given) => given === ANSWER_REFUSED).length;
      reply.failed = answers.filter((given) => given === ANSWER_FAILED).length;
      reply.latencyUs = LATENCY_US;
      reply.retryAfterUs = 0;
      reply.bytes = 0;
    },
    onEnded: () => undefined,
  };
  const binding: CallBinding = {
    id: 'lookups',
    emit: emitSchema.parse({ retryBaseMs: 0, ...emit }),
    outlets: [outlet],
  };
  const caller = new Caller({ kernel, flow, draw: (purpose) => new DrawStream(1, 'test', purpose) }, [binding], {
    onCalled: (token, phase, ok) => heard.push({ atUs: kernel.nowUs, token, phase, ok }),
  });
  const parcels = Int32Array.from({ length: 3 }, (_, i) => flow.create(0, 0, i, -1, 10, 0));
  const leaveOut = new Uint8Array(3);
  const ask = (from = 0, to = 3, token = 7): void => caller.ask(parcels, from, to, 'before', leaveOut, token);
  return { kernel, caller, asked, heard, parcels, leaveOut, ask };
}

const ok = (atUs: number): Heard => ({ atUs, token: 7, phase: 'before', ok: true });

describe('a call for each record', () => {
  it('waits for one answer before it makes the next, when sequential', () => {
    const { kernel, asked, heard, ask, caller } = setUp({});
    ask();
    kernel.run(10_000);
    expect(asked.map(({ atUs, records }) => [atUs, records])).toEqual([
      [0, [0]],
      [1000, [1]],
      [2000, [2]],
    ]);
    expect(heard).toEqual([ok(3000)]);
    expect(caller.isSequential).toBe(true);
  });

  it('takes one latency when all are made at once', () => {
    const { kernel, asked, heard, ask } = setUp({ order: 'parallel' });
    ask();
    kernel.run(10_000);
    expect(asked.map(({ atUs, records }) => [atUs, records])).toEqual([
      [0, [0]],
      [0, [1]],
      [0, [2]],
    ]);
    expect(heard).toEqual([ok(1000)]);
  });

  it('takes one latency and counts every call when pipelined', () => {
    const { kernel, asked, heard, ask } = setUp({ order: 'pipelined' });
    ask();
    kernel.run(10_000);
    expect(asked).toEqual([{ atUs: 0, records: [0, 1, 2], calls: 3, isRetry: false }]);
    expect(heard).toEqual([ok(1000)]);
  });
});

describe('a call for each invocation', () => {
  it('asks about all records in one', () => {
    const { kernel, asked, heard, ask } = setUp({ callsPer: 'invocation' });
    ask();
    kernel.run(10_000);
    expect(asked).toEqual([{ atUs: 0, records: [0, 1, 2], calls: 1, isRetry: false }]);
    expect(heard).toEqual([ok(1000)]);
  });

  it('uses the latency that the output names', () => {
    const { kernel, heard, ask } = setUp({ callsPer: 'invocation', callLatencyMs: 5 });
    ask();
    kernel.run(10_000);
    expect(heard).toEqual([ok(5000)]);
  });
});

describe('an answer', () => {
  it('leaves records out, which are not asked about again', () => {
    const { kernel, asked, leaveOut, ask } = setUp({}, (record) => (record === 1 ? ANSWER_LEAVE_OUT : ANSWER_DONE));
    ask();
    kernel.run(10_000);
    expect([...leaveOut]).toEqual([0, 1, 0]);
    ask();
    kernel.run(20_000);
    expect(asked.slice(3).map(({ records }) => records)).toEqual([[0], [2]]);
  });

  it('that refuses or fails some records is asked for these again', () => {
    const refusals: Readonly<Record<number, number>> = { 0: ANSWER_REFUSED, 2: ANSWER_FAILED };
    const { kernel, asked, heard, ask } = setUp({ order: 'pipelined' }, (record, call) =>
      call === 0 ? (refusals[record] ?? ANSWER_DONE) : ANSWER_DONE,
    );
    ask();
    kernel.run(10_000);
    expect(asked.map(({ records, calls, isRetry }) => [records, calls, isRetry])).toEqual([
      [[0, 1, 2], 3, false],
      [[0, 2], 2, true],
    ]);
    expect(heard).toMatchObject([{ ok: true }]);
  });

  it('that never comes fails the invocation after the attempts of the output, and no more calls are made', () => {
    const { kernel, asked, heard, ask } = setUp({ maxAttempts: 2 }, () => ANSWER_FAILED);
    ask();
    kernel.run(10_000);
    expect(asked.map(({ records }) => records)).toEqual([[0], [0]]);
    expect(heard).toMatchObject([{ ok: false }]);
  });

  it('that never comes is done without, when the output says so', () => {
    const { kernel, asked, heard, ask, leaveOut } = setUp(
      { maxAttempts: 1, onExhausted: 'drop' },
      () => ANSWER_REFUSED,
    );
    ask();
    kernel.run(10_000);
    expect(asked).toHaveLength(3);
    expect(heard).toMatchObject([{ ok: true }]);
    expect([...leaveOut]).toEqual([0, 0, 0]);
  });
});

describe('an invocation that is cut off', () => {
  it('makes no further calls, and is heard of when the answer under way has come', () => {
    const { kernel, caller, asked, heard, ask } = setUp({});
    ask();
    kernel.run(1500);
    caller.abandon(7);
    kernel.run(10_000);
    expect(asked).toHaveLength(2);
    expect(heard).toEqual([{ atUs: 2000, token: 7, phase: 'before', ok: false }]);
  });
});
