/** What the preload script of the desktop window gives to its page, and the names under which the port travels. */

/** Property of `window` that holds the bridge; absent in a browser. */
export const bridgeName = 'caudalDesktop';

/** Sent by the page's side of the bridge to the main process, and by it with the port in return. */
export const portChannel = 'caudal-port';

/** The whole bridge: the page gets a port to its host and nothing else of the system. */
export interface DesktopBridge {
  /** Asks for a new port. It comes as a `message` event of the window itself, with `portChannel` as its data. */
  connect(): void;
}
