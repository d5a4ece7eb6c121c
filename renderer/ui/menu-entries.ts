/** What the menu over the canvas offers, by what it is about: ids of commands, and what only this menu can do. */
import type { MenuTarget } from '#renderer/state/context-menu.ts';

/** `pasteHere`, `addHere` and `break` take the place or the node of the menu; the others are commands. */
export type MenuEntry = { readonly id: string; readonly text: string };

interface Selected {
  readonly nodes: number;
}

/** Groups of entries, drawn with a line between them. */
export function menuEntries(target: MenuTarget['kind'], { nodes }: Selected): readonly (readonly MenuEntry[])[] {
  if (target === 'edge' && nodes === 0) {
    return [
      [{ id: 'delete', text: 'Delete' }],
      [
        { id: 'selectAll', text: 'Select all' },
        { id: 'fit', text: 'Fit into view' },
      ],
    ];
  }
  if (target === 'canvas') {
    return [
      [
        { id: 'addHere', text: 'Add a component here' },
        { id: 'pasteHere', text: 'Paste here' },
      ],
      [{ id: 'selectAll', text: 'Select all' }],
      [
        { id: 'layOut', text: 'Lay out the design' },
        { id: 'fit', text: 'Fit into view' },
      ],
    ];
  }
  const clipboard = [
    { id: 'cut', text: 'Cut' },
    { id: 'copy', text: 'Copy' },
    { id: 'duplicate', text: 'Duplicate' },
    { id: 'delete', text: 'Delete' },
  ];
  const several = [
    { id: 'layOut', text: 'Lay out' },
    { id: 'align-left', text: 'Align left' },
    { id: 'align-top', text: 'Align top' },
    { id: 'group', text: 'Group' },
    { id: 'ungroup', text: 'Take the group away' },
  ];
  const one = [
    { id: 'connect', text: 'Link to another node' },
    { id: 'break', text: 'Break this node' },
  ];
  return [clipboard, nodes > 1 ? several : one, [{ id: 'selectAll', text: 'Select all' }]];
}
