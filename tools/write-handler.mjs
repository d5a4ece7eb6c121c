/**
 * Bundles catalog/handlers.ts into catalog/handler-code.ts: the code that deployed functions and containers run, as one CommonJS
 * text. The AWS SDK stays outside: the runtimes bring it. Run `npm run handler` after changing a handler or a client; a contract
 * test checks that the file is current.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';
import { ROOT } from '#bin/build-state.mjs';

const FILE = join(ROOT, 'catalog/handler-code.ts');

/** The bundle as text. */
export async function bundleHandler() {
  const { output } = await build({
    root: ROOT,
    configFile: false,
    logLevel: 'warn',
    build: {
      ssr: 'catalog/handlers.ts',
      write: false,
      minify: true,
      target: 'node20',
      rolldownOptions: { output: { format: 'cjs' }, external: [/^@aws-sdk\//, /^@smithy\//, /^node:/] },
    },
    ssr: { noExternal: [], external: true },
  });
  return lazy(output[0].code.trim());
}

/** Clients of the SDK are loaded when first used: each takes tens of milliseconds of a cold start, and a function needs one or two. */
function lazy(code) {
  const loads = code
    .replace('Object.defineProperty(exports,Symbol.toStringTag,{value:`Module`});', '')
    .replaceAll(/require\((["'`])(@(?:aws-sdk|smithy)\/[^"'`]+)\1\)/g, '$L(`$2`)');
  return `let $L=name=>new Proxy({},{get:(_,key)=>require(name)[key]});${loads}`;
}

/** The module that holds it. */
export function moduleOf(code) {
  return `/** Written by tools/write-handler.mjs from catalog/handlers.ts; do not edit. */\nexport const handlerCode = ${JSON.stringify(code)};\n`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const code = await bundleHandler();
  writeFileSync(FILE, moduleOf(code));
  console.log(`catalog/handler-code.ts: ${code.length} characters`);
}
