/** `npm run bench [-- queues pending growth pool pipeline fidelity window]`: prints figures and judges nothing. */
import { fidelity } from './fidelity.bench.ts';
import { growth } from './growth.bench.ts';
import { pending } from './pending.bench.ts';
import { pipeline } from './pipeline.bench.ts';
import { pool } from './pool.bench.ts';
import { load, machine } from './print.ts';
import { queues } from './queues.bench.ts';

const BENCHES: Readonly<Record<string, () => Promise<void>>> = { queues, pending, growth, pool, pipeline, fidelity };

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => BENCHES[name] === undefined);
if (unknown.length > 0) {
  console.error(`no such bench: ${unknown.join(', ')}; there are ${Object.keys(BENCHES).join(', ')}, window`);
  process.exitCode = 2;
} else {
  console.log(`# Caudal's speed, ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC`);
  console.log(`\n${machine()}; ${load()}`);
  console.log('Processor time, best of several rounds run in turn; the pool: time on the wall.');
  for (const [name, bench] of Object.entries(BENCHES)) {
    if (wanted.length === 0 || wanted.includes(name)) await bench();
  }
  console.log(`\n${load()}`);
}
