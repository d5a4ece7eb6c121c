/** A run as the bytes of its file, and back. Bytes come from outside: nothing in them is believed before it is checked. */
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { constants, gunzip, gzip } from 'node:zlib';
import { digestText } from '#analysis/report.ts';
import { sha256 } from '#host/runs/run-service.ts';
import { InputError, invariant } from '#schema/errors.ts';
import { edgeRows, limitRows, nodeRows } from '#schema/playback.ts';
import { decodeFrame, encodeFrame } from '#schema/rpc-frame.ts';
import {
  type SavedRun,
  savedRunFormat,
  savedRunFormatSchema,
  type SavedRunHead,
  savedRunHeadBytes,
  savedRunHeadSchema,
  savedRunLimits,
  savedRunSchema,
} from '#schema/saved-run.ts';
import { migrated } from './migrations.ts';

/** What the writer says of a run beside its content. */
export type RunOrigin = Pick<SavedRunHead, 'origin' | 'engineVersion' | 'ratesDate' | 'savedAt'>;

export interface ReadRun {
  readonly head: SavedRunHead;
  readonly run: SavedRun;
}

const NEWLINE = 0x0a;

/** Throws InputError where the run is larger than a file that can be opened again. */
export async function runBytes(run: SavedRun, origin: RunOrigin): Promise<Uint8Array> {
  const checked = savedRunSchema.safeParse(run);
  invariant(checked.success, `a run does not have the form in which runs are saved: ${checked.error?.message}`);
  const frame = encodeFrame(run);
  const packed = await promisify(gzip)(frame, { level: constants.Z_DEFAULT_COMPRESSION });
  const { bytes, unpackedBytes } = savedRunLimits;
  if (packed.byteLength > bytes || frame.byteLength > unpackedBytes) {
    const most = `${bytes / 1024 ** 2} MiB, and ${unpackedBytes / 1024 ** 2} MiB unpacked`;
    throw refused('run/too-large', `the run is too large to be opened again: a file has at most ${most}`);
  }
  const head: SavedRunHead = {
    caudalRun: savedRunFormat,
    ...origin,
    bytes: packed.byteLength,
    unpackedBytes: frame.byteLength,
    sha256: createHash('sha256').update(packed).digest('hex'),
  };
  return Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), packed]);
}

/** Throws InputError that says what is wrong with the file; `name` is what its sentences call it. */
export async function readRunBytes(bytes: Uint8Array, name: string): Promise<ReadRun> {
  const end = bytes.subarray(0, savedRunHeadBytes).indexOf(NEWLINE);
  const line = end < 0 ? undefined : jsonOf(bytes.subarray(0, end));
  const format = savedRunFormatSchema.safeParse(line);
  if (!format.success) {
    const how = 'a run is saved by "Save run" in the window, or by caudal run --save';
    throw refused('run/not-a-run', `${name} is not a saved run; ${how}`);
  }
  const { caudalRun } = format.data;
  if (caudalRun > savedRunFormat) {
    const reads = `it has format ${caudalRun}, and this one reads up to ${savedRunFormat}`;
    throw refused('run/newer-format', `${name} was saved by a newer Caudal: ${reads}; update Caudal`);
  }
  const head = savedRunHeadSchema.safeParse({ ...(line as object), caudalRun: savedRunFormat });
  if (!head.success) throw damaged(name, 'its first line is not that of a saved run');
  const frame = await unpacked(bytes.subarray(end + 1), head.data, name);
  const content = contentOf(frame, caudalRun, name);
  const checked = savedRunSchema.safeParse(content);
  if (!checked.success)
    throw damaged(name, `its content has another form (${checked.error.issues[0]?.path.join('.')})`);
  // As it was written: the order of names is part of what is printed.
  const run = content as SavedRun;
  refuseContradictions(run, name);
  return { head: head.data, run };
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

async function unpacked(packed: Uint8Array, head: SavedRunHead, name: string): Promise<ArrayBuffer> {
  if (packed.byteLength < head.bytes) {
    const missing = `${packed.byteLength} of ${head.bytes} bytes are there`;
    throw refused('run/truncated', `${name} is cut short: ${missing}; copy it again from where it was saved`);
  }
  if (packed.byteLength > head.bytes) throw damaged(name, 'something stands behind its end');
  if (createHash('sha256').update(packed).digest('hex') !== head.sha256) {
    throw damaged(name, 'its content is not what was written');
  }
  if (head.unpackedBytes > savedRunLimits.unpackedBytes) throw tooLarge(name);
  try {
    const frame = await promisify(gunzip)(packed, { maxOutputLength: head.unpackedBytes });
    if (frame.byteLength !== head.unpackedBytes) throw new Error('another length');
    return new Uint8Array(frame).buffer;
  } catch {
    throw damaged(name, 'its content cannot be unpacked');
  }
}

function contentOf(frame: ArrayBuffer, format: number, name: string): unknown {
  try {
    return migrated(decodeFrame(frame), format);
  } catch {
    throw damaged(name, 'its content cannot be read');
  }
}

/** What a sound file cannot hold: another digest than its numbers have, or columns of another design. */
function refuseContradictions({ document, report, playback }: SavedRun, name: string): void {
  const { digest, ...unsealed } = report;
  if (sha256(digestText(unsealed)) !== digest) throw damaged(name, 'its numbers do not have its digest');
  const nodes = idsOf(document['nodes']);
  const edges = idsOf(document['edges']);
  if (!areSame(nodes, Object.keys(report.nodes)) || !areSame(edges, Object.keys(report.edges))) {
    throw damaged(name, 'its results are of another design than the one in it');
  }
  const rows = nodes.length * nodeRows.length + edges.length * edgeRows.length + playback.limitCount * limitRows.length;
  if (playback.values.length !== rows * playback.bins || playback.limitCount !== report.limits.length) {
    throw damaged(name, 'its columns do not fit its design');
  }
}

function idsOf(items: unknown): readonly unknown[] {
  return Array.isArray(items) ? items.map((item: { readonly id?: unknown } | null) => item?.id) : [];
}

function areSame(some: readonly unknown[], others: readonly unknown[]): boolean {
  const known = new Set(others);
  return some.length === others.length && some.every((item) => known.has(item));
}

function tooLarge(name: string): InputError {
  const most = `${savedRunLimits.unpackedBytes / 1024 ** 2} MiB`;
  return refused('file/too-large', `${name} is too large; the most is ${most} unpacked`);
}

function damaged(name: string, what: string): InputError {
  return refused(
    'run/damaged',
    `${name} is damaged: ${what}; copy it again from where it was saved, or run the design`,
  );
}

function refused(code: string, message: string): InputError {
  return new InputError([{ code, path: '', message }]);
}
