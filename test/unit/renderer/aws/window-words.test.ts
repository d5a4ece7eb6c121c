import { describe, expect, it } from 'vitest';
import { explainAwsError } from '#cloud/account/explain-aws-error.ts';
import { statusWords } from '#cloud/deploy/stack-words.ts';
import { windowWords } from '#renderer/aws/window-words.ts';

const call = { service: 'STS', operation: 'GetCallerIdentity', region: 'us-east-1' } as unknown as Parameters<
  typeof explainAwsError
>[1];

describe('sentences of the host in the window', () => {
  it('are sentences', () => {
    expect(windowWords('nothing was deployed')).toBe('Nothing was deployed.');
    expect(windowWords('Is it?')).toBe('Is it?');
    expect(windowWords('nodes.clicks: is wrong')).toBe('nodes.clicks: is wrong.');
  });

  it('name what is on screen in place of options of the command line', () => {
    const missing = explainAwsError(Object.assign(new Error('none'), { name: 'CredentialsProviderError' }), call, 0);
    expect(missing.message).toContain('--profile');
    expect(windowWords(missing.message)).toBe(
      'No AWS credentials were found; run aws configure or aws sso login, set AWS_PROFILE, or choose a profile at the account in the top bar.',
    );
    const stuck = statusWords('DELETE_FAILED', 'shop').remedy ?? '';
    expect(stuck).toContain('--keep');
    expect(windowWords(stuck)).not.toContain('--');
  });

  it('take the option away that says which part of the command line was wrong', () => {
    expect(windowWords('--stack-name: is not a name that CloudFormation takes for a stack')).toBe(
      'Is not a name that CloudFormation takes for a stack.',
    );
  });
});
