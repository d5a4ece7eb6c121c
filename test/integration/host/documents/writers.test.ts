import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { change, Desktop, failure, isOpen, opened, seeded } from './windows.ts';

let desktop: Desktop;

beforeEach(async () => {
  desktop = await Desktop.start();
});

afterEach(() => desktop.stop());

describe('one writer', () => {
  it('lets a second window read along, and take over', async () => {
    const [first, second] = [await desktop.window(), await desktop.window()];
    expect((await opened(first)).access).toEqual({ canWrite: true });
    const reader = await opened(second);
    expect(reader.access).toEqual({ canWrite: false, heldBy: 'window' });
    await change(first, 12);
    await expect
      .poll(() => second.events.find(({ kind }) => kind === 'updated'))
      .toMatchObject({ opened: { document: { run: { seed: 12 } }, access: { canWrite: false } } });
    const refused = second.client.document.update({ id: reader.id, document: seeded(reader.document, 99) });
    expect(await failure(refused)).toMatchObject({ faults: [{ code: 'document/read-only' }] });
    expect(await failure(second.client.document.save({ id: reader.id }))).toMatchObject({
      faults: [{ code: 'document/read-only' }],
    });
    const taken = isOpen(await second.client.document.takeOver({}));
    expect(taken).toMatchObject({ access: { canWrite: true }, isSaved: false, document: { run: { seed: 12 } } });
    await expect
      .poll(() => first.events.filter(({ kind }) => kind === 'writer'))
      .toEqual([{ kind: 'writer', access: { canWrite: false, heldBy: 'window' } }]);
    await second.client.document.save({ id: (await change(second, 13)).id });
    await expect.poll(() => first.events.some(({ kind }) => kind === 'saved')).toBe(true);
    expect((await desktop.onDisk())['run']).toMatchObject({ seed: 13 });
  });

  it('leaves the place to whoever takes it when the writer goes', async () => {
    const [first, second] = [await desktop.window(), await desktop.window()];
    await opened(first);
    await opened(second);
    first.close();
    await expect
      .poll(() => second.events.find(({ kind }) => kind === 'writer'))
      .toEqual({ kind: 'writer', access: { canWrite: false } });
    expect(isOpen(await second.client.document.takeOver({})).access).toEqual({ canWrite: true });
  });

  it('is of each document: two windows write two documents', async () => {
    const [first, second] = [await desktop.window(), await desktop.window()];
    await opened(first);
    const other = isOpen(await second.client.document.create({ name: 'other' }));
    expect(other.access).toEqual({ canWrite: true });
    const { id } = await change(first, 12);
    await second.client.document.update({ id: other.id, document: seeded(other.document, 3) });
    expect((await opened(first)).document.run.seed).toBe(12);
    const clash = second.client.document.save({ id: (await opened(second)).id, path: 'small', overwrite: true });
    expect(await failure(clash)).toMatchObject({ faults: [{ code: 'document/in-use' }] });
    await first.client.document.save({ id });
  });

  it('is held against another program, which can take over', async () => {
    const first = await desktop.window();
    await opened(first);
    const other = await desktop.harness.another({ file: desktop.file });
    desktop.atEnd(() => other.served.close());
    const second = await desktop.window(other);
    expect((await opened(second)).access).toEqual({ canWrite: false, heldBy: 'program' });
    expect(isOpen(await second.client.document.takeOver({})).access).toEqual({ canWrite: true });
    const { id, document } = await opened(first);
    expect(await failure(first.client.document.update({ id, document: seeded(document, 1) }))).toMatchObject({
      faults: [{ code: 'document/read-only' }],
    });
    await second.client.document.save({ id: (await change(second, 13)).id });
    expect((await desktop.onDisk())['run']).toMatchObject({ seed: 13 });
  });

  it('notices by itself that another program has taken over, or has ended', async () => {
    const first = await desktop.window();
    await opened(first);
    const other = await desktop.harness.another({ file: desktop.file });
    const second = await desktop.window(other);
    await opened(second);
    await second.client.document.takeOver({});
    const accesses = (): unknown[] => first.events.flatMap((event) => (event.kind === 'writer' ? [event.access] : []));
    await expect.poll(accesses, { timeout: 5000 }).toEqual([{ canWrite: false, heldBy: 'program' }]);
    await other.served.close();
    await expect.poll(() => accesses().at(-1), { timeout: 5000 }).toEqual({ canWrite: true });
  });

  it('is not kept away by the lock of a program that was killed', async () => {
    await change(await desktop.window(), 12);
    const next = await desktop.window(await desktop.afterKill());
    expect((await opened(next)).access).toEqual({ canWrite: true });
  });
});
