import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { HostClient } from '#renderer/state/host-client.ts';
import { EnvironmentError, InputError } from '#schema/errors.ts';
import type { AwsQuestion, PlanEvent, PlanningTold } from '#schema/rpc-aws.ts';
import type { DeploymentPlan } from '#schema/deployment-plan.ts';

vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => undefined });
vi.stubGlobal('sessionStorage', { getItem: () => null, setItem: () => undefined });
const { useAws } = await import('#renderer/aws/aws-store.ts');
const { answerQuestion, dismissOperation, runOperation, tellProgress } = await import('#renderer/aws/operation.ts');
const { setConnection } = await import('#renderer/state/app-store.ts');

const plan = { stackName: 'shop' } as DeploymentPlan;
const connected = (): HostClient['aws'] => ({}) as HostClient['aws'];

async function* events(all: readonly PlanEvent[], failure?: Error): AsyncGenerator<PlanEvent> {
  yield* all;
  if (failure !== undefined) throw failure;
}

function run(all: readonly PlanEvent[], failure?: Error, told?: (told: PlanningTold) => void) {
  return runOperation<PlanningTold, DeploymentPlan>(
    'plan',
    { open: async () => events(all, failure), begins: 'Making the template', ...(told === undefined ? {} : { told }) },
    connected,
  );
}

const started = { kind: 'started', operationId: 'op' } as const;
const done = { kind: 'done', result: plan } as const;
const operation = () => useAws.getState().operations.stack;

beforeEach(() => {
  setConnection('open');
  useAws.setState({ operations: {}, questions: [] });
});

describe('an operation on a stack', () => {
  it('gives its result, and what it told on the way', async () => {
    const told: string[] = [];
    const end = await run([started, { kind: 'planning', step: 'account' }, done], undefined, ({ step }) =>
      told.push(step),
    );
    expect(end).toEqual({ kind: 'done', result: plan });
    expect(told).toEqual(['account']);
    expect(operation()).toMatchObject({ kind: 'plan', operationId: 'op', phase: 'done', progress: undefined });
  });

  it('keeps what it asks until it has ended', async () => {
    const question = { kind: 'mfa', serial: 'device' } as const;
    const seen: number[] = [];
    await run(
      [started, { kind: 'question', questionId: 'q', question }, { kind: 'planning', step: 'account' }, done],
      undefined,
      () => seen.push(useAws.getState().questions.length),
    );
    expect(seen).toEqual([1]);
    expect(useAws.getState().questions).toEqual([]);
  });

  it('is confirmed by an answer that is not empty, and not by a code', async () => {
    const confirmed: (boolean | undefined)[] = [];
    const ask = async (question: AwsQuestion, text: string): Promise<void> => {
      await run(
        [started, { kind: 'question', questionId: 'q', question }, { kind: 'planning', step: 'account' }, done],
        undefined,
        () => {
          // Not connected, so the answer goes nowhere: what counts is what is remembered.
          void answerQuestion('q', text);
          confirmed.push(operation()?.isConfirmed);
        },
      );
    };
    await ask({ kind: 'deploy', name: 'shop', plan }, 'shop');
    await ask({ kind: 'deploy', name: 'shop', plan }, '');
    await ask({ kind: 'mfa', serial: 'device' }, '123456');
    expect(confirmed).toEqual([true, undefined, undefined]);
  });

  it('is the only one of its slot', async () => {
    let release = (): void => undefined;
    const waits = new Promise<void>((resolve) => {
      release = resolve;
    });
    async function* slow(): AsyncGenerator<PlanEvent> {
      yield started;
      await waits;
      yield done;
    }
    const first = runOperation<PlanningTold, DeploymentPlan>('plan', { open: async () => slow() }, connected);
    expect(await run([started, done])).toEqual({ kind: 'busy' });
    release();
    expect(await first).toMatchObject({ kind: 'done' });
  });

  it('fails with the sentence and the code of the host, each fault kept', async () => {
    const refused = new EnvironmentError('aws/no-credentials', 'no AWS credentials were found');
    expect(await run([started], refused)).toMatchObject({
      kind: 'failed',
      failure: { code: 'aws/no-credentials', text: 'No AWS credentials were found.' },
    });
    const faults = [
      { code: 'deploy/left-out', path: 'nodes.back-end', message: 'cannot be deployed: simulation only' },
    ];
    expect(await run([started], new InputError(faults))).toMatchObject({
      failure: { code: 'deploy/left-out', faults },
    });
    expect(operation()?.phase).toBe('failed');
  });

  it('is cancelled, and has not failed, where the user has stopped it', async () => {
    async function* stopped(): AsyncGenerator<PlanEvent> {
      yield started;
      useAws.setState(({ operations }) => ({
        operations: { stack: { ...operations.stack!, phase: 'stopping' } },
      }));
      throw new EnvironmentError('run/cancelled', 'the plan was cancelled');
    }
    const end = await runOperation<PlanningTold, DeploymentPlan>('plan', { open: async () => stopped() }, connected);
    expect(end).toEqual({ kind: 'cancelled' });
    expect(operation()).toMatchObject({ phase: 'cancelled', failure: undefined });
  });

  it('says that AWS goes on where the connection to the host is lost', async () => {
    async function* lost(): AsyncGenerator<PlanEvent> {
      yield started;
      setConnection('lost');
      throw new Error('closed');
    }
    const end = await runOperation<PlanningTold, DeploymentPlan>('deploy', { open: async () => lost() }, connected);
    expect(end).toMatchObject({ kind: 'lost' });
    expect(operation()?.failure?.text).toContain('AWS goes on with what it was told');
  });

  it('fails where it ends without a result', async () => {
    expect(await run([started])).toMatchObject({ kind: 'failed' });
  });

  it('says what it does, and is gone when it is dismissed', async () => {
    const texts: (string | undefined)[] = [];
    await run([started, { kind: 'planning', step: 'simulation', ratio: 0.5 }], undefined, () => {
      texts.push(operation()?.progress?.text);
      tellProgress('plan', 'Simulating', 0.5);
      texts.push(operation()?.progress?.text);
    });
    expect(texts).toEqual(['Making the template', 'Simulating']);
    dismissOperation('stack');
    expect(operation()).toBeUndefined();
  });
});
