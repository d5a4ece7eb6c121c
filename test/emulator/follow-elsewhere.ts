/** Another process that applies a change set, so that a test can kill it: prints each step, then how it ended. */
import { openAccount } from '#cloud/account/account.ts';
import { applyChangeSet } from '#cloud/deploy/apply.ts';

const [endpoint = '', changeSetId = ''] = process.argv.slice(2);
const environment = { AWS_ENDPOINT_URL: endpoint };
const account = await openAccount({ documentRegion: 'us-east-1', environment });
const outcome = await applyChangeSet({
  account,
  changeSetId,
  onEvent: (event) => console.log(event.kind === 'step' ? `${event.step.logicalId} ${event.step.status}` : event.kind),
});
console.log(`ended ${outcome.status}`);
