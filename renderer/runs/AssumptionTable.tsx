import { Badge, Link, Table } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { select } from '#renderer/state/app-store.ts';
import type { Assumption, RunReport } from '#schema/result.ts';
import { useDocument } from '#renderer/state/document-store.ts';
import { settingText } from './patch-words.ts';
import { RunNote } from './RunNote.tsx';
import { Setting } from './Setting.tsx';
import { settingName } from './setting-name.ts';

/** Every value the run used that AWS does not document: a reader must see which guesses decide the answer. */
export function AssumptionTable({ report }: { readonly report: RunReport }): ReactNode {
  const guesses = report.assumptions.filter(({ kind }) => kind === 'guess').length;
  return (
    <>
      <RunNote>
        {report.assumptions.length} values of this run are not documented by AWS: {guesses} guessed,{' '}
        {report.assumptions.length - guesses} measured. Set them to what you have measured.
      </RunNote>
      <Table
        variant="borderless"
        contentDensity="compact"
        wrapLines
        items={report.assumptions}
        trackBy="path"
        ariaLabels={{ tableLabel: 'Assumptions of this run' }}
        empty="Everything this run used is documented by AWS."
        columnDefinitions={[
          {
            id: 'path',
            header: 'Setting',
            isRowHeader: true,
            width: 380,
            cell: (own: Assumption) => <Owner {...own} />,
          },
          { id: 'value', header: 'Value', width: 130, cell: (own: Assumption) => <Value {...own} /> },
          {
            id: 'kind',
            header: 'Kind',
            width: 110,
            cell: ({ kind }: Assumption) => <Badge color={kind === 'guess' ? 'grey' : 'blue'}>{kind}</Badge>,
          },
          { id: 'source', header: 'Source', cell: ({ source }: Assumption) => <Source source={source} /> },
        ]}
      />
    </>
  );
}

/** By its field, which selects the node or connection that has it, and by its path, as `--set` takes it. */
function Owner({ path }: Assumption): ReactNode {
  const [list, id = ''] = path.split('.');
  const kind = list === 'nodes' ? 'node' : list === 'edges' ? 'edge' : undefined;
  return (
    <>
      {kind === undefined ? (
        <Setting path={path} />
      ) : (
        <Link variant="secondary" onFollow={() => select({ kind, id })}>
          <Setting path={path} />
        </Link>
      )}
      <div className="path-code">{path}</div>
    </>
  );
}

function Value({ path, value }: Assumption): ReactNode {
  return useDocument((document) => settingText(value, settingName(document, path).unit));
}

function Source({ source }: { readonly source: string }): ReactNode {
  const address = /^https:\/\/\S+/.exec(source)?.[0];
  if (address === undefined) return source;
  return (
    <>
      <Link href={address} external externalIconAriaLabel="Opens in a new tab">
        {new URL(address).hostname}
      </Link>
      {source.slice(address.length)}
    </>
  );
}
