import { Button, SegmentedControl } from '@cloudscape-design/components';
import { type ReactNode, useState } from 'react';
import { connectionOfEdge, nodesById } from '#analysis/catalog.ts';
import * as catalog from '#catalog/specs.ts';
import { iconUrl } from '#renderer/canvas/icon-url.ts';
import { select, useApp } from '#renderer/state/app-store.ts';
import type { CaudalDocument, DocumentEdge, DocumentNode } from '#schema/document.ts';
import { EdgeMetrics } from './EdgeMetrics.tsx';
import { FieldList } from './FieldList.tsx';
import { NodeAdvice } from './NodeAdvice.tsx';
import { NodeMetrics } from './NodeMetrics.tsx';
import { NodeSettings } from './NodeSettings.tsx';

/** What is selected: its numbers, its settings, what is advised. */
export function Inspector({ document }: { readonly document: CaudalDocument }): ReactNode {
  const selection = useApp((state) => state.selection);
  const node = selection?.kind === 'node' ? document.nodes.find(({ id }) => id === selection.id) : undefined;
  const edge = selection?.kind === 'edge' ? document.edges.find(({ id }) => id === selection.id) : undefined;
  return (
    <aside className="inspector" aria-label="Inspector">
      {node !== undefined && <NodeInspector key={node.id} node={node} document={document} />}
      {edge !== undefined && <EdgeInspector key={edge.id} edge={edge} document={document} />}
    </aside>
  );
}

interface HeadProps {
  readonly label: string;
  readonly title: string;
  readonly icon?: string;
}

function Head({ label, title, icon }: HeadProps): ReactNode {
  return (
    <div className="inspector-head">
      {icon !== undefined && <img src={iconUrl(icon)} alt="" width={32} height={32} />}
      <div className="inspector-names">
        <h2>{label}</h2>
        <span>{title}</span>
      </div>
      <Button variant="icon" iconName="close" ariaLabel="Close the inspector" onClick={() => select(undefined)} />
    </div>
  );
}

interface Page {
  readonly id: string;
  readonly text: string;
  readonly content: ReactNode;
}

/** Three short pages do not fit the tabs of the kit at this width. */
function Pages({ pages }: { readonly pages: readonly Page[] }): ReactNode {
  const [chosen, setChosen] = useState(pages[0]?.id ?? '');
  return (
    <>
      <SegmentedControl
        label="What to show"
        selectedId={chosen}
        options={pages.map(({ id, text }) => ({ id, text }))}
        onChange={({ detail }) => setChosen(detail.selectedId)}
      />
      {pages.find(({ id }) => id === chosen)?.content}
    </>
  );
}

function NodeInspector({
  node,
  document,
}: {
  readonly node: DocumentNode;
  readonly document: CaudalDocument;
}): ReactNode {
  const spec = catalog.components.get(node.type);
  if (spec === undefined) return null;
  return (
    <>
      <Head label={node.label === '' ? node.id : node.label} title={spec.declaration.title} icon={node.type} />
      <Pages
        pages={[
          { id: 'metrics', text: 'Metrics', content: <NodeMetrics id={node.id} spec={spec} /> },
          { id: 'settings', text: 'Settings', content: <NodeSettings node={node} spec={spec} document={document} /> },
          { id: 'advice', text: 'Advice', content: <NodeAdvice id={node.id} document={document} /> },
        ]}
      />
    </>
  );
}

function EdgeInspector({
  edge,
  document,
}: {
  readonly edge: DocumentEdge;
  readonly document: CaudalDocument;
}): ReactNode {
  const spec = connectionOfEdge(catalog, nodesById(document), edge);
  const settings =
    spec === undefined ? (
      <p className="inspector-empty">This connection has no settings of its own.</p>
    ) : (
      <div className="inspector-body">
        <FieldList title="Settings" schema={spec.declaration.config} values={edge.config} />
      </div>
    );
  return (
    <>
      <Head label={edge.id} title={spec?.declaration.title ?? `${edge.source} to ${edge.target}`} />
      <Pages
        pages={[
          { id: 'metrics', text: 'Metrics', content: <EdgeMetrics id={edge.id} /> },
          { id: 'settings', text: 'Settings', content: settings },
        ]}
      />
    </>
  );
}
