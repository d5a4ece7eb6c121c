/** The host's end of a window's port, dressed as the router wants it: the same router serves sockets and ports. */
import type { PortLike } from '#schema/rpc-port.ts';

/** The part of Electron's `MessagePortMain` that is used. */
export interface MainPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  start(): void;
}

/** Messages are cloned as they are, typed arrays included: a port of the main process can transfer nothing but ports. */
export function portOfMain(port: MainPort): PortLike {
  port.start();
  return {
    postMessage: (message) => port.postMessage(message),
    addEventListener(type, listener) {
      if (type === 'message') port.on('message', ({ data }) => listener({ data }));
      if (type === 'close') port.on('close', () => listener({ data: undefined }));
    },
  };
}
