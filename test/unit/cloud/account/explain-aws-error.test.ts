import { describe, expect, it } from 'vitest';
import { explainAwsError } from '#cloud/account/explain-aws-error.ts';

const call = { service: 'CloudFormation', action: 'CreateChangeSet', region: 'eu-west-1' };
const nowMs = Date.parse('2026-11-21T12:00:00Z');

function sdkError(name: string, message: string, extra: object = {}): Error {
  return Object.assign(new Error(message), { name, ...extra });
}

const answer = (status: number) => ({ $metadata: { httpStatusCode: status } });

describe('explainAwsError', () => {
  it.each([
    [
      sdkError('CredentialsProviderError', 'Could not load credentials from any providers'),
      'aws/no-credentials',
      'aws configure',
    ],
    [
      sdkError('ExpiredToken', 'The security token included in the request is expired', answer(403)),
      'aws/expired-credentials',
      'aws sso login',
    ],
    [
      sdkError('CredentialsProviderError', 'The SSO session associated with this profile has expired.'),
      'aws/expired-credentials',
      'single sign-on',
    ],
    [
      sdkError(
        'CredentialsProviderError',
        'Profile p requires multi-factor authentication, but no MFA code callback was provided.',
      ),
      'aws/mfa-needed',
      'MFA device',
    ],
    [
      sdkError('AccessDenied', 'MultiFactorAuthentication failed with invalid MFA one time pass code.', answer(403)),
      'aws/mfa-refused',
      'each code counts once',
    ],
    [
      sdkError('InvalidClientTokenId', 'The security token included in the request is invalid.', answer(403)),
      'aws/unknown-credentials',
      'eu-west-1',
    ],
    [sdkError('ThrottlingException', 'Rate exceeded', answer(400)), 'aws/throttled', 'wait a minute'],
    [sdkError('ServiceUnavailable', 'busy', answer(503)), 'aws/server-fault', '503'],
    [
      sdkError('PermanentRedirect', 'The bucket must be addressed elsewhere', answer(301)),
      'aws/wrong-region',
      '--region',
    ],
    [
      Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' }),
      'aws/unreachable',
      'no Region eu-west-1',
    ],
    [sdkError('TimeoutError', 'timed out'), 'aws/unreachable', 'firewall'],
    [
      sdkError('SignatureDoesNotMatch', 'The request signature we calculated does not match', answer(403)),
      'aws/wrong-secret',
      'secret access key',
    ],
    [
      sdkError('ValidationError', 'Stack name cannot be empty', answer(400)),
      'aws/refused',
      'Stack name cannot be empty',
    ],
  ])('says what %s means and what to do', (error, code, words) => {
    const explained = explainAwsError(error, call, nowMs);
    expect(explained.code).toBe(code);
    expect(explained.message).toContain(words);
  });

  it('names the profile that is meant', () => {
    const missing = sdkError('CredentialsProviderError', 'Could not resolve credentials using profile: [team]');
    expect(explainAwsError(missing, { ...call, profile: 'team' }, nowMs).message).toContain('the profile team');
    const expired = sdkError('ExpiredTokenException', 'expired');
    expect(explainAwsError(expired, { ...call, profile: 'team' }, nowMs).message).toContain(
      'aws sso login --profile team',
    );
  });

  it('names the denied action and resource, and the statement that would allow it', () => {
    const resource = 'arn:aws:cloudformation:eu-west-1:111122223333:stack/shop/*';
    const denied = sdkError(
      'AccessDenied',
      `User: arn:aws:iam::111122223333:user/ana is not authorized to perform: cloudformation:CreateChangeSet on resource: ${resource} because no identity-based policy allows the cloudformation:CreateChangeSet action`,
      answer(403),
    );
    const explained = explainAwsError(denied, call, nowMs);
    expect(explained.code).toBe('aws/access-denied');
    expect(explained.missing).toEqual({ action: 'cloudformation:CreateChangeSet', resource, isExplicit: false });
    expect(explained.message).toContain(
      `{"Effect":"Allow","Action":"cloudformation:CreateChangeSet","Resource":"${resource}"}`,
    );
  });

  it('does not offer a statement where a policy denies explicitly', () => {
    const denied = sdkError(
      'AccessDeniedException',
      'User: u is not authorized to perform: servicequotas:GetServiceQuota with an explicit deny in a service control policy',
      answer(400),
    );
    const explained = explainAwsError(denied, call, nowMs);
    expect(explained.missing).toEqual({ action: 'servicequotas:GetServiceQuota', resource: '*', isExplicit: true });
    expect(explained.message).not.toContain('"Effect"');
  });

  it('takes the call for the action where AWS does not name it', () => {
    const denied = sdkError('AccessDenied', 'Access Denied', answer(403));
    expect(explainAwsError(denied, { ...call, service: 'S3', action: 'PutObject' }, nowMs).missing).toMatchObject({
      action: 's3:PutObject',
      resource: '*',
    });
  });

  it('tells both clocks where they differ', () => {
    const skewed = sdkError('RequestTimeTooSkewed', 'The difference is too large', {
      ...answer(403),
      $response: { headers: { date: 'Sat, 21 Nov 2026 12:20:00 GMT' } },
    });
    const { code, message } = explainAwsError(skewed, call, nowMs);
    expect(code).toBe('aws/clock-skew');
    expect(message).toContain('here it is 2026-11-21T12:00:00.000Z; AWS says 2026-11-21T12:20:00.000Z, 1200 s apart');
    const old = sdkError(
      'SignatureDoesNotMatch',
      'Signature expired: 20261121T110000Z is now earlier than 20261121T114500Z',
      answer(403),
    );
    expect(explainAwsError(old, call, nowMs).code).toBe('aws/clock-skew');
  });

  it('names the address that stands for AWS when nothing answers there', () => {
    const refused = Object.assign(new Error(''), { code: 'ECONNREFUSED', name: 'AggregateError' });
    const { message } = explainAwsError(refused, { ...call, endpoint: 'http://127.0.0.1:4566' }, nowMs);
    expect(message).toContain('http://127.0.0.1:4566 (ECONNREFUSED)');
    expect(message).toContain('AWS_ENDPOINT_URL');
  });

  it('keeps neither keys nor the signed request', () => {
    const wrong = sdkError(
      'SignatureDoesNotMatch',
      'Check your key AKIAIOSFODNN7EXAMPLE.\n\nThe Canonical String for this request should have been\nGET secret',
      { ...answer(403), $response: { headers: { authorization: 'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE' } } },
    );
    const explained = explainAwsError(wrong, call, nowMs);
    expect(`${JSON.stringify(explained)}${explained.message}`).not.toMatch(/AKIA|GET secret|Canonical/);
    expect(explained.cause).toBeUndefined();
  });
});
