import { type ReactNode, useMemo } from 'react';
import * as catalog from '#catalog/specs.ts';
import { iconUrl } from '#renderer/canvas/icon-url.ts';
import { drawLink } from '#renderer/state/canvas-commands.ts';
import { closeDialog } from '#renderer/state/dialogs.ts';
import { useDocument } from '#renderer/state/document-store.ts';
import { optionWords } from '#renderer/state/edits/add-link.ts';
import { LinkJudge, type LinkOption } from '#renderer/state/edits/link-offer.ts';
import type { CaudalDocument } from '#schema/document.ts';
import { Picker, type PickerItem } from './Picker.tsx';

interface Way extends PickerItem {
  readonly option?: LinkOption;
}

/** Links a node without a pointer: all that it can be linked to, then the rest with the reason why not. */
export function ConnectDialog({ node }: { readonly node: string }): ReactNode {
  const document = useDocument((whole) => whole);
  const ways = useMemo(() => waysFrom(document, node), [document, node]);
  const label = document.nodes.find(({ id }) => id === node)?.label ?? '';
  return (
    <Picker
      header={`Link ${label === '' ? node : label} to`}
      placeholder="Search nodes"
      itemsFor={(query) => ways.filter(({ text }) => text.toLowerCase().includes(query.toLowerCase().trim()))}
      onDismiss={closeDialog}
      onChoose={(id) => {
        const option = ways.find((way) => way.id === id)?.option;
        closeDialog();
        if (option !== undefined) drawLink(option);
      }}
    />
  );
}

function waysFrom(document: CaudalDocument, from: string): readonly Way[] {
  const type = document.nodes.find(({ id }) => id === from)?.type ?? '';
  const outs = (catalog.components.get(type)?.declaration.ports ?? []).filter((port) => port.direction === 'out');
  const judges = outs.map((port) => new LinkJudge(catalog, document, { node: from, port: port.id }));
  const ways = document.nodes
    .filter(({ id }) => id !== from)
    .flatMap((node): Way[] => {
      const icon = iconUrl(node.type);
      const name = node.label === '' ? node.id : node.label;
      const offers = judges.map((judge) => judge.offer(node.id));
      const options = offers.flatMap((offer) => (offer.kind === 'legal' ? offer.options : []));
      const refused = offers.find((offer) => offer.kind === 'refused');
      if (options.length === 0) {
        const note = refused === undefined ? 'Nothing leaves this node.' : `${refused.message} ${refused.remedy}`;
        return [{ id: node.id, text: name, group: 'Not possible', icon, note, isDisabled: true }];
      }
      return options.map((option) => ({
        id: [node.id, option.sourcePort.id, option.output, option.targetPort.id].join(' '),
        text: name,
        group: 'Possible',
        icon,
        side: optionWords(option),
        option,
      }));
    });
  return [...ways.filter(({ option }) => option !== undefined), ...ways.filter(({ option }) => option === undefined)];
}
