import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { faultsOf, isTooWide } from './testing/axe.ts';
import { type Look, openBrowser, signIn } from './testing/browser.ts';
import { type PortalRegion, portalRegion } from './testing/region.ts';
import { Witness } from './testing/witness.ts';

// Each job is done in a real browser, from start to end, as its people do it.

let region: PortalRegion;
let browser: Browser;
let person = '';
let city = '';
const witness = new Witness();
const today = (): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai' }).format(new Date());

beforeAll(async () => {
  [region, browser] = await Promise.all([portalRegion({ members: ['310000', '340000'] }), openBrowser()]);
  ({ person, city } = region.resident('340000'));
});
afterEach(({ task }) => witness.end(task));
afterAll(async () => {
  await browser?.close();
  await region?.stop();
});

const looks: readonly Look[] = [
  { language: 'zh', width: 390 },
  { language: 'en', width: 1280, dark: true },
];
const nameOf = ({ language, width, dark }: Look): string => `${language} ${width}${dark ? ' dark' : ''}`;
const looked = looks.map((look) => [nameOf(look), look] as const);

const words = (look: Look, zh: string, en: string): string => (look.language === 'zh' ? zh : en);

/** The page is whole: nothing that keeps people out, nothing beyond the window. */
async function isSound(page: Page): Promise<void> {
  expect(await faultsOf(page)).toEqual([]);
  expect(await isTooWide(page)).toBe(false);
}

describe.each(looked)('%s', (_name, look) => {
  const at = (path: string) => `/${look.language}${path}`;
  const open = async (member: string, account: string, path: string) => {
    const page = await witness.page(browser, look);
    await signIn(page, region.url(member), `${member}-${account}`, at(path));
    return page;
  };

  test('the public page shows the members and every system, and is open to all', async () => {
    const page = await witness.page(browser, look);
    await page.goto(`${region.url('340000')}${at('')}`);
    await page.getByText(words(look, '59 个系统，一张目录', '59 systems, one directory')).waitFor();
    await page.getByRole('img').waitFor();
    await isSound(page);
  });

  test('a resident files, is treated elsewhere, and sees who paid what and why', async () => {
    const resident = await open('340000', 'resident', '/medical-settlement/declare-filing');
    await resident
      .getByRole('button', { name: words(look, '异地就医备案', 'Declare care elsewhere') })
      .click();
    await resident.getByRole('alert').waitFor();
    await isSound(resident);
    await resident.getByLabel(words(look, '异地转诊', 'Referral')).check();
    await resident.getByLabel(words(look, '就医地 1', 'Places of care 1')).selectOption('310000');
    const [year = '', month = '', day = ''] = today().split('-');
    const from = resident.getByRole('group', { name: words(look, '开始日期', 'From') });
    for (const [label, value] of [
      ['year', year],
      ['month', month],
      ['day', day],
    ] as const)
      await from.getByLabel(words(look, { year: '年', month: '月', day: '日' }[label], label)).fill(value);
    await resident
      .getByRole('button', { name: words(look, '异地就医备案', 'Declare care elsewhere') })
      .click();
    await resident.getByText(words(look, '已办结', 'done')).waitFor();

    const cashier = await open('310000', 'medical-settlement-cashier', '/medical-settlement/counter');
    await cashier.getByLabel(words(look, '公民身份号码', 'Citizen number')).fill(person);
    await cashier.getByLabel(words(look, '参保地', 'Insured place')).selectOption(city);
    await cashier.getByRole('button', { name: words(look, '核验待遇', 'Check entitlement') }).click();
    await cashier.getByText(words(look, '可以直接结算', 'Can be settled here')).waitFor();
    await cashier.getByRole('button', { name: words(look, '填入演示明细', 'Fill in sample lines') }).click();
    await cashier.locator('.counter-line').nth(1).waitFor();
    await cashier.keyboard.press('F9');
    await cashier.getByRole('button', { name: words(look, '确认结算', 'Confirm') }).waitFor();
    await isSound(cashier);
    await cashier.keyboard.press('Control+Enter');
    await cashier.getByRole('button', { name: words(look, '撤销结算', 'Reverse') }).waitFor();
    const paid = ((await cashier.locator('.counter-cash .one-number').textContent()) ?? '').trim();

    await resident.goto(`${region.url('340000')}${at('/medical-settlement/bills')}`);
    await resident.locator('.bill-row').first().click();
    await resident
      .getByRole('heading', { name: words(look, '怎么算出来的', 'How it was reckoned') })
      .waitFor();
    expect(await resident.getByText(paid, { exact: true }).count()).toBeGreaterThan(0);
    await isSound(resident);
    await resident.goto(`${region.url('340000')}${at('/home')}`);
    await resident.locator('.bill-row').first().waitFor();
    await isSound(resident);
    await resident.getByRole('button', { name: words(look, '退出', 'Sign out') }).click();
    await resident.getByRole('link', { name: words(look, '登录办理', 'Sign in to begin') }).waitFor();
  });

  test.each([
    ['the operator', '310000', 'operator', '/status', '.tiles'],
    ['the fund’s clerk', '310000', 'auditor', '/statement', '.matrix, .note'],
    ['the planner', '310000', 'plan-planner', '/plan/progress', '.tile-map'],
    ['the policy’s expert', '310000', 'medical-settlement-clerk', '/medical-settlement/parameters', '.table'],
    [
      'a clerk, of a list',
      '310000',
      'medical-settlement-clerk',
      '/medical-settlement/institution',
      'tbody tr',
    ],
    ['a clerk, of a system', '310000', 'medical-settlement-clerk', '/medical-settlement', '.list-link'],
    ['a resident, of who read their data', '340000', 'resident', '/me/accesses', 'tbody tr'],
  ])('the page of %s', async (_who, member, account, path, sign) => {
    const page = await open(member, account, path);
    await page.locator(sign).first().waitFor();
    await isSound(page);
  });
});

test('a page that is not there says so, with its status', async () => {
  const page = await witness.page(browser, { language: 'zh', width: 390 });
  witness.expect(/404/);
  const answer = await page.goto(`${region.url('340000')}/zh/nothing/here`);
  expect(answer?.status()).toBe(404);
});
