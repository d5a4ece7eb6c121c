/**
 * Who may talk to the served window. A page from elsewhere, another machine, and a name that was made to point here
 * (DNS rebinding) are all refused before anything is read.
 *
 * The address that is printed carries a random token. The first request exchanges it for a cookie that scripts cannot read
 * (HttpOnly) and that other sites cannot make a browser send (SameSite=Strict), and the token leaves the address bar. A
 * token in the fragment and in a WebSocket subprotocol was the other choice: there the page's own scripts would hold it, and
 * a window without a token could not be told so in plain words. Cookies are shared by all ports of a host, hence the port in
 * the name, and hence the check of `Origin` on every WebSocket beside it.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { EnvironmentError } from '#schema/errors.ts';

/** 128 random bits, as hexadecimal. */
export function makeToken(): string {
  return randomBytes(16).toString('hex');
}

export type Verdict =
  | { readonly kind: 'pass' }
  /** The token came in the address: give the cookie, then go to the plain address. */
  | { readonly kind: 'exchange'; readonly cookie: string }
  | { readonly kind: 'refuse'; readonly status: 401 | 403 | 421; readonly reason: Refusal };

export type Refusal = 'token' | 'origin' | 'host';

export class Gate {
  private readonly port: number;
  private readonly token: string;

  constructor(port: number, token: string) {
    if (!/^[0-9a-f]{32,}$/.test(token)) {
      throw new EnvironmentError('serve/weak-token', 'the token must be at least 32 hexadecimal digits');
    }
    this.port = port;
    this.token = token;
  }

  /** A request for a page or a file. */
  judgeRequest(request: IncomingMessage): Verdict {
    if (!this.isOwnHost(request.headers.host)) return { kind: 'refuse', status: 421, reason: 'host' };
    const offered = new URLSearchParams(addressOf(request).query).get('token');
    if (offered !== null && this.isToken(offered)) return { kind: 'exchange', cookie: this.cookie() };
    return this.hasCookie(request) ? { kind: 'pass' } : { kind: 'refuse', status: 401, reason: 'token' };
  }

  /** A request to become a WebSocket: browsers always name the page it comes from. */
  judgeUpgrade(request: IncomingMessage): Verdict {
    if (!this.isOwnHost(request.headers.host)) return { kind: 'refuse', status: 421, reason: 'host' };
    if (!this.isOwnOrigin(request.headers.origin)) return { kind: 'refuse', status: 403, reason: 'origin' };
    return this.hasCookie(request) ? { kind: 'pass' } : { kind: 'refuse', status: 401, reason: 'token' };
  }

  private get hosts(): readonly string[] {
    return [`127.0.0.1:${this.port}`, `localhost:${this.port}`];
  }

  private isOwnHost(host: string | undefined): boolean {
    return host !== undefined && this.hosts.includes(host);
  }

  private isOwnOrigin(origin: string | undefined): boolean {
    return this.hosts.some((host) => origin === `http://${host}`);
  }

  private get cookieName(): string {
    return `caudal-${this.port}`;
  }

  private cookie(): string {
    return `${this.cookieName}=${this.token}; Path=/; HttpOnly; SameSite=Strict`;
  }

  private hasCookie(request: IncomingMessage): boolean {
    const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim());
    const own = pairs.find((pair) => pair.startsWith(`${this.cookieName}=`));
    return own !== undefined && this.isToken(own.slice(this.cookieName.length + 1));
  }

  /** In the same time whatever was offered. */
  private isToken(offered: string): boolean {
    const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
    return timingSafeEqual(digest(offered), digest(this.token));
  }
}

/** Path and query as they were sent: a URL parser would resolve what should be refused. */
export function addressOf({ url = '/' }: IncomingMessage): { readonly path: string; readonly query: string } {
  const [path = '/', query = ''] = url.split('?', 2);
  return { path, query };
}
