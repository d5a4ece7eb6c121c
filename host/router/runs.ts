/** The runs that windows have started, each by its id: a stream of events for the window that started it. */
import { randomUUID } from 'node:crypto';
import { type StartedRun, startRun } from '#host/runs/run-service.ts';
import { type KeptRun, keptRun } from '#host/saved-runs/run-files.ts';
import type { CaudalDocument } from '#schema/document.ts';
import { InputError } from '#schema/errors.ts';
import type { RunEvent, RunInput } from '#schema/rpc.ts';
import { Mailbox } from './mailbox.ts';
import { PartialTrimmer } from './partial-trimmer.ts';

export type RunOverrides = Omit<RunInput, 'document'>;

export class Runs {
  private readonly underway = new Map<string, StartedRun>();

  /** Runs a document; `onFinished` hears of a run that went to its end. The run ends with the stream: a window that closes cancels what it started. */
  async *start(
    document: CaudalDocument,
    overrides: RunOverrides,
    signal: AbortSignal,
    onFinished?: (runId: string, kept: KeptRun) => void,
  ): AsyncGenerator<RunEvent, void, void> {
    const complete = withOverrides(document, overrides);
    const runId = randomUUID();
    const mailbox = new Mailbox<RunEvent>();
    const { seed, horizonSeconds } = complete.run;
    mailbox.put({ kind: 'started', runId, seed, horizonSeconds });
    const run = startRun(complete, {
      onProgress: (progress) => mailbox.replace(progress),
      onPartial: (partial) => mailbox.replace(partial),
    });
    this.underway.set(runId, run);
    const cancel = (): void => run.cancel();
    signal.addEventListener('abort', cancel);
    run.finished.then(
      (finished) => {
        const { report, cancelled, output } = finished;
        const { playback, result } = output;
        if (!cancelled) onFinished?.(runId, keptRun(complete, finished));
        mailbox.put({ kind: 'done', report, cancelled, playback, usage: result.usage });
        mailbox.close();
      },
      (error: unknown) => mailbox.fail(error),
    );
    try {
      const trimmer = new PartialTrimmer();
      for await (const event of mailbox.read()) yield event.kind === 'partial' ? trimmer.trim(event) : event;
    } finally {
      signal.removeEventListener('abort', cancel);
      this.underway.delete(runId);
      run.cancel();
    }
  }

  pause(runId: string): void {
    this.find(runId).pause();
  }

  resume(runId: string): void {
    this.find(runId).resume();
  }

  cancel(runId: string): void {
    this.find(runId).cancel();
  }

  cancelAll(): void {
    for (const run of this.underway.values()) run.cancel();
  }

  private find(runId: string): StartedRun {
    const run = this.underway.get(runId);
    if (run !== undefined) return run;
    throw new InputError([{ code: 'run/not-running', path: '', message: 'the run has ended' }]);
  }
}

function withOverrides(document: CaudalDocument, overrides: RunOverrides): CaudalDocument {
  const given = Object.fromEntries(Object.entries(overrides).filter(([, value]) => value !== undefined));
  return { ...document, run: { ...document.run, ...given } };
}
