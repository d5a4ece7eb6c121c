/**
 * A WebSocket dressed as a message port, so that one handler serves sockets and real ports alike. The option that keeps
 * typed arrays is still experimental in oRPC: it is used through this file only.
 */
import { decodeFrame, encodeFrame } from './rpc-frame.ts';

/** The part of a WebSocket that is used, the same in a browser and in `ws`. */
export interface SocketLike {
  binaryType: string;
  send(data: string | Uint8Array<ArrayBuffer>): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
  addEventListener(type: 'close', listener: () => void): void;
}

export interface PortLike {
  postMessage(message: unknown): void;
  addEventListener(type: string, listener: (event: { data: unknown }) => void): void;
}

/** `onFault` hears of what could not be read; such a message is left out. */
export function portOfSocket(socket: SocketLike, onFault: (error: unknown) => void): PortLike {
  socket.binaryType = 'arraybuffer';
  return {
    postMessage(message) {
      socket.send(typeof message === 'string' ? message : encodeFrame(message));
    },
    addEventListener(type, listener) {
      if (type === 'close') socket.addEventListener('close', () => listener({ data: undefined }));
      if (type !== 'message') return;
      socket.addEventListener('message', ({ data }) => {
        if (!(data instanceof ArrayBuffer)) return listener({ data });
        let message: unknown;
        try {
          message = decodeFrame(data);
        } catch (error) {
          return onFault(error);
        }
        listener({ data: message });
      });
    },
  };
}

/**
 * For `experimental_transfer` of both sides: messages go as they are, with their typed arrays; only the opening reply of a
 * stream must stay encoded, or the other side gets `undefined`.
 */
export function transferNothing(message: readonly unknown[]): [] | undefined {
  const payload = message[2];
  if (typeof payload !== 'object' || payload === null) return [];
  const body: unknown = (payload as { body?: unknown }).body;
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body ? undefined : [];
}
