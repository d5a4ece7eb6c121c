// Starts the worker from its TypeScript source: a worker thread does not inherit the loader of its parent.
import { register } from 'tsx/esm/api';

register();
await import(new URL('./entry.ts', import.meta.url).href);
