/**
 * The child processes that load the CDK. One takes seconds for its first template, most of them to read the rules that templates are checked
 * against, and a fraction of one for the next: it is kept for a while (docs/decisions/0011).
 */
import { type ChildProcess, fork } from 'node:child_process';
import type { Socket } from 'node:net';
import { type ChildReply, childReplySchema, type SynthRequest } from '#schema/deployment.ts';

/** A synth takes 2 to 3 s, longer on a busy machine. */
const LIMIT_MS = 120_000;

/** How long a child is kept that has nothing to do: it holds about 400 MB. */
const KEPT_MS = 120_000;

/** Templates that one child makes: the CDK never forgets the tokens of a template. */
const MOST_TEMPLATES = 50;

/** A child that ended without an answer, and the last that it printed. */
export class ChildEnded extends Error {
  readonly complaint: string;

  constructor(complaint: string) {
    super(`the CDK child ended without an answer: ${complaint}`);
    this.complaint = complaint;
  }
}

let kept: CdkChild | undefined;

/**
 * Asks the child that is kept, or else a new one that is started from `file`. `signal` ends the child. Rejects with a ChildEnded, or with what
 * kept it from being started.
 */
export async function askChild(file: string, request: SynthRequest, signal?: AbortSignal): Promise<ChildReply> {
  signal?.throwIfAborted();
  const child = kept?.isAlive === true ? kept : new CdkChild(file);
  kept = undefined;
  try {
    const reply = await child.ask(request, signal);
    if (reply.kind === 'done' && child.answers < MOST_TEMPLATES && kept === undefined) kept = child.keep();
    return reply;
  } finally {
    if (kept !== child) child.end();
  }
}

class CdkChild {
  answers = 0;
  private readonly process: ChildProcess;
  private printed = '';
  private timer: NodeJS.Timeout | undefined;

  constructor(file: string) {
    this.process = fork(file, [], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: [],
      // Nothing of the user's account reaches the CDK: it makes a text.
      env: environmentOf(process.env),
    });
    // Between requests nobody else listens: the next one finds that it is not alive.
    this.process.on('error', () => undefined);
    this.process.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      this.printed = (this.printed + chunk).slice(-4000);
    });
  }

  get isAlive(): boolean {
    return this.process.connected && this.process.exitCode === null && this.process.signalCode === null;
  }

  async ask(request: SynthRequest, signal?: AbortSignal): Promise<ChildReply> {
    clearTimeout(this.timer);
    this.hold(true);
    this.printed = '';
    const limit = setTimeout(() => this.end(), LIMIT_MS);
    const listening = new AbortController();
    try {
      const reply = await new Promise<unknown>((resolve, reject) => {
        const listen = (event: string, listener: (value: unknown) => void): void => {
          this.process.once(event, listener);
          listening.signal.addEventListener('abort', () => this.process.off(event, listener));
        };
        listen('error', reject);
        listen('close', () => reject(new ChildEnded(this.printed.trim())));
        listen('message', resolve);
        signal?.addEventListener('abort', () => reject(signal.reason as Error), { signal: listening.signal });
        // One that could not be started tells of that by itself, and has no channel.
        if (this.process.pid === undefined) return;
        this.process.send(request, (error) => {
          if (error !== null) reject(new ChildEnded(error.message));
        });
      });
      this.answers += 1;
      return childReplySchema.parse(reply);
    } finally {
      clearTimeout(limit);
      listening.abort();
    }
  }

  /** Lets it wait for the next request, without keeping this process alive for it. */
  keep(): this {
    this.hold(false);
    this.timer = setTimeout(() => {
      if (kept === this) kept = undefined;
      this.end();
    }, KEPT_MS).unref();
    return this;
  }

  end(): void {
    this.process.kill();
  }

  /** Whether this process waits for the child before it ends. */
  private hold(isHeld: boolean): void {
    const stderr = this.process.stderr as Socket | null;
    for (const one of [this.process, this.process.channel, stderr]) {
      if (isHeld) one?.ref();
      else one?.unref();
    }
  }
}

/** What a child process needs to run, without credentials. */
function environmentOf(all: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(all).filter(([name]) => !name.startsWith('AWS_')));
}
