import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { RunnerTask } from 'vitest';
import { type Look, openWindow } from './browser.ts';

/** Where pictures and traces of failed tests are left. */
const folder = join(import.meta.dirname, '..', '..', 'coverage', 'portal');

/** Watches what a test does in the browser; of one that fails it leaves a picture and a trace, and each error of a page fails it. */
export class Witness {
  #errors: { readonly page: Page; readonly text: string }[] = [];
  #expected: RegExp | undefined;
  #windows: BrowserContext[] = [];

  /** A page in a window of its own, with a trace of what is done in it; of how it looked at each step where that is wished, as it costs about as much as the doing. */
  async page(browser: Browser, look: Look): Promise<Page> {
    const window = await openWindow(browser, look);
    await window.tracing.start({ screenshots: false, snapshots: process.env['TRACE'] === 'whole' });
    this.#windows.push(window);
    // Said by the browser itself too, yet not of every kind of breach.
    await window.addInitScript(
      "addEventListener('securitypolicyviolation', (e) => console.error('policy: ' + e.violatedDirective + ' ' + e.blockedURI))",
    );
    const page = await window.newPage();
    page.on('pageerror', ({ message: text }) => this.#errors.push({ page, text }));
    page.on('console', (message) => {
      if (message.type() === 'error') this.#errors.push({ page, text: message.text() });
    });
    page.setDefaultTimeout(30_000);
    return page;
  }

  /** What a page has said since it was last asked; it counts no more. */
  taken(page: Page): readonly string[] {
    const own = this.#errors.filter((error) => error.page === page);
    this.#errors = this.#errors.filter((error) => error.page !== page);
    return own.map(({ text }) => text);
  }

  /** Errors of this test that are what it is about. */
  expect(error: RegExp): void {
    this.#expected = error;
  }

  /** Called after each test. Throws when a page had an error of its own. */
  async end(task: Pick<RunnerTask, 'name' | 'result'>): Promise<void> {
    const windows = this.#windows.splice(0);
    const expected = this.#expected;
    this.#expected = undefined;
    const errors = this.#errors.splice(0).filter(({ text }) => expected?.test(text) !== true);
    const isFailed = task.result?.state === 'fail' || errors.length > 0;
    for (const [at, window] of windows.entries()) {
      const path = join(folder, `${task.name.replace(/[^\p{L}\p{N}]+/gu, '-').slice(0, 60)}-${at}`);
      if (isFailed) {
        mkdirSync(folder, { recursive: true });
        for (const page of window.pages()) await page.screenshot({ path: `${path}.png`, fullPage: true });
      }
      await window.tracing.stop(isFailed ? { path: `${path}.zip` } : {});
      await window.close();
    }
    if (errors.length > 0) throw new Error(`the page said: ${errors.map(({ text }) => text).join(' · ')}`);
  }
}
