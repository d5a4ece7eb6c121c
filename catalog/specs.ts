/** Every component's and connection's "everywhere" facets: config, usage, price, metrics, advice, messages. */
import type { ComponentSpec, ConnectionSpec } from '#schema/component.ts';
import * as customServiceAdvice from './components/custom-service/advice.ts';
import * as customServiceConfig from './components/custom-service/config.ts';
import * as customServiceMessages from './components/custom-service/messages.en.ts';
import * as customServiceMetrics from './components/custom-service/metrics.ts';
import * as trafficSourceAdvice from './components/traffic-source/advice.ts';
import * as trafficSourceConfig from './components/traffic-source/config.ts';
import * as trafficSourceMessages from './components/traffic-source/messages.en.ts';
import * as trafficSourceMetrics from './components/traffic-source/metrics.ts';

interface Facets {
  config: Pick<ComponentSpec, 'declaration'>;
  usage?: Pick<ComponentSpec, 'usage'>;
  price?: { readonly price: unknown };
  metrics?: Pick<ComponentSpec, 'metrics'>;
  advice?: { readonly advise: unknown };
  messages: Pick<ComponentSpec, 'messages'>;
}

function component(facets: Facets): ComponentSpec {
  return {
    declaration: facets.config.declaration,
    usage: facets.usage?.usage ?? [],
    price: facets.price?.price as ComponentSpec['price'],
    metrics: facets.metrics?.metrics ?? [],
    advice: facets.advice?.advise as ComponentSpec['advice'],
    messages: facets.messages.messages,
  };
}

const allComponents: readonly ComponentSpec[] = [
  component({
    config: trafficSourceConfig,
    metrics: trafficSourceMetrics,
    advice: trafficSourceAdvice,
    messages: trafficSourceMessages,
  }),
  component({
    config: customServiceConfig,
    metrics: customServiceMetrics,
    advice: customServiceAdvice,
    messages: customServiceMessages,
  }),
];

const allConnections: readonly ConnectionSpec[] = [];

/** Components by type name. */
export const components: ReadonlyMap<string, ComponentSpec> = new Map(
  allComponents.map((spec) => [spec.declaration.type, spec]),
);

/** Connections by `<from>--<to>`. */
export const connections: ReadonlyMap<string, ConnectionSpec> = new Map(
  allConnections.map((spec) => [`${spec.declaration.from}--${spec.declaration.to}`, spec]),
);
