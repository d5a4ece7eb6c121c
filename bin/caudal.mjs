#!/usr/bin/env node
import './require-node.mjs';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { BUILDS, isBuildCurrent, ROOT } from './build-state.mjs';

/** The command line as built, where the build is current; otherwise its source, through tsx. */
async function loadCommandLine() {
  if (isBuildCurrent(BUILDS.node)) return import(pathToFileURL(join(ROOT, BUILDS.node.entry)).href);
  if (!existsSync(join(ROOT, 'node_modules/tsx'))) {
    console.error('Caudal is not set up here yet: run `npm start` once (it installs and builds), then try again.');
    process.exit(3);
  }
  const { register } = await import('tsx/esm/api');
  register();
  return import(pathToFileURL(join(ROOT, 'cli/main.ts')).href);
}

const { main } = await loadCommandLine();
process.exitCode = await main(process.argv.slice(2));
