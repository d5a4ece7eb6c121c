/** One window as the host knows it: from the opening of its port to its close. */
import { Mailbox } from '#host/router/mailbox.ts';
import type { DocumentEvent } from '#schema/rpc.ts';
import type { WorkingCopy } from './working-copy.ts';

export class WindowSeat {
  /** What this window has open. */
  copy: WorkingCopy | undefined;
  private mailbox: Mailbox<DocumentEvent> | undefined;

  /** Goes to the window's watch, where it has one; a newer event of the same kind takes the place of an unread one. */
  tell(event: DocumentEvent): void {
    if (event.kind === 'command') this.mailbox?.put(event);
    else this.mailbox?.replace(event);
  }

  /** The events of this window. A second watch ends the first. */
  async *watch(signal: AbortSignal): AsyncGenerator<DocumentEvent, void, void> {
    this.mailbox?.close();
    const mailbox = new Mailbox<DocumentEvent>();
    this.mailbox = mailbox;
    const close = (): void => mailbox.close();
    signal.addEventListener('abort', close);
    try {
      yield* mailbox.read();
    } finally {
      signal.removeEventListener('abort', close);
      if (this.mailbox === mailbox) this.mailbox = undefined;
    }
  }
}
