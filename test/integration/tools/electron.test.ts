import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createServer as createSocketServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ensureElectron, findElectron, wasTriedLately } from '#tools/setup/electron.mjs';

let root = '';
let server: Server | undefined;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'caudal-electron-'));
});

afterEach(async () => {
  server?.close();
  server = undefined;
  await rm(root, { recursive: true });
});

async function portOf(listening: Server): Promise<number> {
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const address = listening.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** A folder as an installed Electron leaves it. */
async function installed(program: string): Promise<string> {
  const folder = join(root, 'node_modules/electron');
  await mkdir(join(folder, 'dist'), { recursive: true });
  await writeFile(join(folder, 'path.txt'), program);
  await writeFile(join(folder, 'dist', program), '');
  return join(folder, 'dist', program);
}

const environment = (port: number): Record<string, string> => ({
  ELECTRON_MIRROR: `http://127.0.0.1:${port}/`,
  electron_config_cache: join(root, 'cache'),
});

describe('findElectron', () => {
  it('finds the binary that the package names, and only one that is there', async () => {
    expect(findElectron(root, {})).toBeUndefined();
    const path = await installed('electron');
    expect(findElectron(root, {})).toBe(path);
    await rm(path);
    expect(findElectron(root, {})).toBeUndefined();
  });

  it('takes the folder that the user names instead', async () => {
    const folder = join(root, 'own');
    await mkdir(folder);
    await writeFile(join(folder, 'electron'), '');
    expect(findElectron(root, { ELECTRON_OVERRIDE_DIST_PATH: folder })).toBe(join(folder, 'electron'));
  });
});

describe('ensureElectron', () => {
  it('does nothing where the binary is there', async () => {
    const path = await installed('electron');
    expect(await ensureElectron({ root, env: {} })).toBe(path);
    expect(wasTriedLately(root)).toBe(false);
  });

  it('fails soon when the place to download from never answers, and is not tried again that day', async () => {
    const port = await portOf(createSocketServer(() => undefined));
    const startMs = performance.now();
    expect(await ensureElectron({ root, env: environment(port), probeSeconds: 0.3 })).toBeUndefined();
    expect(performance.now() - startMs).toBeLessThan(5000);
    expect(await readFile(join(root, 'build/electron-not-available'), 'utf8')).toContain('does not answer');
    expect(wasTriedLately(root)).toBe(true);
    expect(wasTriedLately(root, Date.now() + 25 * 3_600_000)).toBe(false);
  });

  it('fails within its limit when the download itself hangs', async () => {
    const hanging = createServer((request, response) => {
      if (request.method === 'HEAD') response.end();
    });
    const port = await portOf(hanging);
    const startMs = performance.now();
    const options = { root, env: environment(port), probeSeconds: 2, limitSeconds: 2 };
    expect(await ensureElectron(options)).toBeUndefined();
    expect(performance.now() - startMs).toBeLessThan(15_000);
    expect(wasTriedLately(root)).toBe(true);
    hanging.closeAllConnections();
  });
});
