import { Button, SegmentedControl } from '@cloudscape-design/components';
import { type ReactNode, useEffect } from 'react';
import { connectionOfEdge, nodesById } from '#analysis/catalog.ts';
import * as catalog from '#catalog/specs.ts';
import { PartDeployment } from '#renderer/aws/PartDeployment.tsx';
import { useIsAwsMode } from '#renderer/aws/part-states.ts';
import { iconUrl } from '#renderer/canvas/icon-url.ts';
import { select, useApp } from '#renderer/state/app-store.ts';
import type { CaudalDocument, DocumentEdge, DocumentNode } from '#schema/document.ts';
import { DesignInspector } from './DesignInspector.tsx';
import { EdgeForm } from './EdgeForm.tsx';
import { EdgeMetrics } from './EdgeMetrics.tsx';
import { useFieldRequest } from './field-focus.ts';
import { followFieldRequests, type InspectorPage, showPage, useInspectorPage } from './inspector-page.ts';
import { NodeAdvice } from './NodeAdvice.tsx';
import { NodeForm } from './NodeForm.tsx';
import { NodeMetrics } from './NodeMetrics.tsx';

/** What is selected: its settings, its numbers, what is advised. With nothing selected, the design as a whole. */
export function Inspector({ document }: { readonly document: CaudalDocument }): ReactNode {
  const selection = useApp((state) => state.selection);
  const request = useFieldRequest((state) => state.request);
  useEffect(() => (request === undefined ? undefined : followFieldRequests(request)), [request]);
  const node = selection?.kind === 'node' ? document.nodes.find(({ id }) => id === selection.id) : undefined;
  const edge = selection?.kind === 'edge' ? document.edges.find(({ id }) => id === selection.id) : undefined;
  return (
    <aside className="inspector" aria-label="Inspector">
      {node !== undefined && <NodeInspector key={node.id} node={node} document={document} />}
      {edge !== undefined && <EdgeInspector key={edge.id} edge={edge} document={document} />}
      {selection === undefined && <DesignInspector document={document} />}
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
  readonly id: InspectorPage;
  readonly text: string;
  readonly content: ReactNode;
}

/** Three short pages do not fit the tabs of the kit at this width. The page stays from one node to the next. */
function Pages({ pages }: { readonly pages: readonly Page[] }): ReactNode {
  const wanted = useInspectorPage((state) => state.page);
  const shown = pages.find(({ id }) => id === wanted) ?? pages[0];
  if (shown === undefined) return null;
  return (
    <>
      <SegmentedControl
        label="What to show"
        selectedId={shown.id}
        options={pages.map(({ id, text }) => ({ id, text }))}
        onChange={({ detail }) => showPage(detail.selectedId as InspectorPage)}
      />
      {shown.content}
    </>
  );
}

/** In place of what a run found, which is not what AWS does. */
function deployedPage(id: string): Page {
  return { id: 'deployed', text: 'Deployed', content: <PartDeployment id={id} /> };
}

function NodeInspector({
  node,
  document,
}: {
  readonly node: DocumentNode;
  readonly document: CaudalDocument;
}): ReactNode {
  const isAws = useIsAwsMode();
  const spec = catalog.components.get(node.type);
  if (spec === undefined) return null;
  return (
    <>
      <Head label={node.label === '' ? node.id : node.label} title={spec.declaration.title} icon={node.type} />
      <Pages
        pages={[
          { id: 'settings', text: 'Configure', content: <NodeForm node={node} spec={spec} /> },
          ...(isAws
            ? [deployedPage(node.id)]
            : [
                { id: 'metrics' as const, text: 'Metrics', content: <NodeMetrics id={node.id} spec={spec} /> },
                { id: 'advice' as const, text: 'Advice', content: <NodeAdvice id={node.id} document={document} /> },
              ]),
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
  const isAws = useIsAwsMode();
  const spec = connectionOfEdge(catalog, nodesById(document), edge);
  const nameOf = (id: string): string => {
    const label = document.nodes.find((node) => node.id === id)?.label ?? '';
    return label === '' ? id : label;
  };
  return (
    <>
      <Head
        label={`${nameOf(edge.source)} to ${nameOf(edge.target)}`}
        title={`${spec?.declaration.title ?? KINDS[edge.kind]}, ${edge.id}`}
      />
      <Pages
        pages={[
          { id: 'settings', text: 'Configure', content: <EdgeForm edge={edge} document={document} /> },
          isAws ? deployedPage(edge.id) : { id: 'metrics', text: 'Metrics', content: <EdgeMetrics id={edge.id} /> },
        ]}
      />
    </>
  );
}

const KINDS: Readonly<Record<DocumentEdge['kind'], string>> = {
  data: 'Data link',
  call: 'Call',
  query: 'Query',
  trigger: 'Trigger',
};
