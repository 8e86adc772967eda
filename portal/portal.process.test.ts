import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { faultsOf, isTooWide } from './testing/axe.ts';
import { type Look, openBrowser, signIn } from './testing/browser.ts';
import { type PortalRegion, portalRegion } from './testing/region.ts';
import { Witness } from './testing/witness.ts';

// Each job is done in a real browser, from start to end, as its people do it.

let region: PortalRegion;
let browser: Browser;
const witness = new Witness();

beforeAll(async () => {
  [region, browser] = await Promise.all([portalRegion({ members: ['310000', '340000'] }), openBrowser()]);
});
afterEach(({ task }) => witness.end(task));
afterAll(async () => {
  await browser?.close();
  await region?.stop();
});

const looks: readonly Look[] = [
  { language: 'zh', width: 390 },
  { language: 'en', width: 1280 },
  { language: 'en', width: 390, dark: true },
  { language: 'zh', width: 1280, dark: true },
];
const nameOf = ({ language, width, dark }: Look): string => `${language} ${width}${dark ? ' dark' : ''}`;
const looked = looks.map((look) => [nameOf(look), look] as const);

describe.each(looked)('%s', (_name, look) => {
  test('the public page shows the members and every system, and is open to all', async () => {
    const page = await witness.page(browser, look);
    await page.goto(`${region.url('340000')}/${look.language}`);
    await page
      .getByText(look.language === 'zh' ? '59 个系统，一张目录' : '59 systems, one directory')
      .waitFor();
    await page.getByRole('img').waitFor();
    expect(await faultsOf(page)).toEqual([]);
    expect(await isTooWide(page)).toBe(false);
  });

  test('a resident signs in, meets their front page, and leaves', async () => {
    const page = await witness.page(browser, look);
    await signIn(page, region.url('340000'), '340000-resident', `/${look.language}/home`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await faultsOf(page)).toEqual([]);
    expect(await isTooWide(page)).toBe(false);
    await page.getByRole('button', { name: look.language === 'zh' ? '退出' : 'Sign out' }).click();
    await page
      .getByRole('link', { name: look.language === 'zh' ? '登录办理' : 'Sign in to begin' })
      .waitFor();
  });
});
