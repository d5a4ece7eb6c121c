import fc from 'fast-check';
import { it } from 'vitest';
import { buildModel } from '#engine/worker/model.ts';
import { collect, runModel } from '#engine/worker/run.ts';
import { writeFileSync } from 'node:fs';
import { drawDocument } from '#test/property/random-document.ts';
it('explores', () => {
  const types: Record<string, number> = {}; const conn: Record<string, number> = {}; const failures: string[] = [];
  const total: Record<string, number> = {}; const faultKinds: Record<string,number> = {};
  let runs = 0, pre = 0, slow = 0;
  fc.assert(fc.property(fc.gen(), (g) => {
    pre++;
    const { document, written } = drawDocument(g);
    runs++;
    for (const n of document.nodes) types[n.type] = (types[n.type] ?? 0) + 1;
    for (const e of document.edges) { const k = document.nodes.find(n=>n.id===e.source)!.type+'--'+document.nodes.find(n=>n.id===e.target)!.type+':'+e.port; conn[k] = (conn[k] ?? 0) + 1; }
    for (const f of document.faults) faultKinds[f.kind] = (faultKinds[f.kind] ?? 0) + 1;
    const t = Date.now();
    try {
      writeFileSync('/tmp/last-doc.json', JSON.stringify(written)); const model = buildModel(document, { seed: document.run.seed, horizonSeconds: document.run.horizonSeconds, preRollSeconds: document.run.preRollSeconds, fidelity: 'exact' }); const { cancelled } = runModel(model, () => Date.now() - t < 8000); if (cancelled) failures.push('SLOW ' + model.kernel.nowUs + ' ' + model.kernel.eventCount + JSON.stringify(written)); const result = collect(model, cancelled);
      for (const [k, v] of Object.entries(result.ledger)) if (typeof v === 'number') total[k] = (total[k] ?? 0) + v;
      for (const [k, v] of Object.entries(result.ledger.duplicates)) total['dup.'+k] = (total['dup.'+k] ?? 0) + v;
      for (const [k, v] of Object.entries(result.ledger.droppedBy)) total['drop.'+k] = (total['drop.'+k] ?? 0) + v;
      const onPaths = result.paths.reduce((sum, { count }) => sum + count, 0);
      if (onPaths !== result.ledger.delivered) failures.push('paths ' + JSON.stringify(written));
    } catch (e) { failures.push(String((e as Error).stack).slice(0, 600) + '\n' + JSON.stringify(written)); }
    const d = Date.now() - t; if (d > slow) { slow = d; if (d > 3000) console.log('slow', d, JSON.stringify(written)); }
  }), { numRuns: Number(process.env.RUNS ?? 500), ...(process.env.SEED ? { seed: Number(process.env.SEED) } : {}) });
  console.log(JSON.stringify({ pre, runs, slow, types, conn, faultKinds, total, failed: failures.length }, null, 1));
  for (const f of failures.slice(0, 4)) console.log(f);
}, 600000);
