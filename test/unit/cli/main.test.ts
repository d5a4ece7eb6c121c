import { describe, expect, it } from 'vitest';
import { main } from '#cli/main.ts';

async function run(...argv: readonly string[]) {
  const written = { out: '', err: '' };
  const code = await main(argv, {
    out: (text) => {
      written.out += text;
    },
    err: (text) => {
      written.err += text;
    },
    isTerminal: false,
  });
  return { code, ...written };
}

const COMMANDS = ['run', 'validate', 'explain', 'advise', 'serve'];

describe('the command line', () => {
  it('prints its help and its version', async () => {
    const { code, out } = await run('--help');
    expect(code).toBe(0);
    for (const command of COMMANDS) expect(out).toContain(`  ${command} `);
    expect(out).toContain('Exit codes: 0 done');
    expect(await run('--version')).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });

  it.each(COMMANDS)('prints the help of %s without words of the engine', async (command) => {
    const { code, out } = await run(command, '--help');
    expect(code).toBe(0);
    expect(out).toContain(`Usage: caudal ${command}`);
    expect(out.replaceAll('--verify-quantum', '')).not.toMatch(/parcel|quantum|station|cohort|default: \[\]/i);
  });

  it('fails for a command that does not exist, and does not pretend', async () => {
    for (const command of ['compare', 'sweep', 'rum']) {
      const { code, out, err } = await run(command, 'x');
      expect([code, out]).toEqual([2, '']);
      expect(err).toContain(`unknown command '${command}'`);
    }
    expect((await run('rum')).err).toContain('Did you mean run?');
  });

  it('fails for options that would be ignored', async () => {
    expect((await run('advise', 'none.json', '--output', 'x')).err).toContain('[cli/needs-option]');
    expect((await run('run', 'none.json', '--workers', '2')).err).toContain('[cli/needs-option]');
    const both = await run('run', 'none.json', '--verify-quantum', '--replications', '2');
    expect([both.code, both.err.includes('[cli/not-together]')]).toEqual([2, true]);
  });
});
