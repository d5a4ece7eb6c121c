/** Checks the account's quotas: their ids, and what the nodes together set apart of them. */
import type { QuotaClaim } from '#schema/component.ts';
import type { Catalog } from './catalog.ts';
import type { FaultList } from './document-fault.ts';
import { didYouMean } from './nearest.ts';
import type { Pointer } from './paths.ts';
import type { Configs } from './validate-nodes.ts';
import type { DocumentView } from './validate-view.ts';

interface PlacedClaim extends QuotaClaim {
  readonly pointer: Pointer;
}

export function checkQuotas(view: DocumentView, catalog: Catalog, nodeConfigs: Configs, faults: FaultList): void {
  const known = [...catalog.components.values()].flatMap(({ declaration }) => declaration.quotas ?? []);
  for (const id of view.quotaIds) {
    if (known.includes(id)) continue;
    const message = `is not a quota that a component reads${didYouMean(id, known)}`;
    faults.refuse('document/unknown-quota', ['account', 'quotas', id], message, known.join(', '));
  }
  if (view.account === undefined) return;
  const { quotas } = view.account;
  const claims = claimsOf(view, catalog, nodeConfigs);
  for (const id of new Set(claims.map(({ quota }) => quota))) {
    const ofQuota = claims.filter(({ quota }) => quota === id);
    reportExcess(ofQuota, quotas[id], faults);
  }
}

function claimsOf(view: DocumentView, catalog: Catalog, nodeConfigs: Configs): PlacedClaim[] {
  const counts = new Map<string, number>();
  for (const { value: id } of view.ids.nodes) counts.set(id, (counts.get(id) ?? 0) + 1);
  return view.nodes.flatMap(({ value: node, pointer }) => {
    // Of nodes that share an id the settings cannot be told apart; that they do is reported.
    const config = counts.get(node.id) === 1 ? nodeConfigs.get(node.id) : undefined;
    const claims = config && catalog.components.get(node.type)?.declaration.claims?.(config);
    return (claims ?? []).map((claim) => ({ ...claim, pointer: [...pointer, ...claim.path.split('.')] }));
  });
}

/** Names the largest claims, as many as it takes for the others to fit. */
function reportExcess(claims: readonly PlacedClaim[], given: number | undefined, faults: FaultList): void {
  const total = claims.reduce((sum, { amount }) => sum + amount, 0);
  const largestFirst = claims.toSorted((a, b) => b.amount - a.amount);
  let rest = total;
  for (const { quota, amount, keep, byDefault, pointer } of largestFirst) {
    const capacity = given ?? byDefault;
    const most = Math.max(0, capacity - keep);
    if (rest <= most) return;
    rest -= amount;
    const message = `takes its share of ${total} that all nodes set apart; of the account's ${capacity} (${quota}) AWS keeps ${keep} free. Set less apart, or raise account.quotas.${quota} to what your account has`;
    faults.add('document/quota-exceeded', pointer, message, {
      received: amount,
      allowed: `at most ${most} over all nodes`,
    });
  }
}
