import { describe, expect, test } from 'vitest';
import { isSound, nameOf } from '../testing/care.ts';
import { looks, type Place } from '../testing/place.ts';
import { words } from '../testing/words.ts';

/** The Outline's measures: anybody sees how far they are and what lags, an owner reports a milestone. */
export function outline(place: Place): void {
  describe.each(looks.map((look) => [nameOf(look), look] as const))('the Outline, %s', (_name, look) => {
    test('anybody sees on the map and in a list what lags, city by city', async () => {
      const page = await place.page(look);
      await page.goto(place.at(look, '310000', '/plan/progress'));
      await page.locator('.late-scroll tbody tr').first().waitFor();
      const all = await page.locator('.late-scroll tbody tr').count();
      await isSound(page);
      await page.getByRole('button', { name: words(look, '南京', 'Nanjing') }).click();
      await page
        .getByRole('button', { name: words(look, '显示全部', 'Show all') })
        .or(page.getByText(words(look, '没有落后的事项', 'Nothing lags')))
        .first()
        .waitFor();
      expect(await page.locator('.late-scroll tbody tr').count()).toBeLessThanOrEqual(all);
      await isSound(page);
      await page.getByRole('link', { name: words(look, '全部条目', 'All entries') }).click();
      await page.locator('tbody tr[data-index]').first().waitFor();
      await isSound(page);
    });

    test('an owner finds their late milestone, reports it, and it lags no more', async () => {
      const page = await place.sit(look, '340000', 'plan-planner', '/plan/milestone?standing=late&owner=own');
      const late = page.locator('tbody tr[data-index]');
      await late.first().waitFor();
      const before = await late.count();
      await late.first().getByRole('link').first().click();
      await page.getByRole('link', { name: words(look, '里程碑达成', 'Milestone reached') }).click();
      const today = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai' }).format(new Date());
      const [year = '', month = '', day = ''] = today.split('-');
      const on = page.getByRole('group', { name: words(look, '日期', 'Day') });
      await on.getByLabel(words(look, '年', 'year')).fill(year);
      await on.getByLabel(words(look, '月', 'month')).fill(month);
      await on.getByLabel(words(look, '日', 'day')).fill(day);
      await isSound(page);
      await page.getByRole('button', { name: words(look, '里程碑达成', 'Milestone reached') }).click();
      await page.getByText(words(look, '已办结', 'done')).waitFor();
      await page.goto(place.at(look, '340000', '/plan/milestone?standing=late&owner=own'));
      await expect.poll(() => late.count()).toBe(before - 1);
    });
  });
}
