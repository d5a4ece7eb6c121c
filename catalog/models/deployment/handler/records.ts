/** Records as they travel through a deployed pipeline, and the batches in which services bring them. */

/** A record as it travels through a deployed pipeline. */
export interface WireRecord {
  readonly id: string;
  readonly t: number;
  readonly k: string;
  readonly p: string;
}

export interface FirehoseRecord {
  readonly recordId: string;
  readonly data: string;
}

export interface Batch {
  readonly Records?: readonly Readonly<Record<string, unknown>>[];
  readonly records?: readonly FirehoseRecord[];
}

const FNV_START = 2_166_136_261;
const FNV_PRIME = 16_777_619;
const UINT32 = 4_294_967_296;

/** Text as a number in [0, 1), the same everywhere (FNV-1a, mixed). */
export function fraction(text: string): number {
  let hash = FNV_START;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), FNV_PRIME);
  hash = Math.imul(hash ^ (hash >>> 15), 2_246_822_507);
  hash = Math.imul(hash ^ (hash >>> 13), 3_266_489_909);
  return ((hash ^ (hash >>> 16)) >>> 0) / UINT32;
}

/** Records of a message: one on each line. A line that is none of ours becomes a record of its own, named by its text. */
export function parseRecords(body: string): WireRecord[] {
  const records: WireRecord[] = [];
  for (const line of body.split('\n')) {
    if (line === '') continue;
    records.push(recordOf(line));
  }
  return records;
}

function recordOf(line: string): WireRecord {
  try {
    const { id, t, k, p } = JSON.parse(line) as Partial<WireRecord>;
    if (typeof id === 'string' && typeof t === 'number') return { id, t, k: k ?? id, p: p ?? '' };
  } catch {
    // Not JSON: a line that somebody else put in.
  }
  const id = fraction(line).toString(36).slice(2);
  return { id, t: 0, k: id, p: line };
}

/** Bodies of a batch, from whichever service it comes: Kinesis, SQS (also of a topic), SNS, Firehose, a direct event. */
export function bodiesOf(event: Batch): string[] {
  if (event.records !== undefined) return event.records.map(({ data }) => decode(data));
  if (event.Records === undefined) return [JSON.stringify(event)];
  return event.Records.map((item) => {
    const stream = item['kinesis'] as { data: string } | undefined;
    if (stream !== undefined) return decode(stream.data);
    const topic = item['Sns'] as { Message: string } | undefined;
    if (topic !== undefined) return topic.Message;
    return plainBody(String(item['body'] ?? JSON.stringify(item)));
  });
}

/** A topic that does not deliver raw wraps its message. */
function plainBody(body: string): string {
  if (!body.startsWith('{"Type"') && !body.includes('"Type" : "Notification"')) return body;
  const { Type, Message } = JSON.parse(body) as { Type?: string; Message?: string };
  return Type === 'Notification' && Message !== undefined ? Message : body;
}

export function decode(data: string): string {
  return Buffer.from(data, 'base64').toString();
}
