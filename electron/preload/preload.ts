/** Runs beside the page, in its sandbox: hands the port to the host over, and gives away nothing else. */
import { contextBridge, ipcRenderer } from 'electron';
import { bridgeName, type DesktopBridge, portChannel } from '#schema/desktop-bridge.ts';

const bridge: DesktopBridge = {
  connect: () => ipcRenderer.send(portChannel),
};

contextBridge.exposeInMainWorld(bridgeName, bridge);

// A port cannot cross the bridge; it can be posted from one world of the page to the other.
ipcRenderer.on(portChannel, ({ ports }) => {
  window.postMessage(portChannel, location.origin, [...ports]);
});
