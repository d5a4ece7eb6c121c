import { describe, expect, it } from 'vitest';
import { WindowSeat } from '#host/documents/window-seat.ts';
import type { DocumentEvent } from '#schema/rpc.ts';

const writer = (canWrite: boolean): DocumentEvent => ({ kind: 'writer', access: { canWrite } });

describe('WindowSeat', () => {
  it('tells what happened before the window began to watch, the newest of each kind', async () => {
    const seat = new WindowSeat();
    seat.tell(writer(true));
    seat.tell({ kind: 'changed', path: 'a', version: '1' });
    seat.tell(writer(false));
    const events = seat.watch(new AbortController().signal);
    expect((await events.next()).value).toMatchObject({ kind: 'changed' });
    expect((await events.next()).value).toEqual(writer(false));
  });

  it('does not keep commands of the menu for a window that is not there yet', async () => {
    const seat = new WindowSeat();
    seat.tell({ kind: 'command', command: 'save' });
    seat.tell(writer(true));
    const events = seat.watch(new AbortController().signal);
    expect((await events.next()).value).toEqual(writer(true));
    seat.tell({ kind: 'command', command: 'undo' });
    seat.tell({ kind: 'command', command: 'undo' });
    expect((await events.next()).value).toMatchObject({ command: 'undo' });
    expect((await events.next()).value).toMatchObject({ command: 'undo' });
  });

  it('ends with its signal, or when another watch begins', async () => {
    const seat = new WindowSeat();
    const first = seat.watch(new AbortController().signal).next();
    const ending = new AbortController();
    const second = seat.watch(ending.signal).next();
    expect((await first).done).toBe(true);
    ending.abort();
    expect((await second).done).toBe(true);
  });
});
