/** Operations on deployments that windows have under way: what they tell, what they ask, and how they are ended early. */
import { randomUUID } from 'node:crypto';
import type { WindowSeat } from '#host/documents/window-seat.ts';
import { Mailbox } from '#host/router/mailbox.ts';
import { EnvironmentError, InputError } from '#schema/errors.ts';
import type { AwsEvent, AwsQuestion } from '#schema/rpc-aws.ts';

/** What an operation has while it works. */
export interface Operation<Told> {
  /** Aborted when the window ends the operation, or is gone. */
  readonly signal: AbortSignal;
  /** `isNewest`: only the newest of its kind matters. */
  readonly tell: (told: Told, isNewest?: boolean) => void;
  /** The user's answer; empty for "no". Rejects when the operation is ended meanwhile. */
  readonly ask: (question: AwsQuestion) => Promise<string>;
  /** Asks for the code of an MFA device. The same function for all operations of a window, which keep their credentials by it. */
  readonly askMfaCode: (serial: string) => Promise<string>;
}

type Ask = (question: AwsQuestion) => Promise<string>;

interface Asker {
  readonly askMfaCode: (serial: string) => Promise<string>;
  /** Of the operations under way, the newest last. */
  readonly asks: Ask[];
}

interface Pending {
  readonly seat: WindowSeat;
  readonly resolve: (text: string) => void;
}

export class Operations {
  private readonly underway = new Map<string, { readonly seat: WindowSeat; readonly controller: AbortController }>();
  private readonly pending = new Map<string, Pending>();
  private readonly askers = new WeakMap<WindowSeat, Asker>();

  /** Works, and gives what the work tells; ends it when nobody reads any more. */
  async *run<Told extends { readonly kind: string }, Result>(
    { seat, signal }: { readonly seat: WindowSeat; readonly signal: AbortSignal },
    work: (operation: Operation<Told>) => Promise<Result>,
  ): AsyncGenerator<AwsEvent<Told, Result>, void, void> {
    const operationId = randomUUID();
    const controller = new AbortController();
    const stop = (): void => controller.abort();
    const mailbox = new Mailbox<AwsEvent<Told, Result> & { readonly kind: string }>();
    const ask: Ask = (question) => this.ask(question, seat, controller.signal, (event) => mailbox.put(event));
    const asker = this.askerOf(seat);
    this.underway.set(operationId, { seat, controller });
    asker.asks.push(ask);
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    mailbox.put({ kind: 'started', operationId });
    work({
      signal: controller.signal,
      tell: (told, isNewest = false) => (isNewest ? mailbox.replace(told) : mailbox.put(told)),
      ask,
      askMfaCode: asker.askMfaCode,
    }).then(
      (result) => {
        mailbox.put({ kind: 'done', result });
        mailbox.close();
      },
      (error: unknown) => mailbox.fail(error),
    );
    try {
      yield* mailbox.read();
    } finally {
      signal.removeEventListener('abort', stop);
      this.underway.delete(operationId);
      asker.asks.splice(asker.asks.indexOf(ask), 1);
      stop();
    }
  }

  answer(seat: WindowSeat, questionId: string, text: string): void {
    const pending = this.pending.get(questionId);
    if (pending?.seat !== seat) throw ended('aws/not-asked', 'this is not asked any more');
    pending.resolve(text.trim());
  }

  stop(seat: WindowSeat, operationId: string): void {
    const found = this.underway.get(operationId);
    if (found?.seat !== seat) throw ended('aws/not-underway', 'this has ended already');
    found.controller.abort();
  }

  stopAll(): void {
    for (const { controller } of this.underway.values()) controller.abort();
  }

  private ask(
    question: AwsQuestion,
    seat: WindowSeat,
    signal: AbortSignal,
    put: (event: { readonly kind: 'question'; readonly questionId: string; readonly question: AwsQuestion }) => void,
  ): Promise<string> {
    const questionId = randomUUID();
    return new Promise<string>((resolve, reject) => {
      const give = (): void => {
        this.pending.delete(questionId);
        signal.removeEventListener('abort', refuse);
      };
      const refuse = (): void => {
        give();
        reject(new EnvironmentError('run/cancelled', 'cancelled before it was confirmed; nothing was changed'));
      };
      if (signal.aborted) {
        refuse();
        return;
      }
      signal.addEventListener('abort', refuse);
      this.pending.set(questionId, {
        seat,
        resolve: (text) => {
          give();
          resolve(text);
        },
      });
      put({ kind: 'question', questionId, question });
    });
  }

  private askerOf(seat: WindowSeat): Asker {
    const known = this.askers.get(seat);
    if (known !== undefined) return known;
    const asks: Ask[] = [];
    const asker: Asker = {
      asks,
      askMfaCode: async (serial) => {
        const code = await asks.at(-1)?.({ kind: 'mfa', serial });
        if (code !== undefined && /^\d{6}$/.test(code)) return code;
        throw new EnvironmentError('aws/mfa-refused', 'a code of an MFA device has six digits; try again');
      },
    };
    this.askers.set(seat, asker);
    return asker;
  }
}

function ended(code: string, message: string): InputError {
  return new InputError([{ code, path: '', message }]);
}
