/** The scenarios that come with Caudal: listed by what they show, opened as copies. Their own files are never written. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readText } from '#host/files/read-text.ts';
import { productFolder } from '#host/serve/product-version.ts';
import { documentLimits } from '#schema/document.ts';
import { InputError } from '#schema/errors.ts';
import { type ScenarioFile, scenarioFileSchema } from '#schema/host-state.ts';
import type { Scenario } from '#schema/rpc.ts';

const DOCUMENT = 'scenario.caudal.json';
/** Holds one small scenario for each component. */
const COMPONENTS = 'components';

export class ShippedScenarios {
  private readonly folder: string | undefined;
  private listed: Promise<readonly Scenario[]> | undefined;

  constructor(folder = shippedFolder()) {
    this.folder = folder;
  }

  /** Whole architectures first, then the small ones; each by its folder. Empty where none came with this Caudal. */
  async list(): Promise<readonly Scenario[]> {
    return await (this.listed ??= this.read());
  }

  /** Throws InputError for anything but an id of the list. */
  async textOf(id: string): Promise<string> {
    const isKnown = (await this.list()).some((scenario) => scenario.id === id);
    if (!isKnown || this.folder === undefined) throw unknown(id);
    // The place of the schema beside the scenarios is no place beside the copy.
    const { $schema: _, ...document } = await fileOf(this.folder, id);
    return `${JSON.stringify(document, null, 2)}\n`;
  }

  private async read(): Promise<readonly Scenario[]> {
    const { folder } = this;
    if (folder === undefined) return [];
    const whole = (await foldersOf(folder)).filter((name) => name !== COMPONENTS);
    const small = (await foldersOf(join(folder, COMPONENTS))).map((name) => `${COMPONENTS}/${name}`);
    const found = await Promise.all([...whole, ...small].map(async (id) => await this.entryOf(folder, id)));
    return found.flat();
  }

  private async entryOf(folder: string, id: string): Promise<Scenario[]> {
    try {
      const { name, description = '', nodes } = await fileOf(folder, id);
      const title = await titleOf(folder, id);
      return [
        {
          id,
          kind: id.startsWith(`${COMPONENTS}/`) ? 'component' : 'architecture',
          title: title ?? name,
          name,
          description,
          components: [...new Set(nodes.map(({ type }) => type))],
        },
      ];
    } catch {
      return [];
    }
  }
}

function shippedFolder(): string | undefined {
  const product = productFolder();
  return product === undefined ? undefined : join(product, 'scenarios');
}

async function fileOf(folder: string, id: string): Promise<ScenarioFile> {
  return scenarioFileSchema.parse(JSON.parse(await readText(join(folder, id, DOCUMENT), documentLimits.bytes)));
}

/** The heading of the page that comes with it. */
async function titleOf(folder: string, id: string): Promise<string | undefined> {
  const page = await readText(join(folder, id, 'README.md'), documentLimits.bytes).catch(() => '');
  return /^# (.+)$/m.exec(page)?.[1]?.trim();
}

async function foldersOf(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

function unknown(id: string): InputError {
  const message = `no scenario that comes with Caudal is called ${id}; choose one of the list`;
  return new InputError([{ code: 'document/unknown-scenario', path: '', received: id, message }]);
}
