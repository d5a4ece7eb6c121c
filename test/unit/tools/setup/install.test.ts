import { describe, expect, it } from 'vitest';
import { missingPackages } from '#tools/setup/install.mjs';

const wanted = {
  '': { version: '0.1.0' },
  'node_modules/app': { version: '1.0.0' },
  'node_modules/tool': { version: '2.0.0', dev: true },
  'node_modules/app-for-another-system': { version: '1.0.0', optional: true },
};

describe('missingPackages', () => {
  it('is empty when every package is there in its version', () => {
    const installed = { 'node_modules/app': { version: '1.0.0' }, 'node_modules/tool': { version: '2.0.0' } };
    expect(missingPackages(wanted, installed, { development: true })).toEqual([]);
  });

  it('leaves out tools that only tests need, unless asked for', () => {
    const installed = { 'node_modules/app': { version: '1.0.0' } };
    expect(missingPackages(wanted, installed, { development: false })).toEqual([]);
    expect(missingPackages(wanted, installed, { development: true })).toEqual(['node_modules/tool']);
  });

  it('names a package of another version', () => {
    const installed = { 'node_modules/app': { version: '0.9.0' } };
    expect(missingPackages(wanted, installed, { development: false })).toEqual(['node_modules/app']);
  });

  it('names everything when nothing is installed', () => {
    expect(missingPackages(wanted, undefined, { development: true })).toEqual([
      'node_modules/app',
      'node_modules/tool',
    ]);
  });
});
