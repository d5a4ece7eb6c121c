/** Names of usage types in each Region: most begin with an abbreviation of the Region, those of us-east-1 often with none. */

/** Older services of eu-west-1 write `EU`, newer ones `EUW1`. https://docs.aws.amazon.com/AmazonS3/latest/userguide/aws-usage-report-understand.html (read 2026-11-21) */
const PREFIXES: Readonly<Record<string, readonly string[]>> = {
  'us-east-1': ['USE1'],
  'us-east-2': ['USE2'],
  'us-west-1': ['USW1'],
  'us-west-2': ['USW2'],
  'ca-central-1': ['CAN1'],
  'ca-west-1': ['CAN2'],
  'sa-east-1': ['SAE1'],
  'mx-central-1': ['MXC1'],
  'eu-west-1': ['EUW1', 'EU'],
  'eu-west-2': ['EUW2'],
  'eu-west-3': ['EUW3'],
  'eu-central-1': ['EUC1'],
  'eu-central-2': ['EUC2'],
  'eu-north-1': ['EUN1'],
  'eu-south-1': ['EUS1'],
  'eu-south-2': ['EUS2'],
  'ap-northeast-1': ['APN1'],
  'ap-northeast-2': ['APN2'],
  'ap-northeast-3': ['APN3'],
  'ap-southeast-1': ['APS1'],
  'ap-southeast-2': ['APS2'],
  'ap-southeast-3': ['APS4'],
  'ap-southeast-4': ['APS6'],
  'ap-south-1': ['APS3'],
  'ap-south-2': ['APS5'],
  'ap-east-1': ['APE1'],
  'me-south-1': ['MES1'],
  'me-central-1': ['MEC1'],
  'il-central-1': ['ILC1'],
  'af-south-1': ['AFS1'],
};

/** Requests of queues end so in us-east-1; the Price List of other Regions names them `-Tier1`. */
const OF_QUEUES = '-RBP';

/** Some services write the Region whole: `us-east-1-KMS-Keys`. */
const WHOLE = 'us-east-1-';

/**
 * What a usage type of us-east-1 may be called in a Region; those likely to be found first. In us-east-1 itself services differ in
 * whether they write an abbreviation, so the name without it, or with it, comes second.
 */
export function usageTypesIn(region: string, ofUsEast1: string): readonly string[] {
  if (ofUsEast1 === '') return [''];
  if (ofUsEast1.startsWith(WHOLE)) return [`${region}-${ofUsEast1.slice(WHOLE.length)}`];
  const bare = ofUsEast1.replace(/^USE1-/, '');
  if (region === 'us-east-1') return [ofUsEast1, bare === ofUsEast1 ? `USE1-${bare}` : bare];
  const names = bare.endsWith(OF_QUEUES) ? [bare, bare.replace(OF_QUEUES, '-Tier1')] : [bare];
  return (PREFIXES[region] ?? []).flatMap((prefix) => names.map((name) => `${prefix}-${name}`));
}
