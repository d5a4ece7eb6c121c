import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type HostClient, hostError } from '#renderer/state/host-client.ts';
import type { CaudalDocument } from '#schema/document.ts';
import type { DocumentEvent, OpenDocument, OpenedDocument } from '#schema/rpc.ts';
import { Harness } from '#test/integration/serve-harness.ts';

/** A window that listens to its events, as every window does. */
export interface Window {
  readonly client: HostClient;
  readonly events: DocumentEvent[];
  close(): void;
}

/** A server on a folder with one small design, and the windows of a test. */
export class Desktop {
  readonly harness: Harness;
  private readonly ended: (() => void | Promise<void>)[] = [];

  private constructor(harness: Harness) {
    this.harness = harness;
  }

  static async start(): Promise<Desktop> {
    return new Desktop(await Harness.start());
  }

  async stop(): Promise<void> {
    for (const end of this.ended) await end();
    await this.harness.stop();
  }

  atEnd(end: () => void | Promise<void>): void {
    this.ended.push(end);
  }

  async window(at = this.harness): Promise<Window> {
    const { client, socket } = await at.connect();
    const events: DocumentEvent[] = [];
    const close = (): void => socket.terminate();
    this.atEnd(close);
    void (async () => {
      for await (const event of await client.document.watch({})) events.push(event);
    })().catch(() => undefined);
    return { client, events, close };
  }

  get file(): string {
    return join(this.harness.folder, 'small.caudal.json');
  }

  async onDisk(path = this.file): Promise<Record<string, unknown>> {
    return JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
  }

  /** The same folder served by a program that was started after the first had ended in order. */
  async restarted(): Promise<Harness> {
    await this.harness.served.close();
    const next = await this.harness.another({ file: this.file });
    this.atEnd(() => next.served.close());
    return next;
  }

  /** As `restarted`, but the first program was killed: it released nothing. Its windows are gone too. */
  async afterKill(): Promise<Harness> {
    const { state } = this.harness;
    await expect.poll(() => readdir(join(state, 'unsaved')).catch(() => [])).not.toEqual([]);
    const writers = join(state, 'writers');
    const kept = await Promise.all(
      (await readdir(writers)).map(async (name) => [join(writers, name), await readFile(join(writers, name), 'utf8')]),
    );
    const next = await this.restarted();
    for (const [path = '', content = ''] of kept) {
      await writeFile(path, JSON.stringify({ ...(JSON.parse(content) as object), pid: 2 ** 22 + 1 }));
    }
    return next;
  }
}

export function isOpen(opened: OpenedDocument): OpenDocument {
  if (opened.kind === 'none' || opened.kind === 'faulty') throw new Error(`not open: ${JSON.stringify(opened)}`);
  return opened;
}

export async function opened({ client }: Window): Promise<OpenDocument> {
  return isOpen(await client.document.current({}));
}

/** The document with another seed: a change that can be told apart. */
export function seeded(document: CaudalDocument, seed: number): Record<string, unknown> {
  return { ...document, run: { ...document.run, seed } };
}

export async function change(at: Window, seed: number): Promise<{ readonly id: string }> {
  const { id, document } = await opened(at);
  const updated = await at.client.document.update({ id, document: seeded(document, seed) });
  return { id: updated.id };
}

/** What a call fails with, as the host threw it. */
export async function failure(call: Promise<unknown>): Promise<unknown> {
  return call.then(() => 'no failure', hostError);
}
