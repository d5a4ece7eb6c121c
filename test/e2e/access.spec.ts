import { request } from 'node:http';
import { expect } from '@playwright/test';
import { WebSocket } from 'ws';
import { type AppServer, card, openWindow, test } from './fixtures.ts';

/** The status of a request whose headers are sent as they are given. */
function statusOf(server: AppServer, headers: Readonly<Record<string, string>>): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: server.port, path: '/', headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asked.on('error', reject);
    asked.end();
  });
}

/** The status with which a WebSocket is answered; 101 when it is let in. */
function upgradeStatus(server: AppServer, headers: Readonly<Record<string, string>>): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/rpc`, { headers });
    socket.on('open', () => {
      socket.terminate();
      resolve(101);
    });
    socket.on('unexpected-response', (asked, response) => {
      asked.destroy();
      resolve(response.statusCode ?? 0);
    });
    socket.on('error', reject);
  });
}

test('fails without the token, with a page that says what to do', async ({ page, server, problems }) => {
  const answer = await page.goto(server.origin);
  expect(answer?.status()).toBe(401);
  await expect(page.getByRole('heading')).toHaveText('This window has no key to Caudal');
  await expect(page.getByText('only the address it prints when it starts')).toBeVisible();
  // Chromium reports the status of the page itself, and of the icon it asks for.
  expect(problems.every((problem) => problem.includes('401'))).toBe(true);
  problems.length = 0;
});

test('keeps the token out of the address bar and of scripts', async ({ page, server }) => {
  await openWindow(page, server);
  expect(page.url()).toBe(`${server.origin}/`);
  expect(await page.evaluate(() => document.cookie)).toBe('');
  const [cookie] = await page.context().cookies();
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict', value: server.token });
});

test('fails for a WebSocket that another page opens', async ({ server }) => {
  const { cookie, origin } = server;
  expect(await upgradeStatus(server, { Cookie: cookie, Origin: origin })).toBe(101);
  expect(await upgradeStatus(server, { Cookie: cookie, Origin: 'https://evil.example' })).toBe(403);
  expect(await upgradeStatus(server, { Origin: origin })).toBe(401);
});

test('fails for a name that was made to point to this computer', async ({ server }) => {
  expect(await statusOf(server, { Cookie: server.cookie })).toBe(200);
  expect(await statusOf(server, { Cookie: server.cookie, Host: `evil.example:${server.port}` })).toBe(421);
});

test('says so when the program has ended, and goes on when it is back', async ({ page, server, problems }) => {
  await openWindow(page, server);
  await server.kill();
  await expect(page.getByText('Caudal does not answer')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Run', exact: true })).toBeDisabled();
  await server.restart();
  await expect(page.getByText('Caudal does not answer')).toBeHidden();
  await expect(page.getByRole('button', { name: 'Run', exact: true })).toBeEnabled();
  await expect(card(page, 'clicks')).toBeVisible();
  // A browser reports every address that does not answer.
  expect(problems.every((problem) => /ERR_CONNECTION_REFUSED|WebSocket connection/.test(problem))).toBe(true);
  problems.length = 0;
});

test('says so when the program was started anew with another token', async ({ page, server, problems }) => {
  await openWindow(page, server);
  await server.kill();
  await server.restart('0123456789abcdef0123456789abcdef');
  await expect(page.getByText('Caudal was started anew')).toBeVisible();
  expect(problems.every((problem) => /ERR_CONNECTION_REFUSED|WebSocket connection|401/.test(problem))).toBe(true);
  problems.length = 0;
});

test('notices what breaks the content security policy', async ({ page, server, problems }) => {
  await openWindow(page, server);
  await page.evaluate(() => {
    const style = document.createElement('style');
    style.textContent = 'body { color: red }';
    document.head.append(style);
    void fetch('https://example.com/').catch(() => undefined);
  });
  await expect.poll(() => problems.join('\n')).toContain('violates style-src');
  await expect.poll(() => problems.join('\n')).toContain('violates connect-src');
  problems.length = 0;
});
