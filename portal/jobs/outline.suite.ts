import { describe, expect, test } from 'vitest';
import { isSound, nameOf } from '../testing/care.ts';
import { letGoLater } from '../testing/let-go-later.ts';
import { looks, type Place } from '../testing/place.ts';
import { words } from '../testing/words.ts';

interface Planned {
  readonly value: { readonly item: string; readonly name: string };
}

interface Part {
  readonly value: { readonly name: string; readonly nameEn: string };
}

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

    test('an owner with no record at hand chooses entry and milestone by their names, by keyboard alone', async () => {
      const url = place.region.url('340000');
      const ask = async <T>(path: string): Promise<T> => (await fetch(`${url}${path}`)).json() as T;
      const open = '/plan/milestone?owner=own&standing=on-course&sort=item&q=end';
      const { data } = await ask<{ readonly data: readonly Planned[] }>(open);
      const planned = data[0]?.value;
      const { value: entry } = await ask<Part>(`/plan/item/${planned?.item}`);
      const named = words(look, entry.name, entry.nameEn);

      const page = await place.sit(look, '340000', 'plan-planner', '/plan/reach-milestone');
      const keys = page.keyboard;
      const item = page.getByRole('combobox', { name: words(look, '事项', 'Entry') });
      const milestone = page.getByRole('combobox', { name: words(look, '里程碑', 'Milestone') });
      await page.getByText(words(look, '先填写“事项”', 'Enter “Entry” first')).waitFor();
      await item.focus();
      await keys.type(named.slice(2));
      await page.getByRole('option', { name: named }).first().waitFor();
      await keys.press('ArrowDown');
      await isSound(page);
      await keys.press('Enter');
      expect(await item.inputValue()).toBe(named);
      await page
        .locator('#f-item-told')
        .getByText(planned?.item ?? '', { exact: true })
        .waitFor();
      await keys.press('Tab');
      await keys.type('END');
      await expect.poll(() => page.getByRole('option').count()).toBe(1);
      await keys.press('ArrowUp');
      await keys.press('Enter');
      expect(await milestone.inputValue()).toBe(planned?.name);
      for (const part of ['2026', '03', '02']) {
        await keys.press('Tab');
        await keys.type(part);
      }
      // Found again after a reload, by its name.
      await page.getByText(words(look, '已保存', 'Saved at')).waitFor();
      await page.reload();
      await expect.poll(() => item.inputValue()).toBe(named);
      await milestone.focus();
      await isSound(page);
      await page.getByRole('button', { name: words(look, '里程碑达成', 'Milestone reached') }).press('Enter');
      await page.getByText(words(look, '已办结', 'done')).waitFor();

      // What no list offers is typed, and the node says what it thinks of it. A box that became one to choose from under the keys goes on with them.
      const held = await letGoLater(page, '**/assets/choice-*.js');
      await page.goto(place.at(look, '340000', '/plan/take-up'));
      await page.locator('#f-item').focus();
      await keys.type('no-entry');
      for (const _ of 'entry') await keys.press('ArrowLeft');
      expect(await page.getByRole('combobox').count()).toBe(0);
      held.letGo();
      await page.getByRole('combobox').waitFor();
      await keys.type('such-');
      expect(await page.getByRole('combobox').inputValue()).toBe('no-such-entry');
      await page.getByText(words(look, '没有找到', 'Nothing found')).waitFor();
      await page.getByLabel(words(look, '责任单位', 'Office')).fill('office');
      place.witness.expect(/status of 409/);
      await page.getByRole('button', { name: words(look, '任务分工', 'Take up an entry') }).click();
      await page
        .getByRole('alert')
        .getByText(words(look, '纲要中没有该编号的事项', 'has no entry of this id'))
        .first()
        .waitFor();
    });
  });
}
