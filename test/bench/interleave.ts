/** Contenders run in turn, round by round, so that whatever else the machine does falls on all of them; the best round counts. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ContenderSpec } from './contender-spec.ts';
import type { Sample } from './sample.ts';

const ENTRY = fileURLToPath(new URL('./contender.js', import.meta.url));

/** A process that runs once for each line it is sent. */
export class Contender {
  private readonly child: ChildProcess;
  private readonly lines: Interface;

  constructor(spec: ContenderSpec, command: readonly string[] = [process.execPath, '--expose-gc', ENTRY]) {
    const [program = '', ...args] = command;
    this.child = spawn(program, [...args, JSON.stringify(spec)], { stdio: ['pipe', 'pipe', 'inherit'] });
    if (this.child.stdout === null) throw new Error('a contender answers on its output');
    this.lines = createInterface({ input: this.child.stdout });
  }

  run(): Promise<Sample> {
    return new Promise((resolve, reject) => {
      const ended = (code: number | null): void => reject(new Error(`a contender ended with ${code}`));
      this.child.once('exit', ended);
      this.lines.once('line', (line) => {
        this.child.off('exit', ended);
        resolve(JSON.parse(line) as Sample);
      });
      this.child.stdin?.write('run\n');
    });
  }

  close(): void {
    this.child.stdin?.end();
    this.lines.close();
  }
}

/** The first run, as a user meets it, and the one that took least processor time. */
export interface Best {
  readonly first: Sample;
  readonly best: Sample;
}

/** Runs every contender `warmUps` times unmeasured but for the first, then `rounds` times in turn. */
export async function interleaved<Name extends string>(
  contenders: ReadonlyMap<Name, Contender>,
  rounds: number,
  warmUps: number,
): Promise<Map<Name, Best>> {
  const found = new Map<Name, Best>();
  for (const [name, contender] of contenders) {
    const first = await contender.run();
    for (let i = 1; i < warmUps; i += 1) await contender.run();
    found.set(name, { first, best: { ...first, cpuSeconds: Number.POSITIVE_INFINITY } });
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, contender] of contenders) {
      const sample = await contender.run();
      const known = found.get(name);
      if (known !== undefined && costOf(sample) < costOf(known.best)) found.set(name, { ...known, best: sample });
    }
  }
  for (const contender of contenders.values()) contender.close();
  return found;
}

/** Processor seconds for one customer, record or event. */
export function costOf({ cpuSeconds, units }: Sample): number {
  return cpuSeconds / units;
}
