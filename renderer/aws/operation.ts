/**
 * Runs one operation of `schema/rpc-aws.ts`: keeps what it is doing in the store, shows what it asks, and says in words how it
 * ended. Never throws: what failed is in the result and in the store.
 */
import { useApp } from '#renderer/state/app-store.ts';
import { host } from '#renderer/state/connection.ts';
import { codeOf, type HostClient, hostError, sentenceOf } from '#renderer/state/host-client.ts';
import { type Fault, InputError } from '#schema/errors.ts';
import type { AwsEvent, AwsQuestion } from '#schema/rpc-aws.ts';
import {
  addQuestion,
  changeOperation,
  isWorking,
  type OperationFailure,
  type OperationKind,
  type OperationSlot,
  putOperation,
  removeQuestion,
  removeQuestionsOf,
  slotOf,
  useAws,
} from './aws-store.ts';
import { windowWords } from './window-words.ts';

/**
 * - `busy`: not begun, as another operation of the same slot is under way
 * - `cancelled`: ended by the user before there was a result
 */
export type OperationEnd<Result> =
  | { readonly kind: 'done'; readonly result: Result }
  | { readonly kind: 'busy' }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed' | 'lost'; readonly failure: OperationFailure };

type Stream<Event> = AsyncIterable<Event> | PromiseLike<AsyncIterable<Event>>;

export interface OperationCalls<Told, Result> {
  /** Begins it: one call of `aws`. */
  readonly open: (aws: HostClient['aws']) => Stream<AwsEvent<Told, Result>>;
  /** What is being done at first, in words. */
  readonly begins?: string;
  /** Hears what it asks, besides the user. */
  readonly asked?: (question: AwsQuestion) => void;
  /** Hears what it tells, apart from `started`, questions and the result. */
  readonly told?: (told: Told) => void;
}

/** What happens where the window loses its own host in the middle. */
const LOST: Readonly<Record<OperationSlot, string>> = {
  account: 'The connection to Caudal was lost before AWS had answered. Look again.',
  stack:
    'The connection to Caudal was lost. AWS goes on with what it was told; nothing that had not been confirmed is done. Follow it again to see how it ends.',
  drive:
    'The connection to Caudal was lost, so driving has ended. Records that were sent are in AWS; there is no report.',
  measure: 'The connection to Caudal was lost before there was a result. Nothing was changed; do it again.',
};

/** Resolves when it has ended, in whatever way. `connected`: the calls of the host; throws where there is no connection. */
export async function runOperation<Told extends { readonly kind: string }, Result>(
  kind: OperationKind,
  { open, told, asked, begins }: OperationCalls<Told, Result>,
  connected: () => HostClient['aws'] = () => host().aws,
): Promise<OperationEnd<Result>> {
  const slot = slotOf[kind];
  if (isWorking(useAws.getState().operations[slot])) return { kind: 'busy' };
  putOperation(slot, {
    kind,
    operationId: undefined,
    phase: 'running',
    startedMs: Date.now(),
    progress: begins === undefined ? undefined : { text: begins },
    failure: undefined,
  });
  try {
    for await (const event of await open(connected())) {
      if (isDone<Told, Result>(event)) {
        changeOperation(slot, { phase: 'done', progress: undefined });
        return { kind: 'done', result: event.result };
      }
      if (isStarted(event)) changeOperation(slot, { operationId: event.operationId });
      else if (isQuestion(event)) {
        asked?.(event.question);
        addQuestion({ slot, questionId: event.questionId, question: event.question });
      } else told?.(event as Told);
    }
    throw new Error('it ended without a result; do it again');
  } catch (error) {
    return endedBy(slot, error);
  } finally {
    removeQuestionsOf(slot);
  }
}

function endedBy(slot: OperationSlot, error: unknown): OperationEnd<never> {
  const found = hostError(error);
  const isLost = useApp.getState().connection !== 'open';
  if (isLost) {
    const failure = { code: 'window/connection-lost', text: LOST[slot], faults: [] };
    changeOperation(slot, { phase: 'lost', failure, progress: undefined });
    return { kind: 'lost', failure };
  }
  if (useAws.getState().operations[slot]?.phase === 'stopping') {
    changeOperation(slot, { phase: 'cancelled', progress: undefined });
    return { kind: 'cancelled' };
  }
  const failure = { code: codeOf(found), text: windowWords(sentenceOf(found)), faults: faultsOf(found) };
  changeOperation(slot, { phase: 'failed', failure, progress: undefined });
  return { kind: 'failed', failure };
}

/** What is being done now, in words. */
export function tellProgress(kind: OperationKind, text: string, ratio?: number): void {
  changeOperation(slotOf[kind], { progress: { text, ratio } });
}

/** Ends it early. Where it can say what it has done until then, it still does: driving gives its report. */
export async function stopOperation(slot: OperationSlot): Promise<void> {
  const operation = useAws.getState().operations[slot];
  if (operation?.phase !== 'running' || operation.operationId === undefined) return;
  changeOperation(slot, { phase: 'stopping' });
  try {
    await host().aws.stop({ operationId: operation.operationId });
  } catch {
    // One that has ended in this moment says so itself.
    return;
  }
}

/** The answer to what an operation asks; empty for "no". */
export async function answerQuestion(questionId: string, text: string): Promise<void> {
  const asked = useAws.getState().questions.find((one) => one.questionId === questionId);
  if (asked !== undefined && asked.question.kind !== 'mfa' && text !== '')
    changeOperation(asked.slot, { isConfirmed: true });
  removeQuestion(questionId);
  try {
    await host().aws.answer({ questionId, text });
  } catch {
    // One that is not asked any more has ended, and says so itself.
    return;
  }
}

/** Takes what has ended away, with its failure. */
export function dismissOperation(slot: OperationSlot): void {
  if (!isWorking(useAws.getState().operations[slot])) putOperation(slot, undefined);
}

function faultsOf(error: Error): readonly Fault[] {
  return error instanceof InputError ? error.faults : [];
}

type Started = Extract<AwsEvent<never, never>, { kind: 'started' }>;
type Question = Extract<AwsEvent<never, never>, { kind: 'question' }>;

function isStarted(event: { readonly kind: string }): event is Started {
  return event.kind === 'started';
}

function isQuestion(event: { readonly kind: string }): event is Question {
  return event.kind === 'question';
}

function isDone<Told extends { readonly kind: string }, Result>(
  event: AwsEvent<Told, Result>,
): event is { readonly kind: 'done'; readonly result: Result } {
  return event.kind === 'done';
}
