/**
 * Messages with typed arrays in them as one binary frame, without turning numbers into text:
 *
 * `u32 length of the head | head: JSON, padded with spaces to a multiple of 8 | the arrays, each at a multiple of 8`
 *
 * (little-endian). The head holds the message without its arrays, and where each belongs as a path. The arrays read back
 * are views of the frame: nothing is copied.
 */

/** Both sides have these; this folder is compiled without the types of either. */
declare const TextEncoder: new () => { encode(text: string): Uint8Array };
declare const TextDecoder: new () => { decode(bytes: Uint8Array): string };

const ALIGNMENT = 8;
const HEAD_AT = 8;
const KINDS = { Float64Array, Float32Array, Int32Array, Uint32Array, Int8Array, Uint8Array } as const;

type Kind = keyof typeof KINDS;
type Step = string | number;

interface ArrayPlace {
  readonly kind: Kind;
  readonly path: readonly Step[];
  readonly length: number;
  /** Bytes after the head. */
  readonly offset: number;
}

interface Head {
  readonly message: unknown;
  readonly arrays: readonly ArrayPlace[];
}

export function encodeFrame(message: unknown): Uint8Array<ArrayBuffer> {
  const arrays: ArrayPlace[] = [];
  const contents: Uint8Array[] = [];
  let bytes = 0;
  const takeOut = (value: unknown, path: readonly Step[]): unknown => {
    if (ArrayBuffer.isView(value)) {
      const kind = value.constructor.name as Kind;
      if (!(kind in KINDS)) throw new TypeError(`a ${kind} cannot be sent`);
      const content = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
      arrays.push({ kind, path, length: content.byteLength / KINDS[kind].BYTES_PER_ELEMENT, offset: bytes });
      contents.push(content);
      bytes += aligned(content.byteLength);
      return null;
    }
    if (Array.isArray(value)) return value.map((item, index) => takeOut(item, [...path, index]));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, takeOut(item, [...path, key])]));
  };
  const head: Head = { message: takeOut(message, []), arrays };
  const text = new TextEncoder().encode(JSON.stringify(head));
  const headBytes = aligned(text.byteLength);
  const frame = new Uint8Array(HEAD_AT + headBytes + bytes);
  new DataView(frame.buffer).setUint32(0, headBytes, true);
  frame.fill(0x20, HEAD_AT, HEAD_AT + headBytes);
  frame.set(text, HEAD_AT);
  for (const [index, content] of contents.entries()) {
    frame.set(content, HEAD_AT + headBytes + (arrays[index]?.offset ?? 0));
  }
  return frame;
}

/** Reads a frame; throws if it is none. */
export function decodeFrame(frame: ArrayBuffer): unknown {
  const headBytes = new DataView(frame).getUint32(0, true);
  const text = new TextDecoder().decode(new Uint8Array(frame, HEAD_AT, headBytes));
  const { message, arrays } = JSON.parse(text) as Head;
  const root = { message };
  for (const { kind, path, length, offset } of arrays) {
    const steps: readonly Step[] = ['message', ...path];
    let owner: Record<Step, unknown> = root;
    for (const step of steps.slice(0, -1)) owner = ownedObject(owner, step);
    owner[steps.at(-1) ?? 'message'] = new KINDS[kind](frame, HEAD_AT + headBytes + offset, length);
  }
  return root.message;
}

/** A path leads only through what the message itself holds, never into a prototype. */
function ownedObject(owner: Record<Step, unknown>, step: Step): Record<Step, unknown> {
  const value = Object.hasOwn(owner, step) ? owner[step] : undefined;
  if (typeof value !== 'object' || value === null) throw new TypeError('the frame names a place it does not hold');
  return value as Record<Step, unknown>;
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}
