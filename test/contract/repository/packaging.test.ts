import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { ELECTRON_BUILDER } from '#tools/packaging/electron-builder.mjs';
import { ROOT, read } from './files.ts';
import schema from './electron-builder.schema.json' with { type: 'json' };

interface Target {
  readonly target: readonly string[];
}

interface Packaging {
  readonly directories: Readonly<Record<string, string>>;
  readonly fileAssociations: readonly { readonly ext: string; readonly role: string }[];
  readonly linux: Target;
  readonly mac: Target;
  readonly win: Target;
}

const packaging = parse(read('electron-builder.yml')) as Packaging;
const allowed = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);

/** Width and height of a PNG, from its header. */
function sizeOf(png: Buffer): readonly [width: number, height: number] {
  return [png.readUInt32BE(16), png.readUInt32BE(20)];
}

describe('electron-builder.yml', () => {
  it('holds nothing but what electron-builder knows, in the form it wants', () => {
    expect(schema.$comment).toContain(`app-builder-lib ${ELECTRON_BUILDER} `);
    const checked = allowed.safeParse(packaging);
    expect(checked.error?.issues ?? []).toEqual([]);
  });

  it('makes the packages of every system', () => {
    expect(packaging.linux.target).toEqual(['AppImage', 'deb']);
    expect(packaging.mac.target).toEqual(['dmg']);
    expect(packaging.win.target).toEqual(['nsis']);
  });

  it('lets the system open documents with it', () => {
    expect(packaging.fileAssociations).toMatchObject([{ ext: 'caudal.json', role: 'Editor' }]);
  });

  it('has an icon large enough for every system', () => {
    const icon = readFileSync(join(ROOT, packaging.directories['buildResources'] ?? '', 'icon.png'));
    expect(icon.subarray(1, 4).toString()).toBe('PNG');
    for (const side of sizeOf(icon)) expect(side).toBeGreaterThanOrEqual(1024);
  });

  it.each([
    ['an unknown key', { colour: 'blue' }],
    ['a slip of the pen', { linux: { targets: ['deb'] } }],
    ['a target that does not exist', { fileAssociations: [{ ext: 7 }] }],
    ['a word for a choice', { asar: 'maybe' }],
    ['an installer setting of the wrong kind', { nsis: { oneClick: 'no' } }],
  ])('fails with %s', (_, change) => {
    expect(allowed.safeParse({ ...packaging, ...change }).success).toBe(false);
  });
});
