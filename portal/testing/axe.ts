import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** The lines of a run: made in the page, as a whole result is megabytes on its way here. */
const run = `axe.run(document, { runOnly: ${JSON.stringify(tags)}, resultTypes: ['violations'] }).then(({ violations }) =>
  violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary = '' }) => id + ': ' + target + ' ' + (failureSummary.split('\\n')[1] ?? ''))))`;

/**
 * What the page does wrong by WCAG 2.2 AA, one line a fault; axe is handed to the page itself, as its policy lets no script in, and past Playwright,
 * which takes twice as long over half a million characters.
 */
export async function faultsOf(page: Page): Promise<readonly string[]> {
  if (await page.evaluate("typeof axe === 'undefined'")) {
    const session = await page.context().newCDPSession(page);
    await session.send('Runtime.evaluate', { expression: `${source};0` });
    await session.detach();
  }
  return page.evaluate(run);
}

/** Whether the page is wider than its window. */
export async function isTooWide(page: Page): Promise<boolean> {
  return page.evaluate('document.documentElement.scrollWidth > window.innerWidth');
}
