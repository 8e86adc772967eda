import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { printed } from '../../node/testing/printed.ts';
import { isSound, nameOf } from '../testing/care.ts';
import { Counter } from '../testing/counter.ts';
import { looks, type Place } from '../testing/place.ts';
import { words } from '../testing/words.ts';

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

/**
 * A resident's care elsewhere from start to end, on a phone and at a desk: they file, a cashier settles by keyboard alone, they see why and
 * take a receipt along, and a stranger verifies it.
 */
export function care(place: Place): void {
  describe.each(looks.map((look) => [nameOf(look), look] as const))('%s', (_name, look) => {
    let pdf: Buffer = Buffer.alloc(0);

    test('a front page brings along what is its person’s own, and asks once for what is the same for all', async () => {
      const page = await place.sit(look, '340000', 'resident', '/home');
      const asked: string[] = [];
      page.on('request', (request) => {
        if (['fetch', 'other'].includes(request.resourceType())) asked.push(new URL(request.url()).pathname);
      });
      await page.goto(place.at(look, '340000', '/home'));
      await page.locator('.bill-row, .note').first().waitFor();
      await page.locator('main:not(:has([aria-busy=true]))').waitFor();
      expect(
        asked.filter((path) => /^\/(systems|me\/|medical-settlement\/[a-z]+$)/.test(path)).sort(),
      ).toEqual(['/systems', '/systems/medical-settlement']);
      await page.close();
    });

    test('a resident files in six taps at most', async () => {
      const page = await place.sit(look, '340000', 'resident', '/home');
      const finger = new Finger(page);
      await page.locator('.bill-row, .note').first().waitFor();
      await isSound(page);
      await page.goto(place.at(look, '340000', '/medical-settlement/file'));
      await page.getByRole('button', { name: words(look, '提交备案', 'File') }).click();
      expect(await page.locator('.fault').count()).toBe(2);
      await isSound(page);
      await finger.choose(words(look, '去哪里就医', 'Where you will be treated'), '310000');
      await finger.check(words(look, '转诊', 'Referral'));
      await finger.tap('button', words(look, '提交备案', 'File'));
      await page
        .getByRole('heading', { name: words(look, '备案已生效', 'Your filing is in force') })
        .waitFor();
      expect(finger.taps).toBeLessThanOrEqual(6);
      await isSound(page);
      await finger.tap('link', words(look, '回到首页', 'Back to the front page'));
      await page.getByText(words(look, '我的备案', 'My filings')).waitFor();
      await page.locator('.edge-good').first().waitFor();
    });

    test('a cashier checks, imports, settles and hands a receipt over without a mouse', async () => {
      const counter = await Counter.open(place, look);
      const { page } = counter;
      await counter.ask(place.region.resident('340000'));
      await page.getByText(words(look, '可以直接结算', 'Can be settled here')).waitFor();
      await counter.present();
      await counter.button('确认结算', 'Confirm').waitFor();
      const took = await page.locator('.counter-answer').first().textContent();
      expect(Number(/([0-9.]+) (?:秒|s)/.exec(took ?? '')?.[1])).toBeLessThan(5);
      await isSound(page);
      await counter.settle();
      const download = page.waitForEvent('download');
      await page.getByRole('link', { name: words(look, '下载凭证', 'Receipt, PDF') }).focus();
      await page.keyboard.press('Enter');
      expect((await download).suggestedFilename()).toMatch(/^yitong-bill-[0-9-]+\.pdf$/);
      await isSound(page);
    });

    test('the resident sees who paid what and why, and takes a receipt along', async () => {
      const page = await place.sit(look, '340000', 'resident', '/medical-settlement/bills');
      await page.locator('.bill-row').first().click();
      await page.getByRole('heading', { name: words(look, '怎么算出来的', 'How it was reckoned') }).waitFor();
      expect(await page.locator('.step').count()).toBeGreaterThan(1);
      expect(await page.locator('.sources code').count()).toBeGreaterThan(0);
      await isSound(page);
      // The way over both members: what came is proved by a signed batch, what went by a countersigned receipt.
      await page
        .getByText(words(look, '签名的回执为证', 'by a receipt that'))
        .first()
        .waitFor();
      expect(await page.locator('.way > li').count()).toBeGreaterThan(4);
      const steps = await page.locator('.step').count();
      await page.getByRole('button', { name: words(look, '长辈版', 'Larger text') }).click();
      expect(await page.locator('.step').count()).toBe(steps);
      expect(await targetsBelow(page, 60)).toEqual([]);
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
      const page = await place.page(look);
      const { code } = await printed(pdf);
      const here = (word: string) => place.at(look, '310000', `/verify#${word}`);
      const word = code.split('#')[1] ?? '';
      await page.goto(here(word));
      await page.getByRole('heading', { name: words(look, '验证通过', 'It stands') }).waitFor();
      await page
        .getByText(words(look, '安徽省', 'Anhui'))
        .first()
        .waitFor();
      expect(await page.locator('main').textContent()).not.toContain(place.region.resident('340000').person);
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
      const page = await place.sit(look, '340000', 'resident', '/me/accesses');
      await page.locator('tbody tr').first().waitFor();
      await page
        .getByText(words(look, '异地就医结算', 'care'), { exact: false })
        .first()
        .waitFor();
      await isSound(page);
    });
  });
}

/** Buttons and links that look like one whose height is below so many px: too small for a hand that shakes. */
function targetsBelow(page: Page, px: number): Promise<readonly string[]> {
  return page.evaluate(`[...document.querySelectorAll('main .button, main .tabs a')]
    .filter((one) => one.getBoundingClientRect().height < ${px})
    .map((one) => one.textContent)`);
}
