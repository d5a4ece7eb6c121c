import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const ROOT = new URL('../../../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');

describe('the colours of the frame', () => {
  it('are tokens that the installed version of Cloudscape has', () => {
    const known = new Set(
      read('node_modules/@cloudscape-design/components/internal/generated/styles/tokens.js').match(/--[a-z0-9-]+/g),
    );
    const used = [...read('renderer/ui/tokens.css').matchAll(/var\((--[a-z0-9-]+)\)/g)].map(([, name]) => name ?? '');
    expect(used.length).toBeGreaterThan(15);
    expect(used.filter((name) => !known.has(name))).toEqual([]);
  });

  it('are all declared where canvas and frame use them', () => {
    const declared = new Set(
      [...read('renderer/ui/tokens.css').matchAll(/^\s*(--[a-z-]+):/gm)].map(([, name]) => name),
    );
    const used = [
      'renderer/ui/frame.css',
      'renderer/ui/editing.css',
      'renderer/canvas/canvas.css',
      'renderer/canvas/edges.css',
      'renderer/canvas/linking.css',
      'renderer/palette/palette.css',
    ].flatMap((path) => [...read(path).matchAll(/var\((--[a-z-]+)\)/g)].map(([, name]) => name));
    expect(used.filter((name) => !declared.has(name))).toEqual([]);
  });
});
