/** The window as a bench opens it: `caudal serve` on a document, in a Chromium without a graphics card, 1440 x 900. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { ROOT } from '#bin/build-state.mjs';
import { REFERENCE_SCENARIO } from '#tools/reference-scenario.mjs';
import { findChromium } from '#tools/setup/chromium.mjs';

const ADDRESS = /http:\/\/127\.0\.0\.1:\S+(?=\s)/;
const GAP = 120;
const COLUMNS = 5;

export function referenceText() {
  return readFileSync(join(ROOT, REFERENCE_SCENARIO), 'utf8');
}

/** The reference scenario, as often as gives that many nodes, in one document, five side by side. */
export function documentOf(nodeCount, run) {
  const { $schema: _, ...reference } = JSON.parse(referenceText());
  const whole = { ...reference, nodes: [], edges: [], groups: [], workloads: [], objectives: [], faults: [] };
  const copies = Math.ceil(nodeCount / reference.nodes.length);
  const columns = Math.min(copies, COLUMNS);
  const width = sizeAlong('x', reference.nodes);
  const height = sizeAlong('y', reference.nodes);
  for (let copy = 0; copy < copies; copy += 1) {
    const own = (id) => `${id}-${copy}`;
    const place = ({ x, y }) => ({ x: x + (copy % columns) * width, y: y + Math.floor(copy / columns) * height });
    const nodes = reference.nodes.slice(0, nodeCount - whole.nodes.length);
    const has = (id) => nodes.some((node) => node.id === id);
    for (const node of nodes)
      whole.nodes.push({ ...node, id: own(node.id), label: own(node.id), position: place(node.position) });
    for (const edge of reference.edges.filter(({ source, target }) => has(source) && has(target)))
      whole.edges.push({ ...edge, id: own(edge.id), source: own(edge.source), target: own(edge.target) });
    for (const load of reference.workloads.filter(({ node }) => has(node)))
      whole.workloads.push({ ...load, id: own(load.id), node: own(load.node) });
  }
  return { ...whole, run: { ...reference.run, ...run } };
}

function sizeAlong(axis, nodes) {
  const places = nodes.map(({ position }) => position[axis]);
  return Math.max(...places) - Math.min(...places) + 148 + GAP;
}

/** A folder with these files (name -> text), served: the first of them is open. Call `close` in the end. */
export async function serve(files) {
  const folder = mkdtempSync(join(tmpdir(), 'caudal-window-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const server = spawn(process.execPath, [join(ROOT, 'bin/caudal.mjs'), 'serve', Object.keys(files)[0]], {
    cwd: folder,
    env: { ...process.env, CAUDAL_STATE: join(folder, '.state') },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const address = await new Promise((found, fail) => {
    let said = '';
    server.stdout.on('data', (chunk) => {
      said += chunk;
      const match = ADDRESS.exec(said);
      if (match !== null) found(match[0]);
    });
    server.on('exit', (code) => fail(new Error(`caudal serve ended with code ${code}`)));
  });
  const close = () => {
    server.kill();
    rmSync(folder, { recursive: true, force: true });
  };
  return { address, close };
}

export function launch() {
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath: findChromium(), args });
}

export const SCREEN = { viewport: { width: 1440, height: 900 } };

/** The share of the sorted `values` that lies below what is returned. */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
}
