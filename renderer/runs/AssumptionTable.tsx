import { Badge, Link, Table } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { select } from '#renderer/state/app-store.ts';
import type { Assumption, RunReport } from '#schema/result.ts';
import { valueWords } from './apply-advice.ts';
import { RunNote } from './RunNote.tsx';

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
            width: 330,
            cell: (own: Assumption) => <Place {...own} />,
          },
          { id: 'value', header: 'Value', width: 130, cell: ({ value }: Assumption) => valueWords(value) },
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

/** The path selects the node or connection whose setting it is. */
function Place({ path }: Assumption): ReactNode {
  const [list, id = ''] = path.split('.');
  const kind = list === 'nodes' ? 'node' : list === 'edges' ? 'edge' : undefined;
  if (kind === undefined) return <span className="path-code">{path}</span>;
  return (
    <Link variant="secondary" onFollow={() => select({ kind, id })}>
      <span className="path-code">{path}</span>
    </Link>
  );
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
