/** Puts measurements into the emulator's CloudWatch, with an account of the test's own. */
import { openAccount } from '#cloud/account/account.ts';
import { TEST_ACCOUNT, TEST_REGION } from '#test/emulator/emulator.ts';
import { type Seeded, seedMetrics as seed } from '#test/harness/seeded-metrics.ts';

export async function seedMetrics({ endpoint, ...seeded }: Seeded & { readonly endpoint: string }): Promise<void> {
  // The provider chain reads them where it would read a user's.
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: TEST_ACCOUNT, AWS_SECRET_ACCESS_KEY: 'not-a-secret' });
  const account = await openAccount({ region: TEST_REGION, environment: { AWS_ENDPOINT_URL: endpoint } });
  try {
    await seed(account, seeded);
  } finally {
    account.close();
  }
}
