/** ELK in a thread of its own: 1.6 MB that are loaded when a design is laid out for the first time. */
import type { ELK, ElkNode } from 'elkjs/lib/elk-api.js';
import type { Place } from '#drawing/layered-layout.ts';
import { elkGraph, type LayoutInput, placesOf } from './elk-graph.ts';

/** Below this zoom the labels of cards are smaller than 11 pixels. */
const READABLE_ZOOM = 0.79;

let engine: Promise<ELK> | undefined;

async function loaded(): Promise<ELK> {
  const [{ default: Elk }, { default: workerUrl }] = await Promise.all([
    import('elkjs/lib/elk-api.js'),
    import('elkjs/lib/elk-worker.min.js?url'),
  ]);
  return new Elk({ workerFactory: () => new Worker(workerUrl) });
}

/** Room for the whole design, in pixels. */
export interface Room {
  readonly width: number;
  readonly height: number;
}

/**
 * Places of the cards. Where the design would be too small to be read in the room there is, it is also tried broken into
 * rows, and what can be shown larger is taken. Throws where ELK cannot be loaded or fails.
 */
export async function laidOut(
  input: Pick<LayoutInput, 'document' | 'ids'>,
  room: Room,
): Promise<ReadonlyMap<string, Place>> {
  engine ??= loaded();
  const elk = await engine.catch((error: unknown) => {
    // The next attempt loads it anew.
    engine = undefined;
    throw error;
  });
  const aspectRatio = Math.max(0.2, room.width / Math.max(1, room.height));
  const layOut = (isWrapped: boolean): Promise<ElkNode> => elk.layout(elkGraph({ ...input, aspectRatio, isWrapped }));
  const plain = await layOut(false);
  if (zoomIn(room, plain) >= READABLE_ZOOM) return placesOf(plain, input);
  const wrapped = await layOut(true).catch(() => plain);
  return placesOf(zoomIn(room, wrapped) > zoomIn(room, plain) ? wrapped : plain, input);
}

function zoomIn(room: Room, { width = 1, height = 1 }: ElkNode): number {
  return Math.min(room.width / width, room.height / height);
}
