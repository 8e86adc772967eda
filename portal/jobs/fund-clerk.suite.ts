import { describe, expect, test } from 'vitest';
import { printed, textsOf } from '../../node/testing/printed.ts';
import { isSound, nameOf } from '../testing/care.ts';
import { bytesOf } from '../testing/download.ts';
import { looks, type Place } from '../testing/place.ts';
import { words } from '../testing/words.ts';

/** A fund's clerk: from the month's sum to the bill to the proof, out as files, and beside the other side's books. */
export function fundClerk(place: Place): void {
  describe.each(looks.map((look) => [nameOf(look), look] as const))('a fund’s clerk, %s', (_name, look) => {
    test('goes from the month’s sum to a bill, to its message, to the proof of it', async () => {
      const page = await place.sit(look, '310000', 'accountant', '/home');
      const month = page.getByRole('link', { name: words(look, '安徽省', 'Anhui') });
      await month.waitFor();
      await isSound(page);
      await month.click();
      await page.locator('.bill-line').first().click();
      await page.locator('.trail-steps').waitFor();
      await isSound(page);
      await page
        .locator('.trail-steps')
        .getByRole('link', { name: words(look, '核验', 'Verify') })
        .first()
        .click();
      await page.getByText(words(look, '证据成立', 'The evidence stands')).waitFor();
      expect(await page.locator('.evidence-step').count()).toBeGreaterThan(5);
      expect(await page.locator('.evidence-step.is-failed').count()).toBe(0);
      // The message stands in what it belongs to: the way of its conversation, over both members.
      const way = page.locator('.way');
      await way
        .getByText(words(look, '上海', 'Shanghai'))
        .first()
        .waitFor();
      await way
        .getByText(words(look, '安徽', 'Anhui'))
        .first()
        .waitFor();
      await isSound(page);
    });

    test('who serves a person revokes a filing of theirs, chosen by what it says; their number is in no address, the look is on their page', async () => {
      const { person } = place.region.resident('340000');
      const clerk = 'medical-settlement-clerk';
      const filing = { person, kind: 'temporary', places: ['320000'], from: '2026-05-04', to: '2026-12-31' };
      await place.command('340000', clerk, 'medical-settlement/declare-filing', filing);
      const page = await place.sit(look, '340000', clerk, '/medical-settlement/revoke-filing');
      const asked: string[] = [];
      page.on('request', (request) => asked.push(request.url()));
      const box = page.getByRole('combobox', { name: words(look, '备案编号', 'Filing') });
      await page.getByText(words(look, '先填写“公民身份号码”', 'Enter “Citizen number” first')).waitFor();
      await page.getByLabel(words(look, '公民身份号码', 'Citizen number')).fill(person);
      await page.getByText(words(look, '查看会记在当事人的页面上', 'The look is noted')).waitFor();
      await box.click();
      const own = page.getByRole('option', { name: words(look, '江苏', 'Jiangsu') });
      await own.waitFor();
      await isSound(page);
      await box.fill(words(look, '江苏', 'jiangsu'));
      await expect.poll(() => page.getByRole('option').count()).toBe(1);
      await own.click();
      expect(await box.inputValue()).toContain(words(look, '江苏', 'Jiangsu'));
      await page.getByRole('button', { name: words(look, '撤销备案', 'Revoke a filing') }).click();
      await page.getByText(words(look, '已办结', 'done')).waitFor();
      expect(asked.filter((url) => url.includes(person))).toEqual([]);
      // One look, however much of the list was read and narrowed.
      expect(asked.filter((url) => url.includes('/medical-settlement/filing?'))).toHaveLength(1);
      // What is revoked is offered no more.
      await page.goto(place.at(look, '340000', '/medical-settlement/revoke-filing'));
      await page.getByLabel(words(look, '公民身份号码', 'Citizen number')).fill(person);
      await box.click();
      await page
        .getByRole('status')
        .getByText(words(look, '项', 'option'))
        .waitFor();
      expect(await own.count()).toBe(0);

      const them = await place.sit(look, '340000', 'resident', '/me/accesses');
      await them
        .locator('main tbody')
        .getByText(words(look, '异地就医备案', 'Filing of care elsewhere'))
        .first()
        .waitFor();
    });

    test('takes the month along as a workbook', async () => {
      const page = await place.sit(look, '310000', 'accountant', '/statement');
      const book = page.waitForEvent('download');
      await page.getByRole('link', { name: 'XLSX' }).click();
      const workbook = await book;
      expect(workbook.suggestedFilename()).toMatch(/^[\w-]+\.xlsx$/);
      expect((await bytesOf(workbook)).subarray(0, 2).toString('latin1')).toBe('PK');
    });

    test('takes the statement with one member along as a PDF, whose sums are the page’s and whose code anybody verifies', async () => {
      const page = await place.sit(look, '310000', 'accountant', '/statement');
      await page.getByRole('button', { name: words(look, '安徽省', 'Anhui') }).click();
      const cells = page.locator('.matrix tbody tr.chosen td');
      const sums = (await cells.allInnerTexts()).map((text) => text.trim());
      expect(sums[2]).toMatch(/^−?[\d,]+\.\d\d$/);
      const name = words(look, '与安徽省的对账单，PDF', 'Statement with Anhui, PDF');
      const paper = page.waitForEvent('download');
      await page.getByRole('link', { name }).click();
      const download = await paper;
      expect(download.suggestedFilename()).toMatch(/^statement-310000-340000-\d{4}-\d\d\.pdf$/);
      const pdf = await bytesOf(download);
      const text = (await textsOf(pdf)).join('\n');
      for (const sum of sums) expect(text).toContain(sum === '0' ? '0.00' : sum);
      const entries = [...text.matchAll(/[0-9a-f]{8}-[0-9a-f-]{27}[^\n]*?(−?[\d,]+\.\d\d)/g)];
      const fen = entries.reduce((all, [, amount = '']) => all + fenOf(amount), 0n);
      expect(entries.length).toBeGreaterThan(0);
      expect(fen).toBe(fenOf(sums[2] ?? ''));

      const stranger = await place.page(look);
      await stranger.goto(place.at(look, '340000', `/verify#${(await printed(pdf)).code.split('#')[1]}`));
      await stranger.getByRole('heading', { name: words(look, '验证通过', 'It stands') }).waitFor();
      const signed = await stranger.locator('main tbody td').allInnerTexts();
      expect(signed.map((one) => one.trim())).toEqual(sums.map((one) => (one === '0' ? '0.00' : one)));
      await isSound(stranger);
    });

    test('sees the months as a chart and as a table, and the books of both sides agree', async () => {
      const page = await place.sit(look, '310000', 'accountant', '/statement');
      await page.locator('.chart canvas').waitFor();
      await page.getByRole('button', { name: words(look, '表', 'Table'), exact: true }).click();
      await page.getByRole('columnheader', { name: words(look, '月份', 'Month') }).waitFor();
      await isSound(page);
      await page.getByRole('link', { name: words(look, '与对方核对', 'Compare with theirs') }).click();
      await page.getByText(words(look, '逐条一致', 'the same in both books')).waitFor();
      await isSound(page);
    });
  });
}

function fenOf(yuan: string): bigint {
  const fen = BigInt(yuan.replace(/[^\d]/g, ''));
  return yuan.startsWith('−') ? -fen : fen;
}
