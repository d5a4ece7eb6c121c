import { Link } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { components } from '#catalog/specs.ts';
import { iconUrl } from '#renderer/canvas/icon-url.ts';
import { host } from '#renderer/state/connection.ts';
import { closeDialog } from '#renderer/state/dialogs.ts';
import { leaveDocument, openScenario } from '#renderer/state/files.ts';
import type { Scenario } from '#schema/rpc.ts';
import { useAnswer } from './use-answer.ts';

const KINDS = [
  { kind: 'architecture', title: 'Reference architectures' },
  { kind: 'component', title: 'One component at work' },
] as const;

const askScenarios = (): Promise<readonly Scenario[]> => host().document.scenarios({});

/** The scenarios that come with Caudal, to be opened as copies; nothing where there are none. */
export function Scenarios(): ReactNode {
  const scenarios = useAnswer(askScenarios) ?? [];
  return KINDS.map(({ kind, title }) => {
    const ofKind = scenarios.filter((scenario) => scenario.kind === kind);
    if (ofKind.length === 0) return null;
    return (
      <section key={kind} className="scenarios" aria-label={title}>
        <h3 className="scenarios-title">{title}</h3>
        <ul className={`scenario-list scenario-list-${kind}`}>
          {ofKind.map((scenario) => (
            <ScenarioCard key={scenario.id} scenario={scenario} />
          ))}
        </ul>
      </section>
    );
  });
}

/** All of it opens the scenario; the keyboard has the link. */
function ScenarioCard({ scenario }: { readonly scenario: Scenario }): ReactNode {
  const { id, title, description } = scenario;
  const open = (): void => {
    closeDialog();
    void leaveDocument(() => openScenario(id));
  };
  return (
    <li className="scenario-card">
      <Link onFollow={open} fontSize="heading-s">
        {title}
      </Link>
      <p>{description}</p>
      <Parts types={scenario.components} />
    </li>
  );
}

function Parts({ types }: { readonly types: Scenario['components'] }): ReactNode {
  const names = types.map((type) => components.get(type)?.declaration.title ?? type);
  return (
    <div className="scenario-parts" role="img" aria-label={names.join(', ')}>
      {types.map((type, at) => (
        <img key={type} src={iconUrl(type)} alt="" title={names[at]} width={20} height={20} />
      ))}
    </div>
  );
}
