import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

/** What axe calls serious or critical, with the places; of the whole page, or of one part. */
export async function violations(page: Page, part = 'body'): Promise<string[]> {
  // Legacy mode does without a second page to gather the findings of frames in: there are no frames.
  const { violations: found } = await new AxeBuilder({ page }).include(part).setLegacyMode(true).analyze();
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join('; ')}`);
}
