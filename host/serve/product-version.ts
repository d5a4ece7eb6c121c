/** The version of the package this file belongs to, and the folder it is in. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export function productVersion(): string {
  return findPackage()?.version ?? 'unknown';
}

/** Where the product lies: the checkout, or what a package of it has unpacked. */
export function productFolder(): string | undefined {
  return findPackage()?.folder;
}

function findPackage(): { readonly folder: string; readonly version: string } | undefined {
  for (let folder = dirname(fileURLToPath(import.meta.url)); folder !== dirname(folder); folder = dirname(folder)) {
    const found = readPackage(join(folder, 'package.json'));
    if (found?.name === 'caudal') return { folder, version: found.version };
  }
  return undefined;
}

function readPackage(path: string): { readonly name: string; readonly version: string } | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as { name: string; version: string };
  } catch {
    return undefined;
  }
}
