import '#bin/require-node.mjs';
import { build } from './setup/build.mjs';

try {
  await build({ force: process.argv.includes('--force') });
} catch (error) {
  console.error(error.message);
  process.exitCode = 3;
}
