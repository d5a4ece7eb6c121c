import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pageResponse } from '#electron/main/page-files.ts';
import { windowAddress } from '#electron/main/window-rules.ts';
import { StaticFiles } from '#host/serve/static-files.ts';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'caudal-page-'));
  await mkdir(join(folder, 'page', 'assets'), { recursive: true });
  await writeFile(join(folder, 'page', 'index.html'), '<!doctype html>');
  await writeFile(join(folder, 'page', 'assets', 'main.js'), 'script');
  await writeFile(join(folder, 'secret.txt'), 'secret');
});

afterAll(() => rm(folder, { recursive: true }));

const ask = (path: string): Promise<Response> =>
  pageResponse(new StaticFiles(join(folder, 'page')), `${windowAddress}${path}`);

describe('pageResponse', () => {
  it('answers with the page and its files, under the policy of the served window', async () => {
    const page = await ask('');
    expect(page.status).toBe(200);
    expect(await page.text()).toBe('<!doctype html>');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const script = await ask('assets/main.js?v=1');
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(await script.text()).toBe('script');
  });

  it.each(['missing.js', '../secret.txt', '%2e%2e/secret.txt', '..%2fsecret.txt', '%E0%A4%A'])(
    'fails for %s',
    async (path) => {
      const refused = await ask(path);
      expect(refused.status).toBe(404);
      expect(refused.headers.get('content-security-policy')).toContain("default-src 'none'");
    },
  );
});
