import { Modal } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { closeDialog } from '#renderer/state/dialogs.ts';
import { allCommands, type Command } from './commands.ts';
import { keyWords } from './keys.ts';
import { isMac } from './platform.ts';

const GROUPS: readonly Command['group'][] = ['Run', 'Edit', 'File', 'View', 'Help'];

/** Every key that does something. */
export function KeyList(): ReactNode {
  const commands = allCommands().filter(({ keys, isHidden }) => keys.length > 0 && isHidden !== true);
  return (
    <Modal visible header="Keys" size="large" onDismiss={closeDialog} closeAriaLabel="Close">
      <div className="key-list">
        {GROUPS.map((group) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl>
              {commands
                .filter((command) => command.group === group)
                .map((command) => (
                  <div key={command.id}>
                    <dt>{command.name}</dt>
                    <dd>
                      <kbd>{keyWords(command.keys[0] ?? '', isMac)}</kbd>
                    </dd>
                  </div>
                ))}
              {group === 'Edit' && (
                <div>
                  <dt>Move the selected nodes, ten times as far with Shift</dt>
                  <dd>
                    <kbd>Arrows</kbd>
                  </dd>
                </div>
              )}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}
