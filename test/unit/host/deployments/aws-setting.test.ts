import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { profileNames } from '#host/deployments/aws-setting.ts';

const folder = mkdtempSync(join(tmpdir(), 'caudal-aws-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function files(config: string, credentials: string) {
  const AWS_CONFIG_FILE = join(folder, 'config');
  const AWS_SHARED_CREDENTIALS_FILE = join(folder, 'credentials');
  writeFileSync(AWS_CONFIG_FILE, config);
  writeFileSync(AWS_SHARED_CREDENTIALS_FILE, credentials);
  return { AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE };
}

describe("the profiles of the user's AWS settings", () => {
  it('are those of both files, each once, the default one first', async () => {
    const config = '[profile team]\nregion = eu-west-1\n[sso-session corp]\n\n[ profile "a b" ] ; note\r\n[default]\n';
    const environment = files(config, '[team]\naws_access_key_id = AKIDEXAMPLE\n[old]\n');
    expect(await profileNames(environment)).toEqual(['default', 'a b', 'old', 'team']);
  });

  it('are none where there are no files', async () => {
    const missing = join(folder, 'missing');
    expect(await profileNames({ AWS_CONFIG_FILE: missing, AWS_SHARED_CREDENTIALS_FILE: missing })).toEqual([]);
  });
});
