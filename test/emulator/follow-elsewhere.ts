/** Another process that applies a change set, so that a test can kill it: prints each step, then how it ended. */
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { applyChangeSet } from '#cloud/deploy/apply.ts';
import { DOCUMENT } from './names.ts';

const [endpoint = '', changeSetId = ''] = process.argv.slice(2);
const credentials = { accessKeyId: '000000000000', secretAccessKey: 'not-a-secret' };
const client = new CloudFormationClient({ region: 'us-east-1', endpoint, credentials });
const outcome = await applyChangeSet({
  client,
  changeSetId,
  document: DOCUMENT,
  onEvent: (event) => console.log(event.kind === 'step' ? `${event.step.logicalId} ${event.step.status}` : event.kind),
});
console.log(`ended ${outcome.status}`);
