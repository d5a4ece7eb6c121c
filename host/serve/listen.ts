/** Binds a server to this computer only, to the port asked for or the next that is free. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EnvironmentError } from '#schema/errors.ts';

export const defaultPort = 4870;
const ADDRESS = '127.0.0.1';
/** Ports tried after the one asked for, before the system picks any. */
const TRIED_PORTS = 20;

/** The port it listens on. Throws EnvironmentError. */
export async function listen(server: Server, port: number): Promise<number> {
  const wanted = port === 0 ? [0] : Array.from({ length: TRIED_PORTS }, (_, index) => port + index);
  for (const candidate of [...wanted.filter((value) => value <= 65_535), 0]) {
    const error = await attempt(server, candidate);
    if (error === undefined) return (server.address() as AddressInfo).port;
    if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES') {
      throw new EnvironmentError('serve/no-port', `${ADDRESS}:${candidate} cannot be bound (${error.code})`, {
        cause: error,
      });
    }
  }
  throw new EnvironmentError('serve/no-port', `no port is free on ${ADDRESS}`);
}

function attempt(server: Server, port: number): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const onError = (error: NodeJS.ErrnoException): void => {
      server.removeListener('listening', onListening);
      resolve(error);
    };
    const onListening = (): void => {
      server.removeListener('error', onError);
      resolve(undefined);
    };
    server.once('error', onError);
    server.once('listening', onListening);
    server.listen({ host: ADDRESS, port, exclusive: true });
  });
}
