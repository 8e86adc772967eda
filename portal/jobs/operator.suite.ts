import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { Look } from '../testing/browser.ts';
import { isSound, nameOf } from '../testing/care.ts';
import { Counter } from '../testing/counter.ts';
import { looks, type Place } from '../testing/place.ts';
import { words } from '../testing/words.ts';

interface Hospital {
  readonly value: { readonly code: string };
}

/** A node's operator: is it well, what is held and why, who are the members, who read what. */
export function operator(place: Place): void {
  describe.each(looks.map((look) => [nameOf(look), look] as const))('an operator, %s', (_name, look) => {
    const berth = `BZ${String(looks.indexOf(look)).padStart(2, '0')}`;

    test('sees what is held and why, and lets it go on or end, with a reason', async () => {
      const master = await place.sit(look, '310000', 'mooring-harbour-master', '/mooring/moor');
      await moored(master, look, berth);
      await master.getByText(words(look, '等待工作人员处理', 'it waits for a person')).waitFor();
      await isSound(master);
      const page = await place.sit(look, '310000', 'operator', '/status', 'step-up');
      await page.getByRole('heading', { name: words(look, '项等待处理', 'waits for you') }).waitFor();
      await page.getByText('a stay at a berth that was never opened').waitFor();
      await isSound(page);
      const reason = page.getByLabel(words(look, '理由', 'Reason'));
      place.witness.expect(/status of 422/);
      await reason.fill('?');
      await page.getByRole('button', { name: words(look, '再次办理', 'Run again') }).click();
      await page.getByRole('alert').waitFor();
      await reason.fill(words(look, '泊位没有启用，请重新提交', 'the berth is not open: ask again'));
      await page.getByRole('button', { name: words(look, '不予办理', 'Refuse') }).click();
      await page.getByText(words(look, '没有等待处理的消息', 'No message waits')).waitFor();
      // Whoever sent it sees that as it comes, with no reload.
      await master.locator('main .edge-bad').waitFor();
      await isSound(master);
    });

    test('sees peers, streams and charts, keys and the directory’s signatures', async () => {
      const page = await place.sit(look, '310000', 'operator', '/status');
      await page
        .getByText(words(look, '安徽省', 'Anhui'))
        .first()
        .waitFor();
      await page.locator('.streams tbody tr').first().waitFor();
      await page.getByRole('link', { name: words(look, '成员与密钥', 'Members and keys') }).click();
      await page.locator('.mark-word.good').first().waitFor();
      await page
        .getByText(words(look, '现行', 'in force'), { exact: true })
        .first()
        .waitFor();
      await isSound(page);
      await page.getByRole('link', { name: words(look, '查阅审计', 'Audit of reads') }).click();
      await page.getByRole('heading', { name: words(look, '查阅审计', 'Audit of reads') }).waitFor();
      await isSound(page);
    });

    test('sees who read whose data, and never a citizen’s number whole', async () => {
      const desk = await Counter.open(place, look);
      await desk.ask(place.region.resident('340000'));
      const page = await place.sit(look, '340000', 'operator', '/status/reads');
      await page.locator('tbody tr', { hasText: '310000-medical-settlement-cashier' }).first().waitFor();
      expect(await page.locator('main').textContent()).not.toMatch(/\d{17}[\dX]/);
      await isSound(page);
    });

    test('looks evidence up by its number and sees the way of the message, and is told of a wrong one', async () => {
      place.witness.expect(/status of 404/);
      const { person, city } = place.region.resident('340000');
      const institutions = `${place.region.url('310000')}/medical-settlement/institution?owner=own&limit=1`;
      const { data } = (await (await fetch(institutions)).json()) as { readonly data: readonly Hospital[] };
      const hospital = data[0]?.value.code;
      const asked = { person, insuredPlace: city, hospital, visit: 'outpatient' };
      const at = { inquiry: `W-${look.language}`, day: '2026-03-02', emergency: false, disease: null };
      const input = { ...asked, ...at };
      const cashier = 'medical-settlement-cashier';
      const id = await place.given('310000', cashier, 'medical-settlement/check-eligibility', input);
      const page = await place.sit(look, '310000', 'operator', '/evidence');
      const box = page.getByLabel(words(look, '消息编号', 'Number of the message'));
      await box.fill('12');
      await box.press('Enter');
      await page.getByRole('alert').waitFor();
      await isSound(page);
      await box.fill('019aa0c0-0000-7000-8000-000000000001');
      await box.press('Enter');
      await page.getByText(words(look, '没有这条消息', 'There is no such message')).waitFor();
      await isSound(page);
      await page.goto(place.at(look, '310000', '/evidence'));
      await box.fill(id);
      await box.press('Enter');
      await page.getByRole('heading', { name: words(look, '办理经过', 'How it went') }).waitFor();
      await page
        .locator('.way')
        .getByText(words(look, '安徽', 'Anhui'))
        .first()
        .waitFor();
      await isSound(page);
    });
  });
}

async function moored(page: Page, look: Look, berth: string): Promise<void> {
  await page.getByLabel(words(look, '泊位编号', 'Number of the berth')).fill(berth);
  await page.getByLabel(words(look, '船名', 'Name of the boat')).fill('Anna');
  await page.getByLabel(words(look, '停泊费', 'Fee')).fill('1,280.50');
  await page.getByRole('button', { name: words(look, '安排停泊', 'Moor a boat') }).click();
}
