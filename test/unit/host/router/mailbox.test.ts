import { describe, expect, it } from 'vitest';
import { Mailbox } from '#host/router/mailbox.ts';

interface Note {
  readonly kind: 'note' | 'news';
  readonly n: number;
}

describe('a mailbox', () => {
  it('gives messages in the order in which they came', async () => {
    const mailbox = new Mailbox<Note>();
    mailbox.put({ kind: 'note', n: 1 });
    mailbox.put({ kind: 'note', n: 2 });
    mailbox.close();
    expect(await allOf(mailbox)).toEqual([
      { kind: 'note', n: 1 },
      { kind: 'note', n: 2 },
    ]);
  });

  it('keeps only the newest of messages that may be overtaken', async () => {
    const mailbox = new Mailbox<Note>();
    for (let n = 0; n < 1000; n += 1) mailbox.replace({ kind: 'news', n });
    mailbox.put({ kind: 'note', n: 1 });
    mailbox.close();
    expect(await allOf(mailbox)).toEqual([
      { kind: 'news', n: 999 },
      { kind: 'note', n: 1 },
    ]);
  });

  it('wakes a reader that waits', async () => {
    const mailbox = new Mailbox<Note>();
    const reader = mailbox.read();
    const first = reader.next();
    mailbox.put({ kind: 'note', n: 7 });
    expect(await first).toEqual({ done: false, value: { kind: 'note', n: 7 } });
    const end = reader.next();
    mailbox.close();
    expect(await end).toEqual({ done: true, value: undefined });
  });

  it('fails after the messages that came before the error', async () => {
    const mailbox = new Mailbox<Note>();
    mailbox.put({ kind: 'note', n: 1 });
    mailbox.fail(new Error('the thread ended'));
    const reader = mailbox.read();
    expect(await reader.next()).toMatchObject({ value: { n: 1 } });
    await expect(reader.next()).rejects.toThrow('the thread ended');
  });
});

async function allOf(mailbox: Mailbox<Note>): Promise<Note[]> {
  const messages: Note[] = [];
  for await (const message of mailbox.read()) messages.push(message);
  return messages;
}
