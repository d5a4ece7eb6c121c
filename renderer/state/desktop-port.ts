/** The port of a desktop window to its host; a browser has a WebSocket instead. */
import { bridgeName, type DesktopBridge, portChannel } from '#schema/desktop-bridge.ts';

function bridge(): DesktopBridge | undefined {
  return (window as unknown as { readonly [bridgeName]?: DesktopBridge })[bridgeName];
}

/** True in the desktop window. */
export function isDesktop(): boolean {
  return bridge() !== undefined;
}

/** Asks for a port and hands it over, started, once it is there. */
export function receivePort(take: (port: MessagePort) => void): void {
  const listen = ({ source, data, ports }: MessageEvent): void => {
    const [port] = ports;
    if (source !== window || data !== portChannel || port === undefined) return;
    window.removeEventListener('message', listen);
    port.start();
    take(port);
  };
  window.addEventListener('message', listen);
  bridge()?.connect();
}
