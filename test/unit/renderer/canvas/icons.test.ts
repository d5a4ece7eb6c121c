import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { icons } from '#catalog/icons.ts';
import { components } from '#catalog/specs.ts';

describe('the icons', () => {
  it('are there for every component, as they are in its folder or in aws-icons', () => {
    const root = new URL('../../../../', import.meta.url);
    expect(Object.keys(icons)).toEqual([...components.keys()].sort());
    for (const { declaration } of components.values()) {
      const { type, awsIcon } = declaration;
      const path =
        awsIcon === undefined ? `catalog/components/${type}/icon.svg` : `node_modules/aws-icons/icons/${awsIcon}.svg`;
      const source = readFileSync(new URL(path, root), 'utf8');
      expect([type, icons[type]]).toEqual([type, source.replace(/<title>[^<]*<\/title>/, '').trim()]);
    }
  });

  it('hold nothing but shapes', () => {
    for (const svg of Object.values(icons))
      expect(svg).not.toMatch(/<script|<style|<image|<foreignObject|\son\w+=|href=/i);
  });
});
