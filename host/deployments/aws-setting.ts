/** What the user's AWS settings say, before AWS is asked anything: names only, never what is under them. */
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** Profiles of the two files of AWS's settings, `default` first. A file that is missing or unreadable has none. */
export async function profileNames(environment: Environment = process.env): Promise<string[]> {
  const folder = join(homedir(), '.aws');
  const config = await readText(environment['AWS_CONFIG_FILE'] || join(folder, 'config'));
  const credentials = await readText(environment['AWS_SHARED_CREDENTIALS_FILE'] || join(folder, 'credentials'));
  const names = new Set([
    ...sections(config).flatMap((name) => (name === 'default' ? [name] : profileOf(name))),
    ...sections(credentials),
  ]);
  return [...names].toSorted((a, b) => Number(b === 'default') - Number(a === 'default') || (a < b ? -1 : 1));
}

/**
 * The config file names a profile `[profile name]`; other sections are no profiles.
 * https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html (read 2026-11-21)
 */
function profileOf(section: string): string[] {
  const name = /^profile\s+["']?(.+?)["']?$/.exec(section)?.[1];
  return name === undefined ? [] : [name];
}

function sections(text: string): string[] {
  return text.split(/\r?\n/).flatMap((line) => /^\s*\[\s*(.+?)\s*\]/.exec(line)?.[1] ?? []);
}

async function readText(file: string): Promise<string> {
  return await readFile(file, 'utf8').catch(() => '');
}
