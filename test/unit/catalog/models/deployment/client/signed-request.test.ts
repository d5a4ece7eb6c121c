import { describe, expect, it } from 'vitest';
import { signedHeaders } from '#catalog/models/deployment/client/signed-request.ts';

/** AWS's own test suite for signature version 4: https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-test-suite.html */
const signing = {
  service: 'service',
  region: 'us-east-1',
  identity: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' },
  at: new Date('2015-08-30T12:36:00Z'),
};

describe('a signed request', () => {
  it('carries the signature that AWS computes for it (get-vanilla)', () => {
    const headers = signedHeaders('GET', new URL('https://example.amazonaws.com/'), '', {}, signing);
    expect(headers['authorization']).toBe(
      'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
    );
  });

  it('signs a body with its headers (post-header-key-sort with a POST)', () => {
    const url = new URL('https://example.amazonaws.com/');
    const plain = signedHeaders('POST', url, '', {}, signing)['authorization'];
    // post-vanilla of the suite.
    expect(plain).toMatch(/Signature=5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b$/);
    expect(signedHeaders('POST', url, 'body', {}, signing)['authorization']).not.toBe(plain);
  });

  it('signs the token of temporary credentials', () => {
    const identity = { ...signing.identity, sessionToken: 'token' };
    const headers = signedHeaders('GET', new URL('https://example.amazonaws.com/'), '', {}, { ...signing, identity });
    expect(headers['x-amz-security-token']).toBe('token');
    expect(headers['authorization']).toContain('SignedHeaders=host;x-amz-date;x-amz-security-token');
  });
});
