/** The surroundings of a handler as tests need them: targets that remember, a cache in memory, waits that are counted. */
import type { AskedClient, Entry, Refusal, TargetClient } from '#catalog/models/deployment/client.ts';
import type { Surroundings } from '#catalog/models/deployment/handler/plan.ts';
import type { HandlerPlan } from '#schema/deployment.ts';
import { type WireRecord, parseRecords } from '#catalog/models/deployment/client.ts';

export interface Sent {
  readonly protocol: string;
  readonly address: string;
  readonly entries: readonly Entry[];
}

export class FakeWorld implements Surroundings {
  readonly sent: Sent[] = [];
  readonly waits: number[] = [];
  readonly asks: string[] = [];
  readonly marks = new Map<string, number>();
  /** Entries to refuse in each next call, or a whole call to fail. */
  readonly answers: (readonly number[] | Error)[] = [];
  /** Calls of the cache that fail before one succeeds. */
  failures = 0;
  draw = 0.5;

  random = (): number => this.draw;

  wait = (ms: number): Promise<void> => {
    this.waits.push(ms);
    return Promise.resolve();
  };

  target(protocol: string): TargetClient {
    const send = (address: string, entries: readonly Entry[]): Promise<readonly Refusal[]> => {
      this.sent.push({ protocol, address, entries });
      const answer = this.answers.shift() ?? [];
      if (answer instanceof Error) return Promise.reject(answer);
      return Promise.resolve(answer.map((index) => ({ index, code: 'Throttled' })));
    };
    return { maxEntries: 10, maxBytes: 1000, send, close: () => undefined };
  }

  asked(): AskedClient {
    return {
      has: (_address, keys) => {
        this.asks.push(`has ${keys.join(',')}`);
        return Promise.resolve(keys.map((key) => this.marks.has(key)));
      },
      put: (_address, keys, { timeToLiveSeconds, onlyNew }) => {
        this.failures -= 1;
        if (this.failures >= 0) return Promise.reject(new Error('the cache is down'));
        this.asks.push(`put ${keys.join(',')}`);
        return Promise.resolve(
          keys.map((key) => {
            if (onlyNew && this.marks.has(key)) return false;
            this.marks.set(key, timeToLiveSeconds);
            return true;
          }),
        );
      },
      close: () => undefined,
    };
  }

  /** Records that came out, in order. */
  records(): WireRecord[] {
    return this.sent.flatMap(({ entries }) => entries.flatMap(({ body }) => parseRecords(body)));
  }
}

export const idle: HandlerPlan['work'] = {
  law: 'deterministic',
  coefficientOfVariation: 0,
  perInvocationMs: 0,
  perRecordMs: 0,
  errorRatio: 0,
};

export const toQueue = { protocol: 'sqs-send', address: 'queue' } as const;

export function record(id: number | string, padding = 'xxxx'): WireRecord {
  return { id: `r${id}`, t: 1000, k: `key-${id}`, p: padding };
}

export function line(id: number | string, padding?: string): string {
  return JSON.stringify(record(id, padding));
}

/** An SQS event of messages, each of some records. */
export function queueEvent(...bodies: string[]): { Records: { body: string }[] } {
  return { Records: bodies.map((body) => ({ body })) };
}
