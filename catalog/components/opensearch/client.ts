/**
 * Indexes documents by signed bulk requests. The address says how the index rotates, as a delivery stream names it, and whether
 * records have their own identities as documents. https://docs.opensearch.org/latest/api-reference/document-apis/bulk/ (read 2026-11-21)
 */
import { createSender } from '#catalog/models/deployment/client/sender.ts';
import type { ClientFactory, Refusal, TargetClient } from '#catalog/models/deployment/client.ts';

const maxEntries = 500;
/** Largest request of the smaller instance types, without the lines of actions. */
const maxBytes = 9_000_000;

/** Characters of an ISO date that name an index; a week is named by its number. */
const NAMED_BY: Readonly<Record<string, number>> = { OneHour: 13, OneDay: 10, OneMonth: 7 };
const WEEK_MS = 604_800_000;

export const createClient: ClientFactory = (settings): TargetClient => {
  const sender = createSender('es', settings);
  return {
    maxEntries,
    maxBytes,
    send: async (address, entries) => {
      const { origin, pathname, searchParams } = new URL(address);
      const index = indexAt(pathname.slice(1), searchParams.get('rotation') ?? '', new Date());
      const hasIds = searchParams.get('ids') === 'true';
      const documents = entries.flatMap(({ body }, at) => body.split('\n').map((line) => ({ line, at })));
      const body = documents.map(({ line }) => `${action(line, hasIds)}\n${line}\n`).join('');
      const reply = await sender.post(`${origin}/${index}/_bulk`, body, { 'content-type': 'application/x-ndjson' });
      const text = await reply.text();
      if (!reply.ok) return entries.map((_, i) => ({ index: i, code: String(reply.status) }));
      return refusals(JSON.parse(text) as BulkReply, documents);
    },
    close: () => sender.close(),
  };
};

interface BulkReply {
  readonly items?: readonly { readonly index?: { readonly status: number } }[];
}

/** An entry is refused when one of its documents is. */
function refusals({ items = [] }: BulkReply, documents: readonly { readonly at: number }[]): Refusal[] {
  const refused = new Map<number, string>();
  for (const [i, { index }] of items.entries()) {
    const document = documents[i];
    if (document !== undefined && (index?.status ?? 0) >= 300) refused.set(document.at, String(index?.status));
  }
  return [...refused].map(([index, code]) => ({ index, code }));
}

function action(line: string, hasIds: boolean): string {
  const { id } = hasIds ? (JSON.parse(line) as { id?: string }) : {};
  return JSON.stringify({ index: id === undefined ? {} : { _id: id } });
}

function indexAt(name: string, rotation: string, now: Date): string {
  if (rotation === 'OneWeek') return `${name}-w${Math.floor(now.getTime() / WEEK_MS)}`;
  const length = NAMED_BY[rotation];
  return length === undefined ? name : `${name}-${now.toISOString().slice(0, length).toLowerCase().replace('t', '-')}`;
}
