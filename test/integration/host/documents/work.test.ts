import { mkdir, readdir, readFile, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hostError } from '#renderer/state/host-client.ts';
import { smallDocument } from '#test/integration/serve-harness.ts';
import { change, Desktop, failure, isOpen, opened, seeded } from './windows.ts';

let desktop: Desktop;

beforeEach(async () => {
  desktop = await Desktop.start();
});

afterEach(() => desktop.stop());

describe('saving', () => {
  it('writes the file as its author wrote it, with the change, one item a line', async () => {
    const at = await desktop.window();
    const { id } = await change(at, 12);
    expect((await opened(at)).isSaved).toBe(false);
    const saved = await at.client.document.save({ id });
    expect(saved.path).toBe('small.caudal.json');
    const text = await readFile(desktop.file, 'utf8');
    expect(JSON.parse(text)).toEqual({ ...smallDocument, run: { ...smallDocument.run, seed: 12 } });
    expect(text.split('\n').filter((line) => line.includes('"id": "service"'))).toHaveLength(1);
    const after = await opened(at);
    expect(after).toMatchObject({ kind: 'valid', isSaved: true, version: saved.version });
    expect(after.document.run.seed).toBe(12);
  });

  it('writes the same bytes again when nothing has changed', async () => {
    const at = await desktop.window();
    await at.client.document.save({ id: (await change(at, 12)).id });
    const first = await readFile(desktop.file, 'utf8');
    await at.client.document.save({ id: (await change(at, 13)).id });
    await at.client.document.save({ id: (await change(at, 12)).id });
    expect(await readFile(desktop.file, 'utf8')).toBe(first);
  });

  it('saves under another name, which is the file from then on, and leaves the first as it was', async () => {
    const at = await desktop.window();
    const before = await readFile(desktop.file, 'utf8');
    const { id } = await change(at, 12);
    await mkdir(join(desktop.harness.folder, 'designs'));
    const saved = await at.client.document.save({ id, path: 'designs/copy' });
    expect(saved.path).toBe('designs/copy.caudal.json');
    await at.client.document.save({ id: (await change(at, 13)).id });
    expect((await desktop.onDisk(join(desktop.harness.folder, saved.path)))['run']).toMatchObject({ seed: 13 });
    expect(await readFile(desktop.file, 'utf8')).toBe(before);
    expect((await opened(at)).path).toBe('designs/copy.caudal.json');
  });

  it('makes a new document, which has no file until it is saved', async () => {
    const at = await desktop.window();
    const fresh = isOpen(await at.client.document.create({ name: 'orders' }));
    expect(fresh).toMatchObject({ path: '', isSaved: true, document: { name: 'orders', nodes: [] } });
    expect(await failure(at.client.document.save({ id: fresh.id }))).toMatchObject({
      faults: [{ code: 'document/no-file' }],
    });
    const updated = await at.client.document.update({ id: fresh.id, document: seeded(fresh.document, 3) });
    await at.client.document.save({ id: updated.id, path: 'orders' });
    expect(await desktop.onDisk(join(desktop.harness.folder, 'orders.caudal.json'))).toMatchObject({
      name: 'orders',
      run: { seed: 3 },
    });
  });

  it('saves a draft with its faults, and opens it again only to mend it', async () => {
    const at = await desktop.window();
    const { id, document } = await opened(at);
    const updated = await at.client.document.update({ id, document: seeded(document, -1) });
    expect(updated.faults).toMatchObject([{ path: 'run.seed', code: 'document/out-of-range' }]);
    await at.client.document.save({ id: updated.id });
    at.close();
    const next = await desktop.window(await desktop.restarted());
    const refused = await next.client.document.open({ path: 'small.caudal.json' });
    expect(refused).toMatchObject({ kind: 'faulty', canMend: true, faults: [{ path: 'run.seed' }] });
    const draft = isOpen(await next.client.document.open({ path: 'small.caudal.json', mend: true }));
    expect(draft).toMatchObject({ kind: 'draft', faults: [{ path: 'run.seed' }], document: { run: { seed: -1 } } });
    const run = await next.client.run
      .start({ document: draft.id })
      .then((events) => events.next())
      .catch(hostError);
    expect(run).toMatchObject({ faults: [{ path: 'run.seed' }] });
    const mended = await next.client.document.update({ id: draft.id, document: seeded(draft.document, 5) });
    expect(mended.faults).toEqual([]);
    await next.client.document.save({ id: mended.id });
    expect(await desktop.onDisk()).toEqual({ ...smallDocument, run: { ...smallDocument.run, seed: 5 } });
  });

  it('shows a window again what it had, and what was used last where that is gone', async () => {
    await writeFile(
      join(desktop.harness.folder, 'other.caudal.json'),
      JSON.stringify({ ...smallDocument, name: 'other' }),
    );
    const [first, second] = [await desktop.window(), await desktop.window()];
    await opened(first);
    expect(isOpen(await second.client.document.current({ path: 'other.caudal.json' })).document.name).toBe('other');
    const third = await desktop.window();
    expect(isOpen(await third.client.document.current({ path: 'gone.caudal.json' })).document.name).toBe('other');
  });

  it('remembers the files used last, newest first, while they exist', async () => {
    const at = await desktop.window();
    const { id } = await opened(at);
    for (const path of ['a', 'b']) await at.client.document.save({ id, path });
    const { documents } = await at.client.document.recents({});
    expect(documents.map(({ path }) => path)).toEqual(['b.caudal.json', 'a.caudal.json', 'small.caudal.json']);
    await unlink(join(desktop.harness.folder, 'a.caudal.json'));
    expect((await at.client.document.recents({})).documents).toHaveLength(2);
  });

  it('fails where another file would be replaced unasked', async () => {
    const at = await desktop.window();
    await writeFile(join(desktop.harness.folder, 'other.caudal.json'), 'precious');
    const { id } = await change(at, 12);
    const asked = { id, path: 'other.caudal.json' };
    expect(await failure(at.client.document.save(asked))).toMatchObject({ faults: [{ code: 'file/exists' }] });
    expect(await readFile(join(desktop.harness.folder, 'other.caudal.json'), 'utf8')).toBe('precious');
    await at.client.document.save({ ...asked, overwrite: true });
    expect((await desktop.onDisk(join(desktop.harness.folder, 'other.caudal.json')))['name']).toBe('small');
  });

  it('fails where another program has changed the file meanwhile, and says so before', async () => {
    const at = await desktop.window();
    const { id } = await change(at, 12);
    const theirs = JSON.stringify({ ...smallDocument, name: 'theirs' });
    await writeFile(desktop.file, theirs);
    await expect.poll(() => at.events.filter(({ kind }) => kind === 'changed'), { timeout: 5000 }).toHaveLength(1);
    expect(await failure(at.client.document.save({ id }))).toMatchObject({
      faults: [{ code: 'file/changed-on-disk' }],
    });
    expect(await readFile(desktop.file, 'utf8')).toBe(theirs);
    await at.client.document.save({ id, overwrite: true });
    expect((await desktop.onDisk())['name']).toBe('small');
  });

  it('gives up unsaved changes for what the file holds now, when asked to', async () => {
    const at = await desktop.window();
    await change(at, 12);
    await writeFile(desktop.file, JSON.stringify({ ...smallDocument, name: 'theirs' }));
    const kept = isOpen(await at.client.document.open({ path: 'small.caudal.json' }));
    expect(kept.document.run.seed).toBe(12);
    const reread = isOpen(await at.client.document.open({ path: 'small.caudal.json', reread: true }));
    expect(reread).toMatchObject({ isSaved: true, document: { name: 'theirs', run: { seed: 7 } } });
  });

  it('writes the file anew when it was removed', async () => {
    const at = await desktop.window();
    const { id } = await change(at, 12);
    await unlink(desktop.file);
    await expect
      .poll(() => at.events.find(({ kind }) => kind === 'changed'), { timeout: 5000 })
      .toMatchObject({ version: '' });
    await at.client.document.save({ id });
    expect((await desktop.onDisk())['run']).toMatchObject({ seed: 12 });
  });

  it('fails for a place outside the start folder, through a link too', async () => {
    const at = await desktop.window();
    const { id } = await opened(at);
    await symlink(join(desktop.harness.folder, '..'), join(desktop.harness.folder, 'out'));
    for (const path of ['../x', '/x', 'out/x', 'designs/../../x']) {
      const error = await failure(at.client.document.save({ id, path }));
      expect([path, error]).toMatchObject([path, { faults: [{ code: 'file/outside-folder' }] }]);
    }
  });

  it('fails for a folder that does not exist, and keeps the changes', async () => {
    const at = await desktop.window();
    const { id } = await change(at, 12);
    expect(await failure(at.client.document.save({ id, path: 'no/such/x' }))).toMatchObject({
      kind: 'environment',
      code: 'file/no-folder',
    });
    expect(await opened(at)).toMatchObject({ isSaved: false, path: 'small.caudal.json' });
    await at.client.document.save({ id });
  });
});

describe('unsaved work', () => {
  it('is offered after a crash, and given back as it was', async () => {
    await change(await desktop.window(), 12);
    const at = await desktop.window(await desktop.afterKill());
    const found = await opened(at);
    expect(found).toMatchObject({ isSaved: true, document: { run: { seed: 7 } }, access: { canWrite: true } });
    expect(found.recovery).toMatchObject({ path: 'small.caudal.json', name: 'small', hasFileChanged: false });
    const key = found.recovery?.key ?? '';
    expect((await at.client.document.recents({})).unsaved).toEqual([]);
    const recovered = isOpen(await at.client.document.recover({ key }));
    expect(recovered).toMatchObject({ kind: 'valid', isSaved: false, document: { run: { seed: 12 } } });
    await at.client.document.save({ id: recovered.id });
    expect(await desktop.onDisk()).toEqual({ ...smallDocument, run: { ...smallDocument.run, seed: 12 } });
    expect(await readdir(join(desktop.harness.state, 'unsaved'))).toEqual([]);
  });

  it('does not replace unasked what the file has become meanwhile', async () => {
    await change(await desktop.window(), 12);
    const next = await desktop.afterKill();
    await writeFile(desktop.file, JSON.stringify({ ...smallDocument, name: 'theirs' }));
    const at = await desktop.window(next);
    const { recovery } = await opened(at);
    expect(recovery?.hasFileChanged).toBe(true);
    const { id } = isOpen(await at.client.document.recover({ key: recovery?.key ?? '' }));
    expect(await failure(at.client.document.save({ id }))).toMatchObject({
      faults: [{ code: 'file/changed-on-disk' }],
    });
  });

  it('is not offered where the file has it', async () => {
    const first = await desktop.window();
    const { document } = await opened(first);
    await change(first, 12);
    const next = await desktop.afterKill();
    await writeFile(desktop.file, JSON.stringify({ ...smallDocument, run: { ...smallDocument.run, seed: 12 } }));
    const at = await desktop.window(next);
    const found = await opened(at);
    expect(found.document).toEqual(seeded(document, 12));
    expect(found.recovery).toBeUndefined();
    expect(await readdir(join(desktop.harness.state, 'unsaved'))).toEqual([]);
  });

  it('is thrown away when asked to', async () => {
    await change(await desktop.window(), 12);
    const at = await desktop.window(await desktop.afterKill());
    const key = (await opened(at)).recovery?.key ?? '';
    await at.client.document.discard({ key });
    expect((await opened(at)).recovery).toBeUndefined();
    expect(await failure(at.client.document.recover({ key }))).toMatchObject({
      faults: [{ code: 'document/nothing-kept' }],
    });
  });

  it('of a document without a file is listed', async () => {
    const first = await desktop.window();
    const { id, document } = isOpen(await first.client.document.create({ name: 'sketch' }));
    await first.client.document.update({ id, document: seeded(document, 3) });
    const at = await desktop.window(await desktop.afterKill());
    const { unsaved } = await at.client.document.recents({});
    expect(unsaved).toMatchObject([{ path: '', name: 'sketch' }]);
    const recovered = isOpen(await at.client.document.recover({ key: unsaved[0]?.key ?? '' }));
    expect(recovered).toMatchObject({ path: '', isSaved: false, document: { name: 'sketch', run: { seed: 3 } } });
  });

  it('comes back from a window that outlived the program', async () => {
    const first = await desktop.window();
    const { document, path, version } = await opened(first);
    const next = await desktop.window(await desktop.restarted());
    const mine = seeded(document, 12);
    const resumed = isOpen(await next.client.document.resume({ path, version, document: mine }));
    expect(resumed).toMatchObject({ kind: 'valid', isSaved: false, access: { canWrite: true } });
    expect(resumed.document.run.seed).toBe(12);
    await next.client.document.save({ id: resumed.id });
    expect(await desktop.onDisk()).toEqual({ ...smallDocument, run: { ...smallDocument.run, seed: 12 } });
  });

  it('goes before a copy that nobody has changed, wherever that is open', async () => {
    const before = await opened(await desktop.window());
    const next = await desktop.restarted();
    const [other, first] = [await desktop.window(next), await desktop.window(next)];
    expect(await opened(other)).toMatchObject({ access: { canWrite: true } });
    const held = { path: before.path, version: before.version, document: seeded(before.document, 12) };
    expect(await first.client.document.resume(held)).toMatchObject({ isSaved: false, access: { canWrite: true } });
    expect(await opened(other)).toMatchObject({ access: { canWrite: false }, document: { run: { seed: 12 } } });
  });

  it('is kept as a document of its own where another window has changed its file meanwhile', async () => {
    const before = await opened(await desktop.window());
    const next = await desktop.restarted();
    const [other, first] = [await desktop.window(next), await desktop.window(next)];
    await change(other, 13);
    const held = { path: before.path, version: before.version, document: seeded(before.document, 12) };
    const resumed = await first.client.document.resume(held);
    expect(resumed).toMatchObject({ access: { canWrite: false }, document: { run: { seed: 13 } } });
    const { unsaved } = await first.client.document.recents({});
    expect(unsaved).toMatchObject([{ path: '', name: 'small' }]);
    const recovered = await first.client.document.recover({ key: unsaved[0]?.key ?? '' });
    expect(recovered).toMatchObject({ path: '', isSaved: false, document: { run: { seed: 12 } } });
  });

  it('comes back to a window that was loaded again', async () => {
    const first = await desktop.window();
    await change(first, 12);
    first.close();
    await expect
      .poll(async () => {
        const next = await desktop.window();
        const { isSaved, access, document } = await opened(next);
        next.close();
        return { isSaved, access, seed: document.run.seed };
      })
      .toEqual({ isSaved: false, access: { canWrite: true }, seed: 12 });
  });

  it('is given up when the window turns to another document, which it asks about', async () => {
    const at = await desktop.window();
    await change(at, 12);
    await expect.poll(() => readdir(join(desktop.harness.state, 'unsaved')).catch(() => [])).toHaveLength(1);
    await at.client.document.create({ name: 'other' });
    expect(await readdir(join(desktop.harness.state, 'unsaved'))).toEqual([]);
    const again = isOpen(await at.client.document.open({ path: 'small.caudal.json' }));
    expect(again).toMatchObject({ isSaved: true, document: { run: { seed: 7 } } });
    expect(again.recovery).toBeUndefined();
  });

  it('stays while another window has it open, and while what is asked for is refused', async () => {
    const [first, second] = [await desktop.window(), await desktop.window()];
    await change(first, 12);
    await writeFile(join(desktop.harness.folder, 'wrong.caudal.json'), '{');
    await first.client.document.open({ path: 'wrong.caudal.json' });
    expect(await opened(first)).toMatchObject({ isSaved: false });
    await opened(second);
    await first.client.document.create({ name: 'other' });
    expect(await opened(second)).toMatchObject({ isSaved: false, document: { run: { seed: 12 } } });
  });

  it('is none after a change was taken back', async () => {
    const at = await desktop.window();
    await change(at, 12);
    await change(at, 7);
    expect(await opened(at)).toMatchObject({ isSaved: true });
    await expect.poll(() => readdir(join(desktop.harness.state, 'unsaved')).catch(() => [])).toEqual([]);
  });

  it('is said to be unprotected where it cannot be kept', async () => {
    await rm(desktop.harness.state, { recursive: true, force: true });
    await writeFile(desktop.harness.state, 'a file where the folder should be');
    const at = await desktop.window();
    await change(at, 12);
    await expect
      .poll(() => at.events.find(({ kind }) => kind === 'unprotected'))
      .toMatchObject({ message: expect.stringContaining('save often') as string });
    await at.client.document.save({ id: (await change(at, 13)).id });
    expect((await desktop.onDisk())['run']).toMatchObject({ seed: 13 });
  });
});
