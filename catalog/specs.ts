/** Every component's and connection's "everywhere" facets: config, usage, price, metrics, advice, messages. */
import type { ComponentSpec, ConnectionSpec } from '#schema/component.ts';
import * as ecsServiceAdvice from './components/ecs-service/advice.ts';
import * as ecsServiceConfig from './components/ecs-service/config.ts';
import * as ecsServiceMessages from './components/ecs-service/messages.en.ts';
import * as ecsServiceMetrics from './components/ecs-service/metrics.ts';
import * as ecsServicePrice from './components/ecs-service/price.ts';
import * as ecsServiceUsage from './components/ecs-service/usage.ts';
import * as opensearchAdvice from './components/opensearch/advice.ts';
import * as opensearchConfig from './components/opensearch/config.ts';
import * as opensearchMessages from './components/opensearch/messages.en.ts';
import * as opensearchMetrics from './components/opensearch/metrics.ts';
import * as opensearchPrice from './components/opensearch/price.ts';
import * as opensearchUsage from './components/opensearch/usage.ts';
import * as consumerApplicationAdvice from './components/consumer-application/advice.ts';
import * as consumerApplicationConfig from './components/consumer-application/config.ts';
import * as consumerApplicationMessages from './components/consumer-application/messages.en.ts';
import * as consumerApplicationMetrics from './components/consumer-application/metrics.ts';
import * as customServiceAdvice from './components/custom-service/advice.ts';
import * as customServiceConfig from './components/custom-service/config.ts';
import * as customServiceMessages from './components/custom-service/messages.en.ts';
import * as customServiceMetrics from './components/custom-service/metrics.ts';
import * as elasticacheAdvice from './components/elasticache/advice.ts';
import * as elasticacheConfig from './components/elasticache/config.ts';
import * as elasticacheMessages from './components/elasticache/messages.en.ts';
import * as elasticacheMetrics from './components/elasticache/metrics.ts';
import * as elasticachePrice from './components/elasticache/price.ts';
import * as elasticacheUsage from './components/elasticache/usage.ts';
import * as dataFirehoseAdvice from './components/data-firehose/advice.ts';
import * as dataFirehoseConfig from './components/data-firehose/config.ts';
import * as dataFirehoseMessages from './components/data-firehose/messages.en.ts';
import * as dataFirehoseMetrics from './components/data-firehose/metrics.ts';
import * as dataFirehosePrice from './components/data-firehose/price.ts';
import * as dataFirehoseUsage from './components/data-firehose/usage.ts';
import * as kinesisDataStreamsAdvice from './components/kinesis-data-streams/advice.ts';
import * as kinesisDataStreamsConfig from './components/kinesis-data-streams/config.ts';
import * as kinesisDataStreamsMessages from './components/kinesis-data-streams/messages.en.ts';
import * as kinesisDataStreamsMetrics from './components/kinesis-data-streams/metrics.ts';
import * as kinesisDataStreamsPrice from './components/kinesis-data-streams/price.ts';
import * as kinesisDataStreamsUsage from './components/kinesis-data-streams/usage.ts';
import * as lambdaAdvice from './components/lambda/advice.ts';
import * as lambdaConfig from './components/lambda/config.ts';
import * as lambdaMessages from './components/lambda/messages.en.ts';
import * as lambdaMetrics from './components/lambda/metrics.ts';
import * as lambdaPrice from './components/lambda/price.ts';
import * as lambdaUsage from './components/lambda/usage.ts';
import * as s3Advice from './components/s3/advice.ts';
import * as s3Config from './components/s3/config.ts';
import * as s3Messages from './components/s3/messages.en.ts';
import * as s3Metrics from './components/s3/metrics.ts';
import * as s3Price from './components/s3/price.ts';
import * as s3Usage from './components/s3/usage.ts';
import * as snsAdvice from './components/sns/advice.ts';
import * as snsConfig from './components/sns/config.ts';
import * as snsMessages from './components/sns/messages.en.ts';
import * as snsMetrics from './components/sns/metrics.ts';
import * as snsPrice from './components/sns/price.ts';
import * as snsUsage from './components/sns/usage.ts';
import * as sqsAdvice from './components/sqs/advice.ts';
import * as sqsConfig from './components/sqs/config.ts';
import * as sqsMessages from './components/sqs/messages.en.ts';
import * as sqsMetrics from './components/sqs/metrics.ts';
import * as sqsPrice from './components/sqs/price.ts';
import * as sqsUsage from './components/sqs/usage.ts';
import * as trafficSourceAdvice from './components/traffic-source/advice.ts';
import * as trafficSourceConfig from './components/traffic-source/config.ts';
import * as trafficSourceMessages from './components/traffic-source/messages.en.ts';
import * as trafficSourceMetrics from './components/traffic-source/metrics.ts';
import * as kinesisDataStreamsLambdaAdvice from './connections/kinesis-data-streams--lambda/advice.ts';
import * as kinesisDataStreamsLambdaConfig from './connections/kinesis-data-streams--lambda/config.ts';
import * as kinesisDataStreamsLambdaMessages from './connections/kinesis-data-streams--lambda/messages.en.ts';
import * as lambdaElasticacheAdvice from './connections/lambda--elasticache/advice.ts';
import * as lambdaElasticacheConfig from './connections/lambda--elasticache/config.ts';
import * as lambdaElasticacheMessages from './connections/lambda--elasticache/messages.en.ts';
import * as snsDataFirehoseConfig from './connections/sns--data-firehose/config.ts';
import * as snsDataFirehoseMessages from './connections/sns--data-firehose/messages.en.ts';
import * as snsLambdaConfig from './connections/sns--lambda/config.ts';
import * as snsLambdaMessages from './connections/sns--lambda/messages.en.ts';
import * as snsSqsConfig from './connections/sns--sqs/config.ts';
import * as snsSqsMessages from './connections/sns--sqs/messages.en.ts';
import * as sqsLambdaAdvice from './connections/sqs--lambda/advice.ts';
import * as sqsLambdaConfig from './connections/sqs--lambda/config.ts';
import * as sqsLambdaMessages from './connections/sqs--lambda/messages.en.ts';
import * as sqsLambdaPrice from './connections/sqs--lambda/price.ts';
import * as sqsLambdaUsage from './connections/sqs--lambda/usage.ts';

interface Facets<Declaration> {
  config: { readonly declaration: Declaration };
  usage?: Pick<ComponentSpec, 'usage'>;
  price?: { readonly price: unknown };
  metrics?: Pick<ComponentSpec, 'metrics'>;
  advice?: { readonly advise: unknown };
  messages: Pick<ComponentSpec, 'messages'>;
}

function facetsOf<Declaration>(facets: Facets<Declaration>) {
  return {
    declaration: facets.config.declaration,
    usage: facets.usage?.usage ?? [],
    price: facets.price?.price as ComponentSpec['price'],
    metrics: facets.metrics?.metrics ?? [],
    advice: facets.advice?.advise as ComponentSpec['advice'],
    messages: facets.messages.messages,
  };
}

const component = (facets: Facets<ComponentSpec['declaration']>): ComponentSpec => facetsOf(facets);
const connection = (facets: Facets<ConnectionSpec['declaration']>): ConnectionSpec => facetsOf(facets);

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
  component({
    config: kinesisDataStreamsConfig,
    usage: kinesisDataStreamsUsage,
    price: kinesisDataStreamsPrice,
    metrics: kinesisDataStreamsMetrics,
    advice: kinesisDataStreamsAdvice,
    messages: kinesisDataStreamsMessages,
  }),
  component({
    config: lambdaConfig,
    usage: lambdaUsage,
    price: lambdaPrice,
    metrics: lambdaMetrics,
    advice: lambdaAdvice,
    messages: lambdaMessages,
  }),
  component({
    config: elasticacheConfig,
    usage: elasticacheUsage,
    price: elasticachePrice,
    metrics: elasticacheMetrics,
    advice: elasticacheAdvice,
    messages: elasticacheMessages,
  }),
  component({
    config: snsConfig,
    usage: snsUsage,
    price: snsPrice,
    metrics: snsMetrics,
    advice: snsAdvice,
    messages: snsMessages,
  }),
  component({
    config: sqsConfig,
    usage: sqsUsage,
    price: sqsPrice,
    metrics: sqsMetrics,
    advice: sqsAdvice,
    messages: sqsMessages,
  }),
  component({
    config: dataFirehoseConfig,
    usage: dataFirehoseUsage,
    price: dataFirehosePrice,
    metrics: dataFirehoseMetrics,
    advice: dataFirehoseAdvice,
    messages: dataFirehoseMessages,
  }),
  component({
    config: s3Config,
    usage: s3Usage,
    price: s3Price,
    metrics: s3Metrics,
    advice: s3Advice,
    messages: s3Messages,
  }),
  component({
    config: consumerApplicationConfig,
    metrics: consumerApplicationMetrics,
    advice: consumerApplicationAdvice,
    messages: consumerApplicationMessages,
  }),
  component({
    config: ecsServiceConfig,
    usage: ecsServiceUsage,
    price: ecsServicePrice,
    metrics: ecsServiceMetrics,
    advice: ecsServiceAdvice,
    messages: ecsServiceMessages,
  }),
  component({
    config: opensearchConfig,
    usage: opensearchUsage,
    price: opensearchPrice,
    metrics: opensearchMetrics,
    advice: opensearchAdvice,
    messages: opensearchMessages,
  }),
];

const allConnections: readonly ConnectionSpec[] = [
  connection({
    config: kinesisDataStreamsLambdaConfig,
    advice: kinesisDataStreamsLambdaAdvice,
    messages: kinesisDataStreamsLambdaMessages,
  }),
  connection({
    config: lambdaElasticacheConfig,
    advice: lambdaElasticacheAdvice,
    messages: lambdaElasticacheMessages,
  }),
  connection({ config: snsSqsConfig, messages: snsSqsMessages }),
  connection({ config: snsLambdaConfig, messages: snsLambdaMessages }),
  connection({ config: snsDataFirehoseConfig, messages: snsDataFirehoseMessages }),
  connection({
    config: sqsLambdaConfig,
    usage: sqsLambdaUsage,
    price: sqsLambdaPrice,
    advice: sqsLambdaAdvice,
    messages: sqsLambdaMessages,
  }),
];

/** Components by type name. */
export const components: ReadonlyMap<string, ComponentSpec> = new Map(
  allComponents.map((spec) => [spec.declaration.type, spec]),
);

/** Connections by `<from>--<to>`. */
export const connections: ReadonlyMap<string, ConnectionSpec> = new Map(
  allConnections.map((spec) => [`${spec.declaration.from}--${spec.declaration.to}`, spec]),
);
