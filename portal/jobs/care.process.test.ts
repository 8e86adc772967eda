import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { printed } from '../../node/testing/printed.ts';
import { type Look, openBrowser, signIn } from '../testing/browser.ts';
import { isSound, nameOf, words } from '../testing/care.ts';
import { type PortalRegion, portalRegion } from '../testing/region.ts';
import { Witness } from '../testing/witness.ts';

// A resident's care elsewhere from start to end, on a phone and at a desk: they file, a cashier settles by keyboard alone, they see why and
// take a receipt along, and a stranger verifies it.

let region: PortalRegion;
let browser: Browser;
let person = '';
let city = '';
const witness = new Witness();

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

/** Presses keys and counts what a finger does on a phone. */
class Finger {
  taps = 0;
  readonly #page: Page;
  constructor(page: Page) {
    this.#page = page;
  }

  async tap(role: 'button' | 'link', name: string): Promise<void> {
    this.taps++;
    await this.#page.getByRole(role, { name, exact: true }).first().click();
  }

  async check(label: string): Promise<void> {
    this.taps++;
    await this.#page.getByRole('radio', { name: new RegExp(label) }).check();
  }

  /** Opening a list and choosing of it are two taps. */
  async choose(label: string, value: string): Promise<void> {
    this.taps += 2;
    await this.#page.getByLabel(label).selectOption(value);
  }
}

async function sitAt(look: Look, member: string, account: string, path: string): Promise<Page> {
  const page = await witness.page(browser, look);
  await signIn(page, region.url(member), `${member}-${account}`, `/${look.language}${path}`);
  return page;
}

/** A cashier at work with the keyboard alone, as far as the split. */
async function present(look: Look): Promise<Page> {
  const page = await sitAt(look, '310000', 'medical-settlement-cashier', '/medical-settlement/counter');
  await page.locator('#counter-person').waitFor();
  await page.keyboard.press('F2');
  await page.keyboard.type(`${person};${city}`);
  await page.keyboard.press('Enter');
  await page.getByText(words(look, '可以直接结算', 'Can be settled here')).waitFor();
  await paste(page, await sampleLines());
  await page.locator('.counter-line').nth(1).waitFor();
  await page.keyboard.press('F9');
  return page;
}

/** Lines as a hospital's system puts them on the clipboard: code, quantity, unit price. */
async function sampleLines(): Promise<string> {
  const path = '/systems/medical-settlement/parameters/catalogue?member=310000&at=/items&q=';
  const answer = await fetch(`${region.url('310000')}${path}${encodeURIComponent('检查')}`);
  const { value } = (await answer.json()) as { readonly value: readonly { readonly code: string }[] };
  return value
    .slice(0, 2)
    .map(({ code }) => `${code}\t1\t120.50\n`)
    .join('');
}

async function paste(page: Page, text: string): Promise<void> {
  await page.evaluate(`{
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', ${JSON.stringify(text)});
    document.dispatchEvent(new ClipboardEvent('paste', { clipboardData, cancelable: true }));
  }`);
}

describe.each(looks.map((look) => [nameOf(look), look] as const))('%s', (_name, look) => {
  let pdf: Buffer = Buffer.alloc(0);

  test('a resident files in six taps at most', async () => {
    const page = await sitAt(look, '340000', 'resident', '/home');
    const finger = new Finger(page);
    await page.locator('.bill-row, .note').first().waitFor();
    await isSound(page);
    await page.goto(`${region.url('340000')}/${look.language}/medical-settlement/file`);
    await page.getByRole('button', { name: words(look, '提交备案', 'File') }).click();
    expect(await page.locator('.fault').count()).toBe(2);
    await isSound(page);
    await finger.choose(words(look, '去哪里就医', 'Where you will be treated'), '310000');
    await finger.check(words(look, '转诊', 'Referral'));
    await finger.tap('button', words(look, '提交备案', 'File'));
    await page.getByRole('heading', { name: words(look, '备案已生效', 'Your filing is in force') }).waitFor();
    expect(finger.taps).toBeLessThanOrEqual(6);
    await isSound(page);
    await finger.tap('link', words(look, '回到首页', 'Back to the front page'));
    await page.getByText(words(look, '我的备案', 'My filings')).waitFor();
    await page.locator('.edge-good').first().waitFor();
  });

  test('a cashier checks, imports, settles and hands a receipt over without a mouse', async () => {
    const page = await present(look);
    await page.getByRole('button', { name: words(look, '确认结算', 'Confirm') }).waitFor();
    const took = await page.locator('.counter-answer').first().textContent();
    expect(Number(/([0-9.]+) (?:秒|s)/.exec(took ?? '')?.[1])).toBeLessThan(5);
    await isSound(page);
    await page.keyboard.press('Control+Enter');
    await page.getByRole('button', { name: words(look, '撤销结算', 'Reverse') }).waitFor();
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: words(look, '下载凭证', 'Receipt, PDF') }).focus();
    await page.keyboard.press('Enter');
    expect((await download).suggestedFilename()).toMatch(/^yitong-bill-[0-9-]+\.pdf$/);
    await isSound(page);
  });

  test('the resident sees who paid what and why, and takes a receipt along', async () => {
    const page = await sitAt(look, '340000', 'resident', '/medical-settlement/bills');
    await page.locator('.bill-row').first().click();
    await page.getByRole('heading', { name: words(look, '怎么算出来的', 'How it was reckoned') }).waitFor();
    expect(await page.locator('.step').count()).toBeGreaterThan(1);
    expect(await page.locator('.sources code').count()).toBeGreaterThan(0);
    await isSound(page);
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: words(look, '下载凭证', 'Receipt, PDF') }).click();
    const stream = await (await download).createReadStream();
    const parts: Buffer[] = [];
    for await (const part of stream) parts.push(part);
    pdf = Buffer.concat(parts);
    expect(pdf.length).toBeLessThan(200_000);
  });

  test('anybody verifies the receipt: by its code, by the file, by the evidence; a changed letter is refused', async () => {
    const page = await witness.page(browser, look);
    const { code } = await printed(pdf);
    const here = (word: string) => `${region.url('310000')}/${look.language}/verify#${word}`;
    const word = code.split('#')[1] ?? '';
    await page.goto(here(word));
    await page.getByRole('heading', { name: words(look, '验证通过', 'It stands') }).waitFor();
    await page
      .getByText(words(look, '安徽省', 'Anhui'))
      .first()
      .waitFor();
    expect(await page.locator('main').textContent()).not.toContain(person);
    await isSound(page);
    const upload = page.locator('input[type=file]');
    await upload.setInputFiles({ name: 'r.pdf', mimeType: 'application/pdf', buffer: pdf });
    // Both members' signatures: the insured place told the place of care, and that one receipted it.
    await page.locator('.verify-both').waitFor();
    await isSound(page);
    const other = Buffer.from(pdf);
    other[3_000] = (other[3_000] ?? 0) ^ 1;
    await upload.setInputFiles({ name: 'r.pdf', mimeType: 'application/pdf', buffer: other });
    const no = page.getByRole('heading', { name: words(look, '验证没有通过', 'It does not stand') });
    await no.waitFor();
    await isSound(page);
    const middle = Math.floor(word.length / 2);
    const letter = word[middle] === 'A' ? 'B' : 'A';
    await page.goto('about:blank');
    await page.goto(here(word.slice(0, middle) + letter + word.slice(middle + 1)));
    await no.waitFor();
  });

  test('the resident sees that their data were read, by whom and for what', async () => {
    const page = await sitAt(look, '340000', 'resident', '/me/accesses');
    await page.locator('tbody tr').first().waitFor();
    await page
      .getByText(words(look, '异地就医结算', 'care'), { exact: false })
      .first()
      .waitFor();
    await isSound(page);
  });
});
