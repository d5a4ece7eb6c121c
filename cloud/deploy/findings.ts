/** What the CDK found wrong with a template, in sentences: it writes a report beside the template and names only that file. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Report {
  readonly pluginReports: readonly {
    readonly violations: readonly {
      readonly ruleName: string;
      readonly description: string;
      readonly severity?: string;
      readonly violatingConstructs: readonly { readonly constructPath?: string }[];
    }[];
  }[];
}

/** Findings in the report of a folder; none when there is no report. */
export function findingsIn(folder: string): readonly string[] {
  const file = join(folder, 'validation-report.json');
  if (!existsSync(file)) return [];
  const { pluginReports } = JSON.parse(readFileSync(file, 'utf8')) as Report;
  return pluginReports
    .flatMap(({ violations }) => violations)
    .map(({ ruleName, description, violatingConstructs }) => {
      const places = violatingConstructs.map(({ constructPath }) => constructPath ?? 'the template');
      return `${places.join(', ')}: ${description} (${ruleName})`;
    });
}
