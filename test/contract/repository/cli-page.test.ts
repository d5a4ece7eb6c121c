import { describe, expect, it } from 'vitest';
import { validateDocument } from '#analysis/validate.ts';
import * as catalog from '#catalog/specs.ts';
import { main } from '#cli/main.ts';
import { read } from './files.ts';

const page = read('docs/cli.md');

async function help(...argv: readonly string[]): Promise<string> {
  let text = '';
  const collect = (part: string): void => {
    text += part;
  };
  await main([...argv, '--help'], { out: collect, err: collect, isTerminal: false });
  return text;
}

describe('docs/cli.md', () => {
  it('shows a document that is valid', () => {
    const written: unknown = JSON.parse(/```json\n([\s\S]*?)```/.exec(page)?.[1] ?? '');
    const validated = validateDocument(written, catalog);
    expect('faults' in validated ? validated.faults : []).toEqual([]);
  });

  it('names the commands that exist, and every option of them', async () => {
    const commands = [...(await help()).matchAll(/^ {2}([a-z]+)(?: \[| {2})/gm)].map((match) => match[1] ?? '');
    const named = [...page.matchAll(/^\| `([a-z]+)[ `]/gm)].map((match) => match[1] ?? '');
    expect(named.sort()).toEqual(commands.filter((name) => name !== 'help').sort());
    for (const command of named) {
      const options = [...(await help(command)).matchAll(/^ {2}(?:-h, )?(--[a-z-]+)/gm)].map((match) => match[1] ?? '');
      expect(options.filter((option) => option !== '--help' && !page.includes(`\`${option}`))).toEqual([]);
    }
  });
});
