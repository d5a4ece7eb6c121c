/**
 * An OpenSearch Service domain: encrypted at rest, between nodes and over TLS. Its endpoint answers only requests that are signed
 * by a role with a grant: there is no policy that lets in anybody else.
 */
import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { CfnDomain } from 'aws-cdk-lib/aws-opensearchservice';
import { allowPatterns } from '#catalog/models/deployment/stack/roles.ts';
import type { Built, IndexSettings, Receiver, StackContext, StackFacet } from '#catalog/models/deployment/stack.ts';
import type { Config } from './config.ts';

export const stack: StackFacet<Config> = { build };

/** https://docs.aws.amazon.com/opensearch-service/latest/developerguide/what-is.html#choosing-version (read 2026-11-21) */
const ENGINE_VERSION = 'OpenSearch_2.19';
const INDEX = 'records';
const SLOW_LOGS = 'Slow logs need a policy of the whole account, of which an account may have ten.';

const ROTATIONS = {
  none: 'NoRotation',
  hourly: 'OneHour',
  daily: 'OneDay',
  weekly: 'OneWeek',
  monthly: 'OneMonth',
} as const satisfies Record<Config['indexRotation'], IndexSettings['rotation']>;

function build({ scope, node, config, note }: StackContext<Config>): Built {
  const domain = new CfnDomain(scope, 'Domain', {
    engineVersion: ENGINE_VERSION,
    clusterConfig: clusterOf(config),
    ebsOptions: { ebsEnabled: true, volumeType: config.volumeType, volumeSize: config.volumeSizeGiB },
    encryptionAtRestOptions: { enabled: true },
    nodeToNodeEncryptionOptions: { enabled: true },
    domainEndpointOptions: { enforceHttps: true, tlsSecurityPolicy: 'Policy-Min-TLS-1-2-PFS-2023-10' },
  });
  domain.applyRemovalPolicy(RemovalPolicy.DESTROY);
  acknowledge(domain);
  note(
    `Shards, copies and refresh of the index are not resources: set them with PUT _index_template/${INDEX} (number_of_shards ${config.primaryShards}, number_of_replicas ${config.replicas}, refresh_interval ${config.refreshIntervalSeconds}s). Old indexes are not deleted, and nothing is stored beforehand.`,
  );
  const index: IndexSettings = {
    name: INDEX,
    rotation: ROTATIONS[config.indexRotation],
    hasRecordIds: config.documentIds === 'fromRecord',
  };
  return { node, receivers: { documents: receiverOf(domain, index) } };
}

function clusterOf(config: Config): CfnDomain.ClusterConfigProperty {
  // Two zones take an even number of nodes.
  const isSpread = config.instanceCount % 2 === 0;
  return {
    instanceType: config.instanceType,
    instanceCount: config.instanceCount,
    zoneAwarenessEnabled: isSpread,
    ...(isSpread ? { zoneAwarenessConfig: { availabilityZoneCount: 2 } } : {}),
    dedicatedMasterEnabled: config.dedicatedMasterCount > 0,
    ...(config.dedicatedMasterCount > 0
      ? { dedicatedMasterCount: config.dedicatedMasterCount, dedicatedMasterType: config.dedicatedMasterType }
      : {}),
  };
}

function receiverOf(domain: CfnDomain, index: IndexSettings): Receiver {
  return {
    address: `https://${domain.attrDomainEndpoint}/${index.name}?rotation=${index.rotation}&ids=${index.hasRecordIds}`,
    arn: domain.attrArn,
    index,
    grantSend: (role) =>
      allowPatterns(
        role,
        { actions: ['es:ESHttpPost'], resources: [`${domain.attrArn}/${index.name}*/_bulk`] },
        'Indexes are named by their date.',
      ),
  };
}

function acknowledge(domain: CfnDomain): void {
  const reasons: Readonly<Record<string, string>> = {
    OS1: 'The endpoint answers signed requests of roles with a grant only; inside a network, delivery streams and dashboards would need ways in that cost more than the domain.',
    OS3: 'Access goes by roles, not by addresses: senders are services without fixed ones.',
    OS4: 'How many dedicated masters there are is the user’s choice, with its price.',
    OS5: 'There is no access policy at all, so that unsigned requests are refused.',
    OS7: 'An odd number of nodes cannot be spread over two zones; an even number is.',
    'OS9[LogExport::SEARCH_SLOW_LOGS]': SLOW_LOGS,
    'OS9[LogExport::INDEX_SLOW_LOGS]': SLOW_LOGS,
  };
  for (const [id, reason] of Object.entries(reasons))
    Validations.of(domain).acknowledge({ id: `AwsSolutions-${id}`, reason });
}
