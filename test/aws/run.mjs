/** `npm run test:aws`: a small smoke test in a real AWS account, which is named in CAUDAL_TEST_AWS. From source, through tsx. */
import { register } from 'tsx/esm/api';
import '#bin/require-node.mjs';

register();
const { testAws } = await import('#test/aws/main.ts');
process.exitCode = await testAws();
