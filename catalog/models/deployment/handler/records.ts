/** The batches in which services bring records. */

export interface FirehoseRecord {
  readonly recordId: string;
  readonly data: string;
}

export interface Batch {
  readonly Records?: readonly Readonly<Record<string, unknown>>[];
  readonly records?: readonly FirehoseRecord[];
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
