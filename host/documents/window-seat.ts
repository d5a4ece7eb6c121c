/** One window as the host knows it: from the opening of its port to its close. */
import { Mailbox } from '#host/router/mailbox.ts';
import type { DocumentEvent } from '#schema/rpc.ts';
import type { WorkingCopy } from './working-copy.ts';

export class WindowSeat {
  /** What this window has open. */
  copy: WorkingCopy | undefined;
  /** Open from the start: what happens between the opening of a document and the window's watch is told too. */
  private mailbox = new Mailbox<DocumentEvent>();
  private isWatched = false;

  /** Tells the window; a newer event of the same kind takes the place of an unread one, so that memory stays bounded. */
  tell(event: DocumentEvent): void {
    if (event.kind !== 'command') this.mailbox.replace(event);
    else if (this.isWatched) this.mailbox.put(event);
  }

  /** The events of this window. A second watch ends the first. */
  async *watch(signal: AbortSignal): AsyncGenerator<DocumentEvent, void, void> {
    if (this.isWatched) {
      this.mailbox.close();
      this.mailbox = new Mailbox();
    }
    const { mailbox } = this;
    this.isWatched = true;
    const close = (): void => mailbox.close();
    signal.addEventListener('abort', close);
    if (signal.aborted) close();
    try {
      yield* mailbox.read();
    } finally {
      signal.removeEventListener('abort', close);
    }
  }
}
