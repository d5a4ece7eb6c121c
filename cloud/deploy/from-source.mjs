// Starts the CDK child from its TypeScript source: a child process does not inherit the loader of its parent.
import { register } from 'tsx/esm/api';

register();
await import(new URL('./synth-child.ts', import.meta.url).href);
