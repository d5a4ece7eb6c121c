/** What keeps the smoke test from spending anybody's money by accident: it names the account before anything is made there. */
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { type AwsAccount, openAccount } from '#cloud/account/account.ts';
import { EnvironmentError } from '#schema/errors.ts';

/** Holds the number of the account that may be used. */
export const VARIABLE = 'CAUDAL_TEST_AWS';

type Environment = Readonly<Record<string, string | undefined>>;

/** The account of the credentials, when it is the one that was named. Throws an EnvironmentError otherwise. */
export async function allowedAccount(environment: Environment): Promise<AwsAccount> {
  const allowed = allowedNumber(environment);
  const region = environment['AWS_REGION'] || environment['AWS_DEFAULT_REGION'] || undefined;
  const account = await openAccount({ region, environment });
  try {
    const { Account = '' } = await account.clients.sts.send(new GetCallerIdentityCommand({}));
    if (Account === allowed) return account;
    throw new EnvironmentError(
      'test-aws/other-account',
      `the credentials are those of the account ...${Account.slice(-4)}, and ${VARIABLE} allows ...${allowed.slice(-4)} only; nothing was done: choose the profile of that account with AWS_PROFILE, or name the other one in ${VARIABLE}`,
    );
  } catch (error) {
    account.close();
    throw error;
  }
}

function allowedNumber(environment: Environment): string {
  if (environment['CI']) {
    throw new EnvironmentError(
      'test-aws/in-ci',
      'test:aws deploys to a real AWS account and never runs in continuous integration (the variable CI is set): run it at a terminal of your own',
    );
  }
  const allowed = environment[VARIABLE] ?? '';
  if (allowed === '') {
    throw new EnvironmentError(
      'test-aws/not-allowed',
      `test:aws deploys to a real AWS account, which may cost up to 1 USD: set ${VARIABLE} to the number of that account to allow it`,
    );
  }
  if (!/^\d{12}$/.test(allowed)) {
    throw new EnvironmentError(
      'test-aws/not-an-account',
      `${VARIABLE} must hold the number of the account that may be used, 12 digits, such as 123456789012`,
    );
  }
  return allowed;
}
