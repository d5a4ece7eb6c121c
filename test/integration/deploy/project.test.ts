/** The CDK app that is written for a reader: its own synthesis gives the template that it was made of. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { validateDocument } from '#analysis/validate.ts';
import { components, connections } from '#catalog/specs.ts';
import { DeploymentApp } from '#cloud/deploy/app.ts';
import { writeProject } from '#host/deployments/project.ts';
import type { CaudalDocument } from '#schema/document.ts';

const folder = mkdtempSync(join(tmpdir(), 'caudal-project-'));
const run = promisify(execFile);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function scenario(name: string): CaudalDocument {
  const text = readFileSync(`scenarios/${name}/scenario.caudal.json`, 'utf8');
  const validated = validateDocument(JSON.parse(text), { components, connections });
  if ('faults' in validated) throw new Error(`scenario ${name} is not valid`);
  return validated.document;
}

describe('the CDK app of a template', () => {
  it('gives that template when it is synthesized by itself, and has the right types', async () => {
    const name = 'logs';
    const synth = new DeploymentApp({
      document: scenario('real-time-80m'),
      stackName: name,
      version: '1.2.3',
    }).synthesize();
    const project = join(folder, 'app');
    await writeProject(project, name, synth);
    symlinkSync(resolve('node_modules'), join(project, 'node_modules'), 'junction');
    const inProject = { cwd: project, env: { ...process.env, CDK_OUTDIR: join(project, 'cdk.out') } };
    await run(process.execPath, ['node_modules/tsx/dist/cli.mjs', 'bin/app.ts'], inProject);
    const made = readFileSync(join(project, 'cdk.out', `${name}.template.json`), 'utf8');
    expect(JSON.parse(made)).toEqual(synth.template);
    await run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', '.'], inProject);
  }, 120_000);

  it('fails to be written over anything, and leaves what is there', async () => {
    const synth = new DeploymentApp({
      document: scenario('walking-skeleton'),
      stackName: 'a',
      version: '1',
    }).synthesize();
    const taken = mkdtempSync(join(folder, 'taken-'));
    writeFileSync(join(taken, 'notes.txt'), 'mine');
    await expect(writeProject(taken, 'a', synth)).rejects.toThrow(
      'the folder holds a file already; nothing was written',
    );
    expect(readdirSync(taken)).toEqual(['notes.txt']);
  });
});
