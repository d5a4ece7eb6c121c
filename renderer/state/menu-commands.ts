/** What the system's menu asks for. The window registers what to do: state knows no views. */
import type { MenuCommand } from '#schema/rpc.ts';

let handler: ((command: MenuCommand) => void) | undefined;

export function onMenuCommand(handle: (command: MenuCommand) => void): void {
  handler = handle;
}

export function runMenuCommand(command: MenuCommand): void {
  handler?.(command);
}
