import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { Look } from './browser.ts';
import { Counter } from './counter.ts';
import { Place } from './place.ts';
import { words } from './words.ts';

// `npm run screenshots`: pictures of the main pages for the documentation, in both languages, of a region that is started for it.

const folder = join(import.meta.dirname, '..', '..', 'docs', 'pictures');
const languages = ['zh', 'en'] as const;
const desk = 1_280;
const phone = 390;

/** Leaves a picture of what is in sight, as WebP: a third of a PNG. */
async function picture(page: Page, name: string, { language }: Look): Promise<void> {
  await page.evaluate('document.fonts.ready');
  const session = await page.context().newCDPSession(page);
  const shot = { format: 'webp', quality: 82 } as const;
  const { data } = await session.send('Page.captureScreenshot', shot);
  writeFileSync(join(folder, `${name}.${language}.webp`), Buffer.from(data, 'base64'));
  process.stdout.write(`docs/pictures/${name}.${language}.webp\n`);
}

/** The resident declares care elsewhere, so that there is something to settle. */
async function filed(place: Place, look: Look): Promise<void> {
  const page = await place.sit(look, '340000', 'resident', '/medical-settlement/file');
  await page.getByLabel(words(look, '去哪里就医', 'Where you will be treated')).selectOption('310000');
  await page.getByRole('radio', { name: words(look, '转诊', 'Referral') }).check();
  await page.getByRole('button', { name: words(look, '提交备案', 'File') }).click();
  await page.getByRole('heading', { name: words(look, '备案已生效', 'Your filing is in force') }).waitFor();
}

/**
 * Prices of a bill's lines, 元: of two of 120 all is below the deductible, no fund pays, and nobody's statement has an entry to be drawn; of more
 * than some ten thousand the year's most is reached by the first bill.
 */
const prices = ['1480.00', '960.00', '520.00', '240.00'];

async function counter(place: Place, look: Look): Promise<void> {
  const at = await Counter.open(place, look);
  await at.ask(place.region.resident('340000'));
  await at.present(prices);
  await at.button('确认结算', 'Confirm').waitFor();
  await picture(at.page, 'counter', look);
  await at.settle();
}

async function bill(place: Place, look: Look): Promise<void> {
  const page = await place.sit(look, '340000', 'resident', '/medical-settlement/bills');
  await page.setViewportSize({ width: phone, height: 1_100 });
  await page.locator('.bill-row').first().click();
  await page.locator('.step').first().waitFor();
  // Items are called by their codes until their names are there.
  await page
    .locator('.step-lines', { hasText: /\d{15}/ })
    .first()
    .waitFor({ state: 'detached' });
  await picture(page, 'bill', look);
}

/** A page whose sign says that all of it is there. */
interface Shown {
  readonly name: string;
  readonly account?: string;
  readonly path: string;
  readonly sign: string;
  readonly dark?: boolean;
}

const pages: readonly Shown[] = [
  { name: 'landing', path: '', sign: '.directory li:not(.quiet) a' },
  { name: 'outline', path: '/plan/progress', sign: '.late-scroll tbody tr' },
  { name: 'statement', account: 'accountant', path: '/statement', sign: '.chart canvas' },
  { name: 'node', account: 'operator', path: '/status', sign: '.streams tbody tr', dark: true },
];

/** How long a page may take to be whole: a chart's program and two questions after each other, on a machine that does much else. */
const patienceMs = 180_000;

async function shown(place: Place, look: Look, { name, account, path, sign }: Shown): Promise<void> {
  const page =
    account === undefined ? await place.page(look) : await place.sit(look, '310000', account, path);
  if (account === undefined) await page.goto(place.at(look, '310000', path));
  await page.locator(sign).first().waitFor({ timeout: patienceMs });
  await page.waitForLoadState('load');
  await picture(page, name, look);
}

const place = new Place();
try {
  mkdirSync(folder, { recursive: true });
  // Without the system of the tests: the pictures show what everybody's region runs.
  await place.open({ members: ['310000', '340000'] });
  await filed(place, { language: 'zh', width: phone });
  for (const language of languages) {
    await counter(place, { language, width: desk });
    await bill(place, { language, width: phone });
    for (const page of pages) await shown(place, { language, width: desk, dark: page.dark === true }, page);
  }
} finally {
  await place.end({ name: 'screenshots' });
  await place.close();
}
