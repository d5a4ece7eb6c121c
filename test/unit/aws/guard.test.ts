import { describe, expect, it } from 'vitest';
import { allowedAccount } from '#test/aws/guard.ts';

describe('npm run test:aws', () => {
  it.each([
    { what: 'without the variable', environment: {}, says: 'set CAUDAL_TEST_AWS to the number of that account' },
    {
      what: 'with a variable that holds no account',
      environment: { CAUDAL_TEST_AWS: 'yes' },
      says: '12 digits, such as 123456789012',
    },
    {
      what: 'in continuous integration',
      environment: { CAUDAL_TEST_AWS: '123456789012', CI: 'true' },
      says: 'never runs in continuous integration',
    },
  ])('fails $what, in one sentence, before it reaches AWS', async ({ environment, says }) => {
    const endpoint = { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' };
    await expect(allowedAccount({ ...endpoint, ...environment })).rejects.toThrow(says);
  });
});
