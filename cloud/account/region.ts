/** In which Region a deployment goes. Where the user's settings say two, none is taken silently. */
import { InputError } from '#schema/errors.ts';

/** Region names as AWS writes them; which of them exist, AWS says. */
const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;

export interface RegionSources {
  /** `--region`: wins. */
  readonly asked?: string | undefined;
  /** `account.region` of the document, where there is one. */
  readonly document?: string | undefined;
  /** AWS_REGION or AWS_DEFAULT_REGION, or the profile's. */
  readonly configured?: string | undefined;
}

/** Where neither a document nor the settings name one. */
const FIRST_REGION = 'us-east-1';

/** Throws an InputError where the document and the user's AWS settings name different Regions and `--region` does not decide. */
export function chooseRegion({ asked, document, configured }: RegionSources): string {
  if (asked !== undefined) {
    if (REGION.test(asked)) return asked;
    const message = 'is not the name of a Region; write one such as eu-west-1';
    throw new InputError([{ code: 'aws/not-a-region', path: '--region', received: asked, message }]);
  }
  if (document === undefined) return configured || FIRST_REGION;
  if (configured === undefined || configured === '' || configured === document) return document;
  throw new InputError([
    {
      code: 'aws/two-regions',
      path: 'account.region',
      message: `the document says ${document}, your AWS settings say ${configured}; say which with --region ${document} or --region ${configured}`,
    },
  ]);
}
