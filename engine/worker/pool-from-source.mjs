// Starts a pool's worker from its TypeScript source: a worker thread does not inherit the loader of its parent.
import { register } from 'tsx/esm/api';

register();
export const { run } = await import(new URL('./pool.ts', import.meta.url).href);
