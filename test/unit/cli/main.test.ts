import { describe, expect, it } from 'vitest';
import { caudal } from '#test/harness/command-line.ts';

const COMMANDS = ['run', 'validate', 'explain', 'advise', 'serve'];

describe('the command line', () => {
  it('prints its help and its version', async () => {
    const { code, out } = await caudal('--help');
    expect(code).toBe(0);
    for (const command of COMMANDS) expect(out).toContain(`  ${command} `);
    expect(out).toContain('Exit codes: 0 done');
    expect(await caudal('--version')).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });

  it.each(COMMANDS)('prints the help of %s without words of the engine', async (command) => {
    const { code, out } = await caudal(command, '--help');
    expect(code).toBe(0);
    expect(out).toContain(`Usage: caudal ${command}`);
    expect(out.replaceAll('--verify-quantum', '')).not.toMatch(/parcel|quantum|station|cohort|default: \[\]/i);
  });

  it('fails for a command that does not exist, and does not pretend', async () => {
    for (const command of ['export', 'compare', 'sweep', 'rum']) {
      const { code, out, err } = await caudal(command, 'x');
      expect([code, out]).toEqual([2, '']);
      expect(err).toContain(`unknown command '${command}'`);
    }
    expect((await caudal('rum')).err).toContain('Did you mean run?');
  });

  it('fails for options that would be ignored', async () => {
    expect((await caudal('advise', 'none.json', '--output', 'x')).err).toContain('[cli/needs-option]');
    expect((await caudal('run', 'none.json', '--workers', '2')).err).toContain('[cli/needs-option]');
    const both = await caudal('run', 'none.json', '--verify-quantum', '--replications', '2');
    expect([both.code, both.err.includes('[cli/not-together]')]).toEqual([2, true]);
  });
});
