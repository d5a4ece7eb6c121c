/**
 * Messages on their way to a reader that may be slower than what sends them. A message that may be overtaken is replaced by
 * the next of its kind, so that memory stays bounded and the reader sees the newest.
 */
export class Mailbox<Message extends { readonly kind: string }> {
  private readonly waiting: Message[] = [];
  private wake: (() => void) | undefined;
  private isClosed = false;
  private failure: { readonly error: unknown } | undefined;

  /** Adds a message behind the others. */
  put(message: Message): void {
    this.waiting.push(message);
    this.wake?.();
  }

  /** Adds a message in place of an unread one of its kind. */
  replace(message: Message): void {
    const index = this.waiting.findIndex(({ kind }) => kind === message.kind);
    if (index >= 0) this.waiting.splice(index, 1);
    this.put(message);
  }

  /** Nothing more will come. */
  close(): void {
    this.isClosed = true;
    this.wake?.();
  }

  /** The reader gets what is waiting, then the error. */
  fail(error: unknown): void {
    this.failure = { error };
    this.close();
  }

  async *read(): AsyncGenerator<Message, void, void> {
    for (;;) {
      const message = this.waiting.shift();
      if (message !== undefined) yield message;
      else if (this.failure !== undefined) throw this.failure.error;
      else if (this.isClosed) return;
      else {
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
        this.wake = undefined;
      }
    }
  }
}
