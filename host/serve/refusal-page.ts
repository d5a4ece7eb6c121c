/** What a browser shows that may not come in: why, and what to do, in plain words. */
import { createHash } from 'node:crypto';
import type { Refusal } from './gate.ts';

const STYLE =
  ':root{color-scheme:light dark}body{font:16px/1.6 system-ui,sans-serif;max-width:34rem;margin:16vh auto 0;padding:0 1.5rem}h1{font-size:1.4rem}code{font-size:.95em}';

/** The page has no other style, no script and no picture. */
export const refusalPolicy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

const WORDS: Readonly<Record<Refusal, { readonly title: string; readonly text: string }>> = {
  token: {
    title: 'This window has no key to Caudal',
    text: 'Caudal is running, but only the address it prints when it starts opens it. Look in the terminal where Caudal was started, and open the whole address that ends with <code>?token=...</code>. Each start of Caudal makes a new one.',
  },
  origin: {
    title: 'Caudal does not answer other pages',
    text: 'The request came from a page that Caudal did not serve.',
  },
  host: {
    title: 'Caudal does not answer to this name',
    text: 'Open the address that Caudal printed when it started: it begins with <code>http://127.0.0.1</code>.',
  },
};

export function refusalPage(reason: Refusal): string {
  const { title, text } = WORDS[reason];
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>${STYLE}</style><main><h1>${title}</h1><p>${text}</p></main></html>\n`;
}
