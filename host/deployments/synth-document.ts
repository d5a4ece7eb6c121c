/** The CloudFormation template of a document, as an object and as text. */
import { stringify } from 'yaml';
import { refuseLeftOut } from '#cloud/deploy/plan.ts';
import { synthesize } from '#cloud/deploy/synth.ts';
import { productVersion } from '#host/serve/product-version.ts';
import { stackNameSchema, type SynthResult } from '#schema/deployment.ts';
import type { CaudalDocument } from '#schema/document.ts';
import { InputError } from '#schema/errors.ts';

export interface SynthSettings {
  /** Made of the document's name when left out. */
  readonly stackName?: string | undefined;
  /** Deploy the rest when a part cannot be. */
  readonly allowLeftOut: boolean;
  readonly signal?: AbortSignal | undefined;
}

export type TemplateFormat = 'json' | 'yaml';

/** A document's template. Throws an InputError with every part that cannot be deployed unless that is allowed. */
export async function synthDocument(
  document: CaudalDocument,
  { stackName, allowLeftOut, signal }: SynthSettings,
): Promise<{ readonly stackName: string; readonly synth: SynthResult }> {
  const name = checkedStackName(stackName ?? suggestedStackName(document));
  const synth = await synthesize({ document, stackName: name, version: productVersion() }, signal);
  refuseLeftOut(document, synth.leftOut, allowLeftOut);
  return { stackName: name, synth };
}

/** A stack name like the document's name. */
export function suggestedStackName({ name }: CaudalDocument): string {
  const plain = name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^A-Za-z0-9]+/g, '-')
    .replaceAll(/^[^A-Za-z]+|-+$/g, '')
    .slice(0, 100);
  return plain === '' ? 'caudal' : plain;
}

export function checkedStackName(name: string): string {
  const parsed = stackNameSchema.safeParse(name);
  if (parsed.success) return name;
  const allowed = 'letters, digits and hyphens, beginning with a letter, at most 128';
  const message = 'is not a name that CloudFormation takes for a stack';
  throw new InputError([{ code: 'deploy/stack-name', path: '--stack-name', received: name, allowed, message }]);
}

/** The same template as text: JSON for machines, YAML for readers. */
export function templateText({ template }: SynthResult, format: TemplateFormat): string {
  return format === 'json' ? `${JSON.stringify(template, null, 2)}\n` : stringify(template, { lineWidth: 0 });
}
